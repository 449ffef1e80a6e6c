package io.confiture.build;

import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.Session;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The record of seed files that were loaded, beside the data: a row is committed with what its file has added. */
final class SeedHistory {
    static final String TABLE = "tb_confiture_seed";

    private final Session session;
    private final String table;
    private final Map<String, String> checksums = new HashMap<>();

    private SeedHistory(Session session, String table) {
        this.session = session;
        this.table = table;
    }

    /**
     * Reads the record, within the transaction that is open, and makes others who load seeds wait for its end.
     *
     * @param schema where the record is, or will be
     */
    static SeedHistory open(Session session, String schema) throws SQLException {
        SeedHistory history = new SeedHistory(session, Identifiers.qualified(schema, TABLE));
        session.execute("SELECT pg_catalog.pg_advisory_xact_lock(" + AdvisoryLock.key("confiture seeds") + ")");
        session.execute("CREATE TABLE IF NOT EXISTS " + history.table + " (file text PRIMARY KEY,"
                + " checksum varchar(64) NOT NULL, loaded_at timestamptz NOT NULL DEFAULT pg_catalog.now())");
        session.query(
                "SELECT file, checksum FROM " + history.table,
                rs -> history.checksums.put(rs.getString(1), rs.getString(2)));
        return history;
    }

    /** The checksum that a file was loaded with; null if it was not. */
    @Nullable
    String loaded(SchemaFile file) {
        return checksums.get(file.seedKey());
    }

    void record(SchemaFile file, String checksum) throws SQLException {
        session.update("INSERT INTO " + table + " (file, checksum) VALUES (?, ?)", file.seedKey(), checksum);
    }

    /** The SHA-256 of the text of a file, whatever its line ends are. */
    static String checksum(SchemaFile file) {
        try (InputStream text = file.open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 * 1024];
            for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw SchemaText.unreadable(file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
