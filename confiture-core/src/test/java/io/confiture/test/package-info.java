/**
 * The test ground, shared with the other modules as a test-jar: one real PostgreSQL server per JVM and fresh databases on
 * it. A test that cannot get its server fails.
 */
@NullMarked
package io.confiture.test;

import org.jspecify.annotations.NullMarked;
