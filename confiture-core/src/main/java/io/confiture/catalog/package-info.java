/**
 * The schema as data: what a server's own catalogs say of tables, views, routines and everything else that a user creates,
 * read in one snapshot, compared and written down.
 */
@NullMarked
package io.confiture.catalog;

import org.jspecify.annotations.NullMarked;
