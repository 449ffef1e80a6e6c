package io.confiture.build;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a schema is run on a database. Immutable.
 *
 * @param seeds whether seed files are run behind the schema
 * @param transaction what is committed together
 * @param dropExisting schemas whose objects are dropped first; empty to drop nothing
 * @param confirmedDatabase the name of the database, which confirms that a protected one may lose what is in these schemas;
 *     null for no confirmation
 * @since 0.1.0
 */
public record ExecuteOptions(
        boolean seeds,
        TransactionMode transaction,
        List<String> dropExisting,
        @Nullable String confirmedDatabase) {

    public ExecuteOptions {
        Objects.requireNonNull(transaction, "transaction");
        dropExisting = List.copyOf(dropExisting);
    }

    /** With seeds, in one transaction, dropping nothing. */
    public static ExecuteOptions defaults() {
        return new ExecuteOptions(true, TransactionMode.SINGLE, List.of(), null);
    }

    public ExecuteOptions withSeeds(boolean value) {
        return new ExecuteOptions(value, transaction, dropExisting, confirmedDatabase);
    }

    public ExecuteOptions withTransaction(TransactionMode mode) {
        return new ExecuteOptions(seeds, mode, dropExisting, confirmedDatabase);
    }

    /** Drops what lives in these schemas before anything is created. */
    public ExecuteOptions withDropExisting(String... schemas) {
        return new ExecuteOptions(seeds, transaction, List.of(schemas), confirmedDatabase);
    }

    /** Says which database is meant, so that a protected one may be emptied. */
    public ExecuteOptions withConfirmedDatabase(String name) {
        return new ExecuteOptions(seeds, transaction, dropExisting, name);
    }
}
