/**
 * Confiture beside the tools users would pick instead: SQL calls as the server counts them, wall and CPU time.
 *
 * <p>Every tool runs in a JVM of its own, with a class path of its own; {@link io.confiture.benchmarks.Benchmarks}
 * starts them and writes the table.
 */
@NullMarked
package io.confiture.benchmarks;

import org.jspecify.annotations.NullMarked;
