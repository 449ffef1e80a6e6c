package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ListenerCycleException;
import io.confiture.error.ChecksumMismatchException;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.HookException;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.error.SchemaException;
import io.confiture.error.SqlScriptException;
import io.confiture.error.ValidationException;

/** The documented exit codes of a start that fails. */
final class ExitCodes {
    static final int OTHER = 1;
    static final int UNREACHABLE = 3;
    static final int MIGRATION_FAILED = 4;
    static final int INVALID_CONFIGURATION = 5;
    static final int LOCK_TIMEOUT = 6;
    static final int VALIDATION_FAILED = 7;

    private ExitCodes() {}

    static int of(ConfitureException failure) {
        return switch (failure.code()) {
            case CONNECTION_FAILED -> UNREACHABLE;
            case DUPLICATE_VERSION,
                    BAD_FILE_NAME,
                    TRANSACTION_CONTROL,
                    SCRIPT_SYNTAX,
                    UNKNOWN_DIRECTIVE,
                    REFUSED_SETTING,
                    MIGRATION_UNKNOWN,
                    CATALOG_TEXT_INVALID,
                    SCHEMA_STATEMENT_REFUSED,
                    NOT_IN_DOUBT,
                    BEYOND_DATABASE -> INVALID_CONFIGURATION;
            case OUT_OF_ORDER, MIGRATION_MISSING, CHECKSUM_MISMATCH, PARTIAL_CHANGED, PENDING_MIGRATIONS ->
                VALIDATION_FAILED;
            default -> ofType(failure);
        };
    }

    private static int ofType(ConfitureException failure) {
        if (failure instanceof DatabaseConnectionException) {
            return UNREACHABLE;
        }
        if (failure instanceof ConfigurationException || failure instanceof SqlScriptException) {
            return INVALID_CONFIGURATION;
        }
        if (failure instanceof LockTimeoutException) {
            return LOCK_TIMEOUT;
        }
        if (failure instanceof ValidationException || failure instanceof ChecksumMismatchException) {
            return VALIDATION_FAILED;
        }
        if (failure instanceof HookException && failure.getCause() instanceof ListenerCycleException) {
            return INVALID_CONFIGURATION;
        }
        if (failure instanceof MigrationException
                || failure instanceof SchemaException
                || failure instanceof HookException) {
            return MIGRATION_FAILED;
        }
        return OTHER;
    }
}
