/**
 * What happens when the starter is on the class path: which beans there are, which data source they use, what runs before
 * which other bean, and what is printed when a start fails.
 *
 * <p>Wiring only. Nothing in this package reads or writes a database by itself; that is done by the core, and reported by
 * {@code actuate}.
 */
@NullMarked
package io.confiture.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
