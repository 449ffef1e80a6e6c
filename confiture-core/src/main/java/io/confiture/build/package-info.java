/**
 * Medium 1: a fresh schema from its sources. What may enter: finding and ordering files, putting them together, their hash,
 * checks of their text, and running them on an empty database. Migrations are not known here.
 */
@NullMarked
package io.confiture.build;

import org.jspecify.annotations.NullMarked;
