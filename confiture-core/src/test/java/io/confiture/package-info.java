@NullMarked
package io.confiture;

import org.jspecify.annotations.NullMarked;
