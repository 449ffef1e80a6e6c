/** The way in for a project in a folder: {@link io.confiture.Confiture}, and nothing else. */
@NullMarked
package io.confiture;

import org.jspecify.annotations.NullMarked;
