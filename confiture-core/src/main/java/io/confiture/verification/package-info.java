/**
 * Whether what is written down in two ways says the same, and whether a live database still is what it says: the schema
 * and the migrations, each made on a scratch database, compared by their catalogs. What may enter: questions that need
 * both {@code build} and {@code migrate}. Nothing here changes a database that it did not create, but for the record of
 * a proof, and for the start of an empty one when asked.
 */
@NullMarked
package io.confiture.verification;

import org.jspecify.annotations.NullMarked;
