package io.confiture.build;

import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** Sources that are texts, and what a server makes of them. */
final class SchemaSources {
    /** Everything a foreign key may change. */
    private static final String FACTS = """
            SELECT c.conrelid::regclass || ' ' || conname || ' ' || contype::text || ' ' || convalidated || condeferrable
                   || condeferred || conislocal || coninhcount || ' ' || pg_get_constraintdef(c.oid) || ' '
                   || coalesce((SELECT p.conrelid::regclass || '.' || p.conname FROM pg_constraint p
                                WHERE p.oid = c.conparentid), '') || ' ' || coalesce(obj_description(c.oid), '')
            FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
            WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
            UNION ALL
            SELECT r.oid::regclass || ' ' || r.relkind::text || r.relpersistence::text || ' ' || coalesce(string_agg(
                   attname || ' ' || format_type(atttypid, atttypmod) || attnotnull
                   || coalesce(pg_get_expr(adbin, adrelid), ''), ', ' ORDER BY attnum), '')
            FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
            LEFT JOIN pg_attribute a ON attrelid = r.oid AND attnum > 0 AND NOT attisdropped
            LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
            WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND relkind IN ('r', 'p', 'v', 'i')
            GROUP BY r.oid
            ORDER BY 1""";

    private SchemaSources() {}

    static SchemaFile file(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new SchemaFile(name, "db/schema/" + name, false, () -> new ByteArrayInputStream(bytes));
    }

    /** Files {@code 1.sql}, {@code 2.sql} and so on. */
    static List<SchemaFile> files(String... texts) {
        List<SchemaFile> files = new ArrayList<>();
        for (String text : texts) {
            files.add(file(files.size() + 1 + ".sql", text));
        }
        return files;
    }

    static String text(SchemaFile file) {
        try (InputStream in = file.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(List<SchemaFile> files) {
        StringBuilder all = new StringBuilder();
        files.forEach(file -> all.append(text(file)).append("\n"));
        return all.toString();
    }

    /** The catalog that sources build, in a transaction that is rolled back. */
    static List<String> catalog(Connection connection, List<SchemaFile> files) throws SQLException {
        connection.setAutoCommit(false);
        try {
            run(connection, files);
            List<String> facts = new ArrayList<>();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET search_path = pg_catalog");
                try (ResultSet rows = statement.executeQuery(FACTS)) {
                    while (rows.next()) {
                        facts.add(rows.getString(1));
                    }
                }
            }
            return facts;
        } finally {
            connection.rollback();
        }
    }

    static void run(Connection connection, List<SchemaFile> files) throws SQLException {
        for (SchemaFile file : files) {
            try (ScriptReader reader = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE);
                    Statement jdbc = connection.createStatement()) {
                jdbc.setEscapeProcessing(false);
                for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                    if (statement.copiesIn()) {
                        new CopyManager(connection.unwrap(BaseConnection.class))
                                .copyIn(statement.text(), reader.copyData());
                    } else {
                        execute(jdbc, statement);
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void execute(Statement jdbc, SqlStatement statement) throws SQLException {
        try {
            jdbc.execute(statement.text());
        } catch (SQLException e) {
            throw new SQLException(statement + ": " + e.getMessage(), e.getSQLState(), e);
        }
    }
}
