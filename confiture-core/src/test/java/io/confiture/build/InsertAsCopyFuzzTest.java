package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.config.Config;
import io.confiture.error.ConfitureException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Session;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.test.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seed files made by chance leave the same rows, a serial number of their order included, whether their statements are run
 * one by one or loaded; a file that fails in one way fails in the other.
 */
@Tag("conformance")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InsertAsCopyFuzzTest {
    private static final int SEEDS = 120;

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path temp;

    private long rows;
    private long copied;
    private int refused;
    private int filesWithCopies;

    @Test
    void whatIsLoadedIsWhatTheStatementsWouldLeave() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomInserts made = new RandomInserts(new Random(seed));
            String ddl = made.table();
            // Sources have their line ends read as line feeds, in literals as well.
            String script = made.script().replace("\r\n", "\n");
            prepare("written", ddl);
            prepare("loaded", ddl);
            String failure = runAsWritten(script);
            String otherFailure = load(script);
            assertThat(otherFailure == null)
                    .as("seed %d: %s%nas written: %s%nloaded: %s", seed, ddl, failure, otherFailure)
                    .isEqualTo(failure == null);
            List<String> written = contents("written");
            List<String> others = contents("loaded");
            for (int i = 0; i < Math.min(written.size(), others.size()); i++) {
                assertThat(others.get(i))
                        .as("seed %d, row %d: %s", seed, i, ddl)
                        .isEqualTo(written.get(i));
            }
            assertThat(others).as("seed %d: %s", seed, ddl).hasSameSizeAs(written);
            rows += written.size();
            refused += failure == null ? 0 : 1;
        }
        System.out.printf(
                Locale.ROOT,
                "INSERT as COPY: %d files, %d of them refused in both ways, %d with rows copied, %d rows, %d copied%n",
                SEEDS,
                refused,
                filesWithCopies,
                rows,
                copied);
        assertThat(refused).isBetween(SEEDS / 50, SEEDS / 2);
        assertThat(filesWithCopies).isGreaterThan(SEEDS / 4);
        assertThat(rows).isGreaterThan(SEEDS * 1_000L);
        assertThat(copied).isGreaterThan(rows / 5).isLessThan(rows);
    }

    private void prepare(String schema, String ddl) throws SQLException {
        database.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE", "CREATE SCHEMA " + schema);
        try (Session session = Session.open(in(schema))) {
            session.execute(ddl);
        }
    }

    private ConnectionSource in(String schema) {
        return ConnectionSource.of(database.url() + "&currentSchema=" + schema);
    }

    private @Nullable String runAsWritten(String script) throws SQLException, IOException {
        byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
        try (Session session = Session.open(in("written"));
                ScriptReader reader =
                        ScriptReader.open("1.sql", new ByteArrayInputStream(bytes), ScriptSection.WHOLE)) {
            session.beginTransaction();
            try {
                for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                    session.execute(next.text());
                }
                session.commit();
                return null;
            } catch (SQLException e) {
                session.rollback();
                return e.getMessage();
            }
        }
    }

    private @Nullable String load(String script) throws IOException {
        Files.writeString(temp.resolve("1.sql"), script);
        SeedLoader loader =
                SeedLoader.of(Config.builder().seedDirs(temp.toString()).build());
        try {
            long through = loader.load(in("loaded")).files().get(0).copiedRows();
            copied += through;
            filesWithCopies += through > 0 ? 1 : 0;
            return null;
        } catch (ConfitureException e) {
            return e.getMessage();
        }
    }

    private List<String> contents(String schema) throws SQLException {
        try (Session session = Session.open(in(schema))) {
            return session.query("SELECT t::text FROM \"T t\" t ORDER BY 1", rs -> rs.getString(1));
        }
    }
}
