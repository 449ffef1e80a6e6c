/**
 * Fresh databases for tests: a JUnit extension for tests without Spring, and an annotation for tests with it. What may
 * enter: where a test's database comes from. Nothing here is used outside of tests.
 */
@NullMarked
package io.confiture.boot.test;

import org.jspecify.annotations.NullMarked;
