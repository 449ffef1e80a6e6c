/**
 * One PostgreSQL connection: its session settings, locks, COPY streams, error mapping, identifiers and the facts of the
 * server behind it.
 *
 * <p>Nothing here knows a migration or another medium's idea.
 */
@NullMarked
package io.confiture.postgres;

import org.jspecify.annotations.NullMarked;
