@NullMarked
package io.confiture.boot.test;

import org.jspecify.annotations.NullMarked;
