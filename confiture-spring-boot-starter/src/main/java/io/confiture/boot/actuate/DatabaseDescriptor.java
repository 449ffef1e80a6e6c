package io.confiture.boot.actuate;

import io.confiture.migrate.AppliedMigration;
import io.confiture.migrate.Migration;
import io.confiture.migrate.MigrationInfo;
import io.confiture.migrate.MigrationStatus;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.SchemaOrigin;
import io.confiture.postgres.LockHolder;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Where a database stands.
 *
 * @param state {@code up_to_date}, {@code pending}, {@code problems}, {@code ahead}, {@code unreachable} or
 *     {@code unreadable}
 * @param ledger the schema-qualified table that says what is applied; null if the database cannot be read, as are the
 *     numbers
 * @param applied how many migrations are applied
 * @param pending how many wait to be applied
 * @param problems how many need somebody's attention
 * @param next the first of the pending ones, as {@code version_name}; null if there are none
 * @param attention the first of the problems; null if there are none
 * @param lastApplied the migration applied last, or null
 * @param builtFrom the schema that the database was built from, or null if its migrations were run
 * @param lockHolder who is migrating now, or null if nobody is
 * @param error why the database cannot be read, or null
 * @since 0.1.0
 */
public record DatabaseDescriptor(
        String state,
        @Nullable String ledger,
        @Nullable Integer applied,
        @Nullable Integer pending,
        @Nullable Long problems,
        @Nullable List<String> next,
        @Nullable List<Problem> attention,
        @Nullable Applied lastApplied,
        @Nullable Origin builtFrom,
        @Nullable Holder lockHolder,
        @Nullable String error)
        implements OperationResponseBody {

    /** How many migrations are named here; the section {@code migrations} has all. */
    private static final int NAMED = 10;

    /**
     * A migration that needs somebody's attention.
     *
     * @param detail what is wrong with it, or null
     */
    public record Problem(
            String state,
            String version,
            String name,
            @Nullable String detail) {
        private static Problem of(MigrationInfo info) {
            return new Problem(info.state().toString(), info.version(), info.name(), info.detail());
        }
    }

    /**
     * An applied migration.
     *
     * @param executionTimeMs null if the tool that applied it did not say
     */
    public record Applied(
            String version,
            String name,
            Instant appliedAt,
            @Nullable Integer executionTimeMs) {
        private static @Nullable Applied of(@Nullable AppliedMigration row) {
            return row == null ? null : new Applied(row.version(), row.name(), row.appliedAt(), row.executionTimeMs());
        }
    }

    /**
     * A schema that stood for the migrations when the database was empty.
     *
     * @param hash of its files
     * @param equivalence whether these and the migrations make the same: {@code proven} or {@code not_checked}
     */
    public record Origin(String hash, Instant at, String equivalence) {
        private static @Nullable Origin of(@Nullable SchemaOrigin origin) {
            return origin == null ? null : new Origin(origin.hash(), origin.at(), equivalence(origin));
        }

        static String equivalence(SchemaOrigin origin) {
            return origin.equivalenceProven() ? "proven" : "not_checked";
        }
    }

    /**
     * Who holds the migration lock, as far as the connected role may see it.
     *
     * @param pid the server's process
     */
    public record Holder(
            int pid,
            @Nullable String user,
            @Nullable String applicationName,
            @Nullable String clientAddress,
            @Nullable Instant connectedSince) {
        private static Holder of(LockHolder holder) {
            return new Holder(
                    holder.pid(),
                    holder.user(),
                    holder.applicationName(),
                    holder.clientAddress(),
                    holder.connectedSince());
        }
    }

    static DatabaseDescriptor read(String database, Migrator migrator) {
        try {
            MigrationStatus status = migrator.status();
            return new DatabaseDescriptor(
                    DatabaseState.of(status).toString(),
                    status.ledger(),
                    status.appliedCount(),
                    status.pendingCount(),
                    DatabaseState.problems(status),
                    first(status.pending().stream().map(Migration::id)),
                    first(DatabaseState.needingAttention(status).map(Problem::of)),
                    Applied.of(status.lastApplied()),
                    Origin.of(status.origin()),
                    migrator.lockHolder().map(Holder::of).orElse(null),
                    null);
        } catch (RuntimeException e) {
            ReadFailure failure = ReadFailure.of(database, e);
            return new DatabaseDescriptor(
                    failure.state().toString(), null, null, null, null, null, null, null, null, null, failure.error());
        }
    }

    private static <T> @Nullable List<T> first(Stream<T> all) {
        List<T> first = all.limit(NAMED).toList();
        return first.isEmpty() ? null : first;
    }
}
