/** Tests of the whole starter. */
@NullMarked
package io.confiture.boot;

import org.jspecify.annotations.NullMarked;
