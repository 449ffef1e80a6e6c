@NullMarked
package io.confiture.catalog;

import org.jspecify.annotations.NullMarked;
