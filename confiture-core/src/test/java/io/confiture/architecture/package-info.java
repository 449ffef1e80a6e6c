@NullMarked
package io.confiture.architecture;

import org.jspecify.annotations.NullMarked;
