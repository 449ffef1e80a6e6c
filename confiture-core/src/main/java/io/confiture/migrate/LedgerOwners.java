package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the migrators of one application apart: two of them that work on the same ledger would take the other's migrations
 * for missing ones, or apply them out of turn. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LedgerOwners {
    private final Map<Object, String> owners = new ConcurrentHashMap<>();

    /**
     * What a migrator says of itself.
     *
     * @param connection equal for migrators that are known to connect alike
     */
    record Owner(LedgerOwners all, String name, Object connection) {

        /** Before any connection is opened: the same connection and the same names. */
        void claim(@Nullable String schema, String table) {
            all.claim(List.of(connection, schema == null ? "" : schema, table), name, table);
        }

        /** Once the server has said which database it is: however one gets there. */
        void claim(History history) {
            all.claim(
                    List.of(history.facts().databaseId(), history.ledger()),
                    name,
                    history.ledger().displayName() + " of database "
                            + history.facts().database());
        }
    }

    private void claim(Object ledger, String name, String described) {
        String other = owners.putIfAbsent(ledger, name);
        if (other != null && !other.equals(name)) {
            throw new ConfigurationException(
                    ErrorCode.LEDGER_SHARED,
                    "The databases '" + other + "' and '" + name + "' of this application are the same one: both would"
                            + " keep the ledger " + described + ". Nothing was done for '" + name + "'",
                    "Remove one of them, or point it to another database; if both sets of migrations belong into this"
                            + " one, give each a ledger of its own (confiture.databases.<name>.migrate.table or"
                            + " .schema).");
        }
    }
}
