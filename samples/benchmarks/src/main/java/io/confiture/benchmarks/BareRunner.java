package io.confiture.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The least that a tool does: reads and hashes every file, and runs the statements of a new one in one transaction with a
 * row that says so. No lock, no checks, no settings; statements end at a semicolon that ends a line.
 */
final class BareRunner implements Runner {
    @Override
    public void run(DataSource dataSource, Path folder) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            Map<String, String> applied = applied(statement);
            connection.setAutoCommit(false);
            for (Path file : files(folder)) {
                byte[] bytes = Files.readAllBytes(file);
                String checksum = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
                String name = file.getFileName().toString();
                String before = applied.get(name);
                if (before == null) {
                    apply(connection, statement, name, new String(bytes, StandardCharsets.UTF_8), checksum);
                } else if (!before.equals(checksum)) {
                    throw new IllegalStateException(name + " has changed");
                }
            }
            connection.setAutoCommit(true);
        }
    }

    private static Map<String, String> applied(Statement statement) throws SQLException {
        Map<String, String> applied = new HashMap<>();
        statement.execute(
                "CREATE TABLE IF NOT EXISTS bare_ledger (name text PRIMARY KEY, checksum text, applied_at timestamptz)");
        try (ResultSet rows = statement.executeQuery("SELECT name, checksum FROM bare_ledger")) {
            while (rows.next()) {
                applied.put(rows.getString(1), rows.getString(2));
            }
        }
        return applied;
    }

    private static void apply(Connection connection, Statement statement, String name, String script, String checksum)
            throws SQLException {
        for (String sql : script.split(";\n")) {
            statement.execute(sql);
        }
        try (PreparedStatement row = connection.prepareStatement("INSERT INTO bare_ledger VALUES (?, ?, now())")) {
            row.setString(1, name);
            row.setString(2, checksum);
            row.execute();
        }
        connection.commit();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
