package io.confiture.migrate;

import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of Flyway's history.
 *
 * @param version null for a repeatable migration
 * @param type such as {@code SQL}, {@code JDBC}, {@code BASELINE} or {@code DELETE}
 * @param script the file within its location, or the class
 * @param checksum CRC-32 as Flyway counts it; null for what has none
 * @param installedOn as Flyway wrote it, without a time zone: read as one of this session
 */
record FlywayRow(
        @Nullable String version,
        String description,
        String type,
        String script,
        @Nullable Integer checksum,
        Instant installedOn,
        int millis,
        boolean success) {

    /** In the order in which they were written. */
    static List<FlywayRow> read(Session session, ForeignHistory history) throws SQLException {
        return session.query(
                "SELECT version, coalesce(description, ''), type, coalesce(script, ''), checksum,"
                        + " coalesce(installed_on::timestamptz, pg_catalog.now()), coalesce(execution_time, 0), success"
                        + " FROM " + history.sqlName() + " ORDER BY installed_rank",
                rs -> {
                    int crc = rs.getInt(5);
                    Integer checksum = rs.wasNull() ? null : crc;
                    return new FlywayRow(
                            rs.getString(1),
                            rs.getString(2),
                            rs.getString(3),
                            rs.getString(4),
                            checksum,
                            rs.getTimestamp(6).toInstant(),
                            rs.getInt(7),
                            rs.getBoolean(8));
                });
    }

    /** Whether it stands for all migrations up to its version, as the script of a {@code B} file does. */
    boolean baselineMigration() {
        return type.endsWith("_BASELINE");
    }

    boolean sql() {
        return type.equals("SQL") || type.equals("SQL_BASELINE");
    }

    boolean undo() {
        return type.startsWith("UNDO");
    }

    /** How Flyway calls it: its script, which for a baseline is not the name of a file. */
    String source() {
        return type.equals("BASELINE") || type.equals("SCHEMA") || type.equals("DELETE")
                ? type + (version == null ? " " + description : " " + version)
                : script;
    }

    /** The description as the name of a migration. */
    String name() {
        return description.isBlank() ? "unnamed" : description.replace(' ', '_');
    }
}
