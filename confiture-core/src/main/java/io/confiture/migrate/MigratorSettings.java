package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings of a migrator, checked. */
record MigratorSettings(
        @Nullable String schema,
        String table,
        Policy outOfOrder,
        Policy missing,
        Policy changed,
        Duration lockTimeout,
        Duration lockWait,
        int retries,
        @Nullable Duration statementTimeout,
        @Nullable String environment) {

    // NAMEDATALEN is 64, and the ledger's companion adds "_run".
    private static final int MAX_TABLE_NAME = 63 - "_run".length();

    MigratorSettings {
        notNegative("lock timeout", lockTimeout);
        notNegative("lock wait", lockWait);
        if (statementTimeout != null) {
            notNegative("statement timeout", statementTimeout);
        }
        if (retries < 0) {
            throw invalid("The number of retries must not be negative, but is " + retries);
        }
        name("ledger", table);
        if (table.length() > MAX_TABLE_NAME) {
            throw invalid("The name of the ledger has more than " + MAX_TABLE_NAME + " characters: " + table);
        }
        if (schema != null) {
            name("schema", schema);
        }
    }

    private static void notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw invalid("The " + what + " must not be negative, but is " + value);
        }
    }

    private static void name(String what, String name) {
        if (name.isBlank() || name.indexOf('\0') >= 0) {
            throw invalid("The name of the " + what + " is empty");
        }
    }

    private static ConfigurationException invalid(String message) {
        return new ConfigurationException(ErrorCode.INVALID_CONFIGURATION, message, null);
    }
}
