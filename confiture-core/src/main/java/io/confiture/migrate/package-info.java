/**
 * Medium 2: ordered migrations, applied once whatever number of instances start together, and rolled back.
 *
 * <p>{@link io.confiture.migrate.Migrator} is the way in; beside it only the data it takes and gives is public. Discovery
 * of files, the ledger, planning, execution and recovery are package-private.
 */
@NullMarked
package io.confiture.migrate;

import org.jspecify.annotations.NullMarked;
