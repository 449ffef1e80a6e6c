/**
 * How long runs, migrations, hooks and the migration lock take, for those who measure: observations and meters of
 * Micrometer where the application has it, and a warning about slow hooks in any case.
 *
 * <p>Values of low-cardinality keys are few and fit to be shown to anybody: no SQL, no URLs, no credentials.
 */
@NullMarked
package io.confiture.boot.observation;

import org.jspecify.annotations.NullMarked;
