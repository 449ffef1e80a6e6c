/** The sample as a user sees it, and the proof that what the documentation shows is what happens. */
@NullMarked
package io.confiture.samples.quickstart;

import org.jspecify.annotations.NullMarked;
