/**
 * SQL scripts as text: split into statements that know their place, classified by their tokens, with their header
 * directives and COPY blocks.
 *
 * <p>No JDBC here, and no meaning that only a server knows: text is split, classified by its leading tokens, and
 * positioned.
 */
@NullMarked
package io.confiture.sql;

import org.jspecify.annotations.NullMarked;
