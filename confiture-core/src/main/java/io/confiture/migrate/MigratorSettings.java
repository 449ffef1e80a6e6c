package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.LedgerOwners.Owner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings of a migrator, checked. */
record MigratorSettings(
        @Nullable String schema,
        String table,
        boolean createSchema,
        Policy outOfOrder,
        Policy missing,
        Policy changed,
        Duration lockTimeout,
        Duration lockWait,
        int retries,
        @Nullable Duration statementTimeout,
        @Nullable String database,
        @Nullable String environment,
        @Nullable String role,
        int connectRetries,
        @Nullable Owner owner,
        Labels labels,
        boolean protectedDatabase,
        Adoption adopt,
        String flywayTable) {

    // NAMEDATALEN is 64, and the ledger's companion adds "_run".
    private static final int MAX_NAME = 63;
    private static final Duration LONGEST_WAIT = Duration.ofDays(365);

    MigratorSettings {
        lockTimeout = serverTimeout("lock timeout", lockTimeout);
        notNegative("lock wait", lockWait);
        // Nobody waits longer, and it still counts in nanoseconds.
        lockWait = lockWait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : lockWait;
        if (statementTimeout != null) {
            statementTimeout = serverTimeout("statement timeout", statementTimeout);
        }
        if (retries < 0) {
            throw invalid("The number of retries must not be negative, but is " + retries);
        }
        if (connectRetries < 0) {
            throw invalid("The number of connect retries must not be negative, but is " + connectRetries);
        }
        if (role != null) {
            name("role", role, MAX_NAME);
            if (role.equals("none")) {
                throw invalid("No role can be called none: to the server that stands for no role at all");
            }
        }
        name("history table of Flyway", ForeignHistory.bareName(flywayTable), MAX_NAME);
        name("ledger", table, MAX_NAME - "_run".length());
        if (schema != null) {
            name("schema", schema, MAX_NAME);
        }
    }

    /**
     * For a database that is made for the purpose and holds nothing: nobody else keeps a ledger there, and where its schema
     * is missing it is made.
     */
    MigratorSettings onScratch() {
        return new MigratorSettings(
                schema,
                table,
                true,
                outOfOrder,
                missing,
                changed,
                lockTimeout,
                lockWait,
                retries,
                statementTimeout,
                database,
                environment,
                role,
                connectRetries,
                null,
                labels,
                false,
                Adoption.NONE,
                flywayTable);
    }

    /** As the server counts: in whole milliseconds, where 0 stands for no limit, in an int. */
    private static Duration serverTimeout(String what, Duration value) {
        notNegative(what, value);
        if (value.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            throw invalid("The " + what + " must be at most 24 days (0 for no limit), but is " + value);
        }
        return value.isZero() ? value : Duration.ofMillis(Math.max(1, value.toMillis()));
    }

    private static void notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw invalid("The " + what + " must not be negative, but is " + value);
        }
    }

    private static void name(String what, String name, int maxBytes) {
        if (name.isBlank() || name.indexOf('\0') >= 0) {
            throw invalid("The name of the " + what + " is empty or holds NUL");
        }
        // The server would cut it without an error, and the ledger would never be found again.
        if (name.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw invalid("The name of the " + what + " is longer than " + maxBytes + " bytes: " + name);
        }
    }

    private static ConfigurationException invalid(String message) {
        return new ConfigurationException(ErrorCode.INVALID_CONFIGURATION, message, null);
    }
}
