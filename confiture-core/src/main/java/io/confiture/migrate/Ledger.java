package io.confiture.migrate;

import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table of what is applied, with the columns of the original Confiture, so that either tool can go on where the other
 * stopped. Always named with its schema: a migration may change the search path.
 */
record Ledger(String schema, String table) {
    private static final DateTimeFormatter SLUG_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

    private static final String BASELINE = "_baseline";
    private static final String BUILT = "_built";
    private static final Pattern BASELINE_MIGRATION = Pattern.compile("B\\d+(\\.\\d+)*__");

    /**
     * A row of a migration that Confiture has not run.
     *
     * @param appliedAt null for now, as the server has it
     */
    record NewRow(
            String slug,
            String version,
            String name,
            @Nullable String checksum,
            @Nullable Instant appliedAt,
            int millis) {

        /** @param appliedAt null for now */
        static NewRow baseline(LocalMigration file, Instant at, @Nullable Instant appliedAt) {
            return baseline(file, at, appliedAt, BASELINE);
        }

        /** Of a migration in whose place a whole schema was built. */
        static NewRow built(LocalMigration file, Instant at) {
            return baseline(file, at, null, BUILT + BASELINE);
        }

        private static NewRow baseline(LocalMigration file, Instant at, @Nullable Instant appliedAt, String ending) {
            Migration migration = file.migration();
            Checksum checksum = file.checksum();
            return new NewRow(
                    migration.id() + "_" + SLUG_TIME.format(at) + ending,
                    migration.version(),
                    migration.name(),
                    checksum == null ? null : checksum.normalized(),
                    appliedAt,
                    0);
        }

        static NewRow adopted(
                String id, String version, String name, @Nullable String checksum, Instant appliedAt, int millis) {
            return new NewRow(id + "_" + SLUG_TIME.format(appliedAt), version, name, checksum, appliedAt, millis);
        }

        AppliedMigration asApplied(long sequence) {
            return new AppliedMigration(
                    new UUID(0, sequence),
                    sequence,
                    slug,
                    version,
                    name,
                    Objects.requireNonNull(appliedAt),
                    millis,
                    checksum);
        }
    }

    /** The name as SQL. */
    String sqlName() {
        return Identifiers.qualified(schema, table);
    }

    /** The name for people. */
    String displayName() {
        return schema + "." + table;
    }

    /** What the migration lock is named after: the same for every role and search path. */
    long lockKey() {
        return AdvisoryLock.key("confiture:" + schema + "." + table);
    }

    void create(Session session) throws SQLException {
        session.execute("CREATE TABLE IF NOT EXISTS " + sqlName()
                + " (id uuid PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),"
                + " pk_confiture bigint GENERATED ALWAYS AS IDENTITY UNIQUE,"
                + " slug text NOT NULL UNIQUE,"
                + " version varchar(255) NOT NULL UNIQUE,"
                + " name varchar(255) NOT NULL,"
                + " applied_at timestamptz NOT NULL DEFAULT pg_catalog.now(),"
                + " execution_time_ms integer,"
                + " checksum varchar(64))");
    }

    List<AppliedMigration> read(Session session) throws SQLException {
        return session.query(
                "SELECT id::uuid, pk_confiture, slug, version, name, applied_at, execution_time_ms, checksum FROM "
                        + sqlName() + " ORDER BY pk_confiture",
                rs -> {
                    int millis = rs.getInt(7);
                    Integer executionTime = rs.wasNull() ? null : millis;
                    Timestamp appliedAt = rs.getTimestamp(6);
                    return new AppliedMigration(
                            rs.getObject(1, UUID.class),
                            rs.getLong(2),
                            rs.getString(3),
                            rs.getString(4),
                            rs.getString(5),
                            appliedAt.toInstant(),
                            executionTime,
                            rs.getString(8));
                });
    }

    /** Fails as {@link #insert} would, without a row and without drawing from the sequence of its numbers. */
    void checkInsert(Session session) throws SQLException {
        session.execute("INSERT INTO " + sqlName() + " (id, slug, version, name, execution_time_ms, checksum)"
                + " SELECT pg_catalog.gen_random_uuid(), '', '', '', 0, '' WHERE false");
    }

    /** Records a migration, provided that the lock is still held; false if it is not. */
    boolean insert(
            Session session,
            AdvisoryLock lock,
            Migration migration,
            @Nullable String checksum,
            long millis,
            Instant now)
            throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(migration.id() + "_" + SLUG_TIME.format(now));
        parameters.add(migration.version());
        parameters.add(migration.name());
        parameters.add((int) Math.min(millis, Integer.MAX_VALUE));
        parameters.add(checksum);
        parameters.addAll(lock.heldParameters());
        return session.updateAndReset(
                        "INSERT INTO " + sqlName()
                                + " (id, slug, version, name, execution_time_ms, checksum)"
                                + " SELECT pg_catalog.gen_random_uuid(), ?, ?, ?, ?, ? WHERE " + AdvisoryLock.HELD,
                        parameters.toArray())
                == 1;
    }

    /**
     * Records migrations that were not run, in their order, provided that the lock is still held; false if it is not. The
     * slug tells them apart from those that were.
     */
    boolean insertBaseline(Session session, AdvisoryLock lock, List<LocalMigration> migrations, Instant now)
            throws SQLException {
        return insertAll(
                session,
                lock,
                migrations.stream()
                        .map(file -> NewRow.baseline(file, now, null))
                        .toList());
    }

    /** Records many in one statement, in their order, provided that the lock is still held; false if it is not. */
    boolean insertAll(Session session, AdvisoryLock lock, List<NewRow> rows) throws SQLException {
        List<Object> parameters = new ArrayList<>();
        parameters.add(rows.stream().map(NewRow::slug).toArray(String[]::new));
        parameters.add(rows.stream().map(NewRow::version).toArray(String[]::new));
        parameters.add(rows.stream().map(NewRow::name).toArray(String[]::new));
        parameters.add(rows.stream()
                .map(NewRow::appliedAt)
                .map(at -> at == null ? null : at.toString())
                .toArray(String[]::new));
        parameters.add(rows.stream().map(row -> String.valueOf(row.millis())).toArray(String[]::new));
        parameters.add(rows.stream().map(NewRow::checksum).toArray(String[]::new));
        parameters.addAll(lock.heldParameters());
        return session.update(
                        "INSERT INTO " + sqlName()
                                + " (id, slug, version, name, applied_at, execution_time_ms, checksum)"
                                + " SELECT pg_catalog.gen_random_uuid(), r.slug, r.version, r.name,"
                                + " coalesce(r.applied_at::timestamptz, pg_catalog.now()), r.millis::integer, r.checksum"
                                + " FROM ROWS FROM (pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]),"
                                + " pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]),"
                                + " pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]))"
                                + " WITH ORDINALITY"
                                + " AS r (slug, version, name, applied_at, millis, checksum, ordinal)"
                                + " WHERE " + AdvisoryLock.HELD + " ORDER BY r.ordinal",
                        parameters.toArray())
                == rows.size();
    }

    /** Whether a row was written by a baseline, ours or the original's. */
    static boolean isBaseline(AppliedMigration row) {
        return row.slug().endsWith(BASELINE);
    }

    /** Whether a row was written when a whole schema was built. */
    static boolean isBuilt(AppliedMigration row) {
        return row.slug().endsWith(BUILT + BASELINE);
    }

    /** Whether a baseline migration was applied, which stands for all up to its version: the slug begins with its id. */
    static boolean isBaselineMigration(AppliedMigration row) {
        return BASELINE_MIGRATION.matcher(row.slug()).lookingAt();
    }

    /** Says what a migration's text is to be, provided that the lock is still held; false if it is not. */
    boolean setChecksum(Session session, AdvisoryLock lock, String version, String checksum) throws SQLException {
        List<Object> parameters = new ArrayList<>(List.of(checksum, version));
        parameters.addAll(lock.heldParameters());
        return session.update(
                        "UPDATE " + sqlName() + " SET checksum = ? WHERE version = ? AND " + AdvisoryLock.HELD,
                        parameters.toArray())
                == 1;
    }

    /** Removes a migration's row, provided that the lock is still held; false if it is not. */
    boolean delete(Session session, AdvisoryLock lock, String version) throws SQLException {
        List<Object> parameters = new ArrayList<>();
        parameters.add(version);
        parameters.addAll(lock.heldParameters());
        return session.updateAndReset(
                        "DELETE FROM " + sqlName() + " WHERE version = ? AND " + AdvisoryLock.HELD,
                        parameters.toArray())
                == 1;
    }
}
