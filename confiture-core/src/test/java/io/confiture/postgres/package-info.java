@NullMarked
package io.confiture.postgres;

import org.jspecify.annotations.NullMarked;
