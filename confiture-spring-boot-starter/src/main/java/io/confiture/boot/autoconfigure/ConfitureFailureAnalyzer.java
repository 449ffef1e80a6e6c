package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ListenerCycleException;
import io.confiture.error.ChecksumMismatchException;
import io.confiture.error.CommittedMigration;
import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.HookException;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Says what made the start fail, in which state that leaves the database, and what to do next.
 *
 * <p>One analyzer for all failures of Confiture, before Spring Boot's own: those would report a part of the cause, such as
 * the bean cycle behind a listener, without the rest.
 */
@Order(0)
final class ConfitureFailureAnalyzer extends AbstractFailureAnalyzer<ConfitureException> {
    private static final String DETAILS = "Every code is explained in docs/troubleshooting.md.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConfitureException cause) {
        ListenerCycleException cycle = findCause(cause, ListenerCycleException.class);
        ConfitureException failure = cycle == null ? cause : cycle;
        return new FailureAnalysis(description(failure), action(failure), failure);
    }

    private static String description(ConfitureException failure) {
        List<String> parts = new ArrayList<>();
        parts.add(headline(failure) + "\n\n" + indented(message(failure)));
        if (failure instanceof MigrationException migration) {
            addPlace(migration, parts);
        }
        addCommitted(failure, parts);
        addOthers(failure, parts);
        return String.join("\n\n", parts);
    }

    private static String headline(ConfitureException failure) {
        if (failure instanceof ListenerCycleException) {
            return "A listener and the migrations wait for each other:";
        }
        if (failure instanceof DatabaseConnectionException) {
            return "The database to migrate cannot be reached:";
        }
        if (failure instanceof ChecksumMismatchException) {
            return "A migration that is applied has been changed since:";
        }
        if (failure instanceof LockTimeoutException) {
            return failure.code() == ErrorCode.LOCK_TIMEOUT
                    ? "Another instance is still migrating this database:"
                    : "A migration did not get a lock that other sessions hold:";
        }
        if (failure instanceof HookException) {
            return "A hook of this application stopped the migrations:";
        }
        return switch (failure.code()) {
            case LISTENER_CYCLE -> "A bean and the migrations wait for each other:";
            case LEDGER_SHARED -> "Two databases of this application are one:";
            case INVALID_CONFIGURATION -> "A setting of the migrations cannot work:";
            case FOREIGN_HISTORY -> "Another tool has migrated this database:";
            case ADOPTION_BLOCKED -> "The history of another tool cannot be taken over as it is:";
            case LOCATION_MISSING -> "The migrations cannot be found:";
            case LEDGER_AMBIGUOUS -> "The record of what is applied is where this application does not look:";
            case LEDGER_UNKNOWN_SHAPE -> "The table that is to record what is applied is another one:";
            case LOCK_CONNECTION_UNKNOWN -> "The migrations need a connection past the pooler:";
            case MIGRATION_UNKNOWN -> "There is no such migration:";
            case DUPLICATE_VERSION -> "Two migrations have the same version:";
            case BAD_FILE_NAME -> "A migration's file has a name that cannot be understood:";
            case TRANSACTION_CONTROL, SCRIPT_SYNTAX, UNKNOWN_DIRECTIVE, REFUSED_SETTING, PLACEHOLDER ->
                "A migration's script cannot be run as it is written:";
            case STATEMENT_FAILED -> "A migration failed:";
            case SCHEMA_INVALID,
                    SCHEMA_STATEMENT_FAILED,
                    SCHEMA_STATEMENT_REFUSED,
                    SCHEMA_TOO_LARGE,
                    SCHEMA_STILL_USED,
                    INITIAL_BUILD_FAILED -> "The schema cannot be built from its files:";
            case TEMPLATE_FAILED -> "A template database cannot be made or cloned:";
            case SEED_FAILED -> "The data that the schema begins with cannot be loaded:";
            case CATALOG_UNREADABLE -> "The catalog of the database cannot be read:";
            case CATALOG_TEXT_INVALID -> "The catalog that the database is to be compared with cannot be read:";
            case IN_DOUBT -> "Somebody has to say whether a statement took effect:";
            case NOT_IN_DOUBT -> "A repair decides what nobody has to decide:";
            case BEYOND_DATABASE -> "A migration would change the server around a scratch database:";
            case VERIFICATION_FAILED -> "What a migration made is not what its verify file asks for:";
            case PROTECTED_DATABASE -> "The database is protected:";
            case PARTIAL_CHANGED -> "A migration that is applied in part has been changed since:";
            case PARTIALLY_APPLIED, PARTIALLY_ROLLED_BACK ->
                "A migration was interrupted and has to be finished first:";
            case READ_ONLY_SERVER -> "The database to migrate can only be read:";
            case INSUFFICIENT_PRIVILEGE -> "The role that migrates lacks a privilege:";
            case CANCELLED -> "The migrations were cancelled:";
            case LOCK_LOST -> "The migration lock was lost:";
            case NOT_APPLIED, IRREVERSIBLE, NOT_NEWEST -> "A migration cannot be rolled back:";
            case PENDING_MIGRATIONS, VALIDATION_FAILED, OUT_OF_ORDER, MIGRATION_MISSING ->
                "The database is not where this application needs it:";
            default -> "The database could not be migrated:";
        };
    }

    /** What is known of the place and not in the message already, as it is where a statement failed. */
    private static void addPlace(MigrationException failure, List<String> parts) {
        List<String> lines = new ArrayList<>();
        addLine(lines, failure, "Migration", failure.migration());
        addLine(lines, failure, "Place", place(failure));
        addLine(lines, failure, "SQLSTATE", failure.sqlState());
        addLine(lines, failure, "Statement", failure.sql());
        if (!lines.isEmpty()) {
            parts.add(String.join("\n", lines));
        }
    }

    private static void addLine(List<String> lines, ConfitureException failure, String what, @Nullable String value) {
        if (value != null
                && !message(failure).contains(value.lines().findFirst().orElse(""))) {
            // Aligned under the first line of a statement that has several.
            lines.add(String.format("    %-10s %s", what + ":", value.strip().replace("\n", "\n" + " ".repeat(15))));
        }
    }

    private static @Nullable String place(MigrationException failure) {
        if (failure.file() == null || failure.line() == null) {
            return failure.file();
        }
        return failure.file() + ":" + failure.line() + (failure.column() == null ? "" : ":" + failure.column());
    }

    private static void addCommitted(ConfitureException failure, List<String> parts) {
        if (!failure.committed().isEmpty()) {
            parts.add("Already done by this start, and kept:\n\n    "
                    + failure.committed().stream()
                            .map(ConfitureFailureAnalyzer::line)
                            .collect(Collectors.joining("\n    ")));
        }
    }

    /** The core finds everything that is wrong before it stops, and hands the rest on beside the first. */
    private static void addOthers(ConfitureException failure, List<String> parts) {
        for (Throwable other : failure.getSuppressed()) {
            if (other instanceof ConfitureException also) {
                parts.add("And:\n\n" + indented(message(also)));
            }
        }
    }

    private static String line(CommittedMigration migration) {
        return migration.version() + "_" + migration.name() + " " + migration.action();
    }

    private static String action(ConfitureException failure) {
        String hint = failure.hint();
        String action = hint == null ? "See the description above." : hint;
        if (failure instanceof DatabaseConnectionException) {
            action += "\n\nWhich database that is comes from confiture.url, else from the DataSource of the"
                    + " application (spring.datasource.*).";
        }
        return action + "\n\n" + DETAILS;
    }

    /** The message without its hint, which is printed as the action. */
    private static String message(ConfitureException failure) {
        String message = String.valueOf(failure.getMessage());
        int hint = failure.hint() == null ? -1 : message.indexOf(System.lineSeparator() + "  Hint: ");
        return hint < 0 ? message : message.substring(0, hint);
    }

    private static String indented(String text) {
        return "    " + text.replace("\n", "\n    ");
    }
}
