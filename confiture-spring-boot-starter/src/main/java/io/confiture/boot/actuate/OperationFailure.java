package io.confiture.boot.actuate;

import io.confiture.build.SeedException;
import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A failed operation as it may be shown: with code, place and hint, without URLs, failed statements and rows. */
final class OperationFailure {
    private static final Logger log = LoggerFactory.getLogger(OperationFailure.class);

    private OperationFailure() {}

    static OperationDescriptor.Failed of(String database, String operation, Throwable failure) {
        log.warn("Operation {} on database '{}', asked for by the endpoint, failed", operation, database, failure);
        if (!(failure instanceof ConfitureException known)) {
            return new OperationDescriptor.Failed(
                    false,
                    500,
                    null,
                    "Unexpected " + failure.getClass().getSimpleName() + "; the log of the application has the details",
                    null,
                    List.of());
        }
        return new OperationDescriptor.Failed(
                false,
                status(known.code()),
                known.code().code(),
                text(known),
                known.hint() == null ? null : ReadFailure.withoutUrls(known.hint()),
                known.committed().stream()
                        .map(OperationDescriptor.Failed.Committed::of)
                        .toList());
    }

    /** 409 is what the state of the database forbids, 503 what may pass by itself. */
    private static int status(ErrorCode code) {
        return switch (code) {
            case MIGRATION_UNKNOWN -> 400;
            case CONNECTION_FAILED, CANCELLED, LOCK_LOST -> 503;
            case ALREADY_APPLIED,
                    NOT_APPLIED,
                    OUT_OF_ORDER,
                    MIGRATION_MISSING,
                    CHECKSUM_MISMATCH,
                    PARTIAL_CHANGED,
                    IN_DOUBT,
                    NOT_IN_DOUBT,
                    READ_ONLY_SERVER,
                    PARTIALLY_ROLLED_BACK,
                    PARTIALLY_APPLIED,
                    IRREVERSIBLE,
                    NOT_NEWEST,
                    LOCK_TIMEOUT,
                    STATEMENT_LOCK_TIMEOUT -> 409;
            default -> 500;
        };
    }

    private static String text(ConfitureException failure) {
        // The first line of a seed that fails names what stood in a row.
        if (failure instanceof DatabaseConnectionException || failure instanceof SeedException) {
            return failure.code() + "; the log of the application has the details";
        }
        String message = ReadFailure.withoutHint(failure);
        return ReadFailure.withoutUrls(ReadFailure.quotes(failure) ? withoutSql(message) : message);
    }

    /** The server's own words and the state of the database, without the statement and the row it stumbled over. */
    private static String withoutSql(String message) {
        List<String> shown = new ArrayList<>();
        boolean hidden = false;
        for (String line : message.lines().toList()) {
            if (line.startsWith("  Detail: ") || line.startsWith("  Statement: ")) {
                hidden = true;
            } else if (line.startsWith("  State: ")) {
                hidden = false;
            }
            if (!hidden) {
                shown.add(line.strip());
            }
        }
        return String.join(" ", shown);
    }
}
