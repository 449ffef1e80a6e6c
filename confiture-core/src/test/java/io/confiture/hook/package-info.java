@NullMarked
package io.confiture.hook;

import org.jspecify.annotations.NullMarked;
