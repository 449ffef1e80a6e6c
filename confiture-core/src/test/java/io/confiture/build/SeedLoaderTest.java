package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.build.SeedFileResult.Outcome;
import io.confiture.config.Config;
import io.confiture.config.SeedConfig;
import io.confiture.config.SeedConfig.ExecutionMode;
import io.confiture.config.SeedConfig.Profile;
import io.confiture.config.SeedConfig.TransactionMode;
import io.confiture.error.ConfigurationException;
import io.confiture.error.SqlScriptException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeedLoaderTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private Path folder = Path.of("");

    @BeforeEach
    void tables(@TempDir Path temp) {
        folder = temp;
        database.execute(
                "DROP TABLE IF EXISTS book, author, tb_confiture_seed",
                "CREATE TABLE author (id int PRIMARY KEY, name text NOT NULL)",
                "CREATE TABLE book (id int PRIMARY KEY, author int REFERENCES author DEFERRABLE, title text UNIQUE)");
    }

    private Path write(String file, String sql) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            return Files.writeString(path, sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SeedLoader loader(ExecutionMode mode, boolean goOn, TransactionMode transaction, String... dirs) {
        return SeedLoader.of(Config.builder()
                .projectDir(folder)
                .seeds(new SeedConfig(List.of(dirs), mode, goOn, transaction, Map.of(), null))
                .build());
    }

    private SeedLoader loader() {
        return loader(ExecutionMode.CONCATENATE, false, TransactionMode.SAVEPOINT, "seeds");
    }

    private ConnectionSource source() {
        return ConnectionSource.of(database.url());
    }

    private List<@Nullable String> authors() {
        return database.values("SELECT name FROM author ORDER BY id");
    }

    private static List<Outcome> outcomes(SeedReport report) {
        return report.files().stream().map(SeedFileResult::outcome).toList();
    }

    private SeedReport failing(SeedLoader loader) {
        SeedException failure = catchThrowableOfType(SeedException.class, () -> loader.load(source()));
        assertThat(failure).isNotNull();
        return Objects.requireNonNull(failure.report());
    }

    private void threeOfWhichTheSecondFails() {
        write("seeds/1.sql", "INSERT INTO author VALUES (1, 'A');");
        write("seeds/2.sql", "INSERT INTO author VALUES (2, 'B');\nINSERT INTO author VALUES (1, 'again');");
        write("seeds/3.sql", "INSERT INTO author VALUES (3, 'C')");
    }

    @Test
    void directoriesComeInTheirOrderAndTheirOwnFilesByName() {
        write("b/10.sql", "INSERT INTO author VALUES (1, 'A')");
        write("b/20.sql", "INSERT INTO author VALUES (2, 'B')");
        write("b/sub/1.sql", "not read");
        write("b/README.md", "not read");
        write("a/1.sql", "INSERT INTO author VALUES (3, 'C') -- no semicolon, no line end");
        SeedLoader loader = loader(ExecutionMode.CONCATENATE, false, TransactionMode.SAVEPOINT, "b", "a");
        assertThat(loader.files()).extracting(SchemaFile::name).containsExactly("b/10.sql", "b/20.sql", "a/1.sql");
        SeedReport report = loader.load(source());
        assertThat(report.complete()).isTrue();
        assertThat(report.rows()).isEqualTo(3);
        assertThat(report.files()).allSatisfy(file -> {
            assertThat(file.statements()).isEqualTo(1);
            assertThat(file.rows()).isEqualTo(1);
        });
        assertThat(authors()).containsExactly("A", "B", "C");
    }

    @Test
    void aSyntaxErrorBetweenTwoFilesWithoutFinalSemicolon() {
        write("seeds/1.sql", "\uFEFFINSERT INTO author VALUES (1, 'A') -- no semicolon");
        write("seeds/2.sql", "  \r\n");
        write("seeds/3.sql", "");
        write("seeds/4.sql", "INSERT INTO author VALUES (2, 'B') /* the end */");
        assertThat(loader().load(source()).complete()).isTrue();
        assertThat(authors()).containsExactly("A", "B");
    }

    @Test
    void theWordCommitInDataIsNoCommit() {
        write("seeds/1.sql", "INSERT INTO author VALUES (1, 'COMMIT; BEGIN'); -- commit;\n/* ROLLBACK; */");
        assertThat(loader().load(source()).complete()).isTrue();
        assertThat(authors()).containsExactly("COMMIT; BEGIN");
    }

    @Test
    void aProfileTakesAndLeavesOut() {
        for (String file : List.of("common/1.sql", "common/2_big.sql", "development/1.sql", "test/1.sql")) {
            write(file, "");
        }
        SeedLoader loader = SeedLoader.of(Config.builder()
                .projectDir(folder)
                .seeds(new SeedConfig(
                        List.of("common", "development", "test"),
                        ExecutionMode.CONCATENATE,
                        false,
                        TransactionMode.SAVEPOINT,
                        Map.of(
                                "dev", new Profile(List.of("common/*", "development/**"), List.of("*_big.sql")),
                                "all", new Profile(List.of(), List.of())),
                        "dev"))
                .build());
        assertThat(loader.files()).extracting(SchemaFile::name).containsExactly("common/1.sql", "development/1.sql");
        assertThat(loader.withProfile("all").files()).hasSize(4);
        assertThat(loader.withProfile(null).files()).hasSize(4);
        assertThatThrownBy(() -> loader.withProfile("deb").files())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no seed profile deb")
                .hasMessageContaining("nearest is dev");
    }

    @Test
    void aProfileKnowsADirectoryWithAPrefixAndASlashAtItsEnd() {
        write("common/1.sql", "");
        SeedLoader loader = SeedLoader.of(Config.builder()
                .projectDir(folder)
                .seeds(new SeedConfig(
                        List.of("file:common//"),
                        ExecutionMode.CONCATENATE,
                        false,
                        TransactionMode.SAVEPOINT,
                        Map.of("dev", new Profile(List.of("common/*"), List.of())),
                        "dev"))
                .build());
        assertThat(loader.files()).hasSize(1);
    }

    @Test
    void asOneTheFirstFailureUndoesAll() {
        threeOfWhichTheSecondFails();
        SeedReport report = failing(loader());
        assertThat(outcomes(report)).containsExactly(Outcome.ROLLED_BACK, Outcome.FAILED, Outcome.NOT_RUN);
        assertThat(authors()).isEmpty();
    }

    @Test
    void withSavepointsAFailureThatStopsUndoesAll() {
        threeOfWhichTheSecondFails();
        SeedReport report = failing(loader(ExecutionMode.SEQUENTIAL, false, TransactionMode.SAVEPOINT, "seeds"));
        assertThat(outcomes(report)).containsExactly(Outcome.ROLLED_BACK, Outcome.FAILED, Outcome.NOT_RUN);
        assertThat(authors()).isEmpty();
    }

    @Test
    void inTransactionsOfTheirOwnWhatCameBeforeAFailureStays() {
        threeOfWhichTheSecondFails();
        SeedReport report = failing(loader(ExecutionMode.SEQUENTIAL, false, TransactionMode.TRANSACTION, "seeds"));
        assertThat(outcomes(report)).containsExactly(Outcome.LOADED, Outcome.FAILED, Outcome.NOT_RUN);
        assertThat(authors()).containsExactly("A");
    }

    @Test
    void goingOnLosesOnlyTheFileThatFails() {
        for (TransactionMode mode : TransactionMode.values()) {
            database.execute("TRUNCATE author CASCADE");
            threeOfWhichTheSecondFails();
            SeedReport report =
                    loader(ExecutionMode.SEQUENTIAL, true, mode, "seeds").load(source());
            assertThat(outcomes(report)).containsExactly(Outcome.LOADED, Outcome.FAILED, Outcome.LOADED);
            assertThat(report.complete()).isFalse();
            assertThat(report.rows()).isEqualTo(2);
            assertThat(report.failed()).singleElement().satisfies(file -> {
                assertThat(file.statements()).isEqualTo(2);
                assertThat(file.failure())
                        .hasToString(folder.resolve("seeds/2.sql")
                                + ":2:27: row 1 of table author: duplicate key value violates unique constraint"
                                + " \"author_pkey\": Key (id)=(1) already exists. [23505]");
            });
            assertThat(authors()).containsExactly("A", "C");
        }
    }

    @Test
    void aDeferredConstraintIsCheckedBeforeTheCommitAndUndoesAll() {
        write("seeds/1.sql", "SET CONSTRAINTS ALL DEFERRED; INSERT INTO book VALUES (1, 9, 'X');");
        write("seeds/2.sql", "INSERT INTO author VALUES (1, 'A');");
        SeedReport report = failing(loader());
        assertThat(outcomes(report)).containsExactly(Outcome.ROLLED_BACK, Outcome.FAILED);
        assertThat(report.files().get(1).failure()).asString().contains("deferred constraint", "book_author_fkey");
        assertThat(authors()).isEmpty();
        write("seeds/2.sql", "INSERT INTO author VALUES (9, 'A');");
        assertThat(loader().load(source()).complete()).isTrue();
    }

    @Test
    void loadingTheSameSeedsOnceTwiceChangesNothingAndIsReported() {
        write("seeds/1.sql", "INSERT INTO author VALUES (1, 'A');");
        write("seeds/2.sql", "UPDATE author SET name = name || '!';");
        SeedLoader once = loader().once();
        assertThat(outcomes(once.load(source()))).containsExactly(Outcome.LOADED, Outcome.LOADED);
        write("seeds/1.sql", "\uFEFFINSERT INTO author VALUES (1, 'A');");
        SeedReport again = once.load(source());
        assertThat(outcomes(again)).containsExactly(Outcome.ALREADY_LOADED, Outcome.ALREADY_LOADED);
        assertThat(again.complete()).isTrue();
        assertThat(again.rows()).isZero();
        assertThat(authors()).containsExactly("A!");
        write("seeds/3.sql", "INSERT INTO author VALUES (3, 'C');");
        assertThat(outcomes(once.load(source())))
                .containsExactly(Outcome.ALREADY_LOADED, Outcome.ALREADY_LOADED, Outcome.LOADED);
        write("seeds/1.sql", "INSERT INTO author VALUES (1, 'B');");
        SeedReport changed = failing(once);
        assertThat(outcomes(changed)).containsExactly(Outcome.FAILED, Outcome.NOT_RUN, Outcome.NOT_RUN);
        assertThat(changed.files().get(0).failure()).asString().contains("loaded before with another text");
        assertThat(authors()).containsExactly("A!", "C");
    }

    @Test
    void seedsThatWereLoadedStayLoadedWhenAnotherFolderIsConfigured() {
        write("db/seeds/1.sql", "UPDATE author SET name = name || '!'; INSERT INTO author VALUES (1, 'A');");
        Config.Builder config = Config.builder().projectDir(folder);
        assertThat(outcomes(SeedLoader.of(config.schemaDirs("db/schema")
                                .seedDirs("db/seeds")
                                .build())
                        .once()
                        .load(source())))
                .containsExactly(Outcome.LOADED);
        write("more/1.sql", "INSERT INTO author VALUES (2, 'B');");
        assertThat(outcomes(SeedLoader.of(config.schemaDirs("db/schema", "lib/schema")
                                .seedDirs("./db//seeds/", "more")
                                .build())
                        .once()
                        .load(source())))
                .containsExactly(Outcome.ALREADY_LOADED, Outcome.LOADED);
        assertThat(authors()).containsExactly("A", "B");
    }

    @Test
    void whatCannotRunInATransactionIsRefusedBeforeAnythingRuns() {
        write("seeds/1.sql", "INSERT INTO author VALUES (1, 'A');");
        for (String refused : List.of("COMMIT;", "SELECT 1; BEGIN;", "VACUUM;", "BEGIN; SELECT 1;", "SELECT 'open")) {
            write("seeds/2.sql", refused);
            assertThatThrownBy(() -> loader().load(source()))
                    .isInstanceOf(SqlScriptException.class)
                    .hasMessageContaining("seeds/2.sql:1:");
            assertThat(authors()).isEmpty();
        }
        write("seeds/2.sql", "BEGIN; INSERT INTO author VALUES (2, 'B'); COMMIT;");
        assertThat(loader().load(source()).complete()).isTrue();
    }

    @Test
    void whatASequentialFileSetsEndsWithIt() {
        write("seeds/1.sql", "SET search_path = ''; INSERT INTO public.author VALUES (1, 'A');");
        write("seeds/2.sql", "INSERT INTO author VALUES (2, current_setting('search_path'));");
        loader(ExecutionMode.SEQUENTIAL, false, TransactionMode.SAVEPOINT, "seeds")
                .load(source());
        assertThat(authors()).containsExactly("A", "\"$user\", public");
    }

    @Test
    void aCallersConnectionIsGivenBackAsItCame() throws Exception {
        write("seeds/1.sql", "SET search_path = ''; SET ROLE postgres; INSERT INTO public.author VALUES (1, 'A');");
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            loader().load(connection);
            assertThat(connection.getAutoCommit()).isFalse();
            try (var statement = connection.createStatement();
                    var rs = statement.executeQuery("SHOW search_path")) {
                rs.next();
                assertThat(rs.getString(1)).isEqualTo("\"$user\", public");
            }
        }
    }

    @Test
    void cancellingEndsTheStatementAndUndoesAll() throws Exception {
        write("seeds/1.sql", "INSERT INTO author VALUES (1, 'A'); SELECT pg_sleep(60) /* seeds */;");
        var threads = Executors.newSingleThreadExecutor();
        try {
            var call = loader().loadAsync(source(), threads);
            String sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%/* seeds */%' AND pid <>"
                    + " pg_backend_pid() AND state = 'active'";
            while (!"1".equals(database.value(sleeping))) {
                Thread.onSpinWait();
            }
            call.cancel(true);
            while (!"0".equals(database.value(sleeping))) {
                Thread.onSpinWait();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(authors()).isEmpty();
    }

    @Test
    void manyRowsAndACopyBlockInOneFile() {
        String rows = IntStream.rangeClosed(1, 1_500)
                .mapToObj(n -> "(" + n + ", 'n\t" + n + "')")
                .collect(Collectors.joining(",\n"));
        write(
                "seeds/1.sql",
                "INSERT INTO author (id, name) VALUES " + rows
                        + ";\nCOPY book FROM stdin;\n1\t7\tA\\tB\n2\t\\N\tx\\\\.\n\\.\nSELECT 1;\n");
        SeedFileResult result = loader().load(source()).files().get(0);
        assertThat(result.copiedRows()).isEqualTo(1_500);
        assertThat(result.rows()).isEqualTo(1_502);
        assertThat(result.statements()).isEqualTo(3);
        assertThat(database.value("SELECT title FROM book WHERE id = 1")).isEqualTo("A\tB");
        assertThat(database.value("SELECT name FROM author WHERE id = 1500")).isEqualTo("n\t1500");
    }
}
