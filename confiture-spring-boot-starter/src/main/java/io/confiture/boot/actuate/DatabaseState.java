package io.confiture.boot.actuate;

import io.confiture.migrate.MigrationInfo;
import io.confiture.migrate.MigrationState;
import io.confiture.migrate.MigrationStatus;
import java.util.Locale;
import java.util.stream.Stream;

/** Where a database stands, in a word. */
enum DatabaseState {
    /** Nothing is pending and nothing is wrong. */
    UP_TO_DATE,
    /** Migrations wait to be applied. */
    PENDING,
    /** Ledger and files contradict each other, or a migration is not finished. */
    PROBLEMS,
    /** A newer build has migrated it further than this one knows; normal while versions are exchanged. */
    AHEAD,
    /** There is no connection to it. */
    UNREACHABLE,
    /** It can be reached, but ledger or files cannot be read. */
    UNREADABLE;

    static DatabaseState of(MigrationStatus status) {
        if (problems(status) > 0) {
            return PROBLEMS;
        }
        if (status.pendingCount() > 0) {
            return PENDING;
        }
        return status.problems().isEmpty() ? UP_TO_DATE : AHEAD;
    }

    /** Migrations that need somebody's attention. One that only a newer build knows does not. */
    static Stream<MigrationInfo> needingAttention(MigrationStatus status) {
        return status.problems().stream().filter(migration -> migration.state() != MigrationState.FUTURE);
    }

    /** How many those are. */
    static long problems(MigrationStatus status) {
        return needingAttention(status).count();
    }

    /** The printed form, such as {@code up_to_date}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
