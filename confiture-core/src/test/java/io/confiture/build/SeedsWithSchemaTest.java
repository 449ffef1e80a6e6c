package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.build.SeedFileResult.Outcome;
import io.confiture.config.SeedConfig;
import io.confiture.config.SeedConfig.ExecutionMode;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Session;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Seeds that are run with their schema, as their settings say. */
class SeedsWithSchemaTest {
    private static final ExecuteOptions SINGLE = ExecuteOptions.defaults();
    private static final ExecuteOptions PER_FILE = SINGLE.withTransaction(TransactionMode.PER_FILE);
    private static final ExecuteOptions SEGMENTS = SINGLE.withTransaction(TransactionMode.SEGMENTS);

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path project;

    private SourceTree tree;

    @BeforeEach
    void tree() {
        tree = new SourceTree(project)
                .write("db/schema/1.sql", "CREATE TABLE author (id int PRIMARY KEY, name text NOT NULL);");
    }

    private SchemaBuilder builder(ExecutionMode mode, boolean goOn, SeedConfig.TransactionMode transaction) {
        return tree.builder(
                config -> config.seeds(new SeedConfig(List.of("db/seeds"), mode, goOn, transaction, Map.of(), null)));
    }

    private SchemaBuilder concatenated() {
        return builder(ExecutionMode.CONCATENATE, false, SeedConfig.TransactionMode.SAVEPOINT);
    }

    private SchemaBuilder sequential(boolean goOn, SeedConfig.TransactionMode transaction) {
        return builder(ExecutionMode.SEQUENTIAL, goOn, transaction);
    }

    private void threeOfWhichTheSecondFails() {
        tree.write("db/seeds/1.sql", "INSERT INTO author VALUES (1, 'A');")
                .write("db/seeds/2.sql", "INSERT INTO author VALUES (2, 'B');\nINSERT INTO author VALUES (1, 'again');")
                .write("db/seeds/3.sql", "INSERT INTO author VALUES (3, 'C')");
    }

    private List<@Nullable String> authors() {
        return database.values("SELECT name FROM author ORDER BY id");
    }

    private boolean hasTable() {
        return "1".equals(database.value("SELECT count(*) FROM pg_tables WHERE tablename = 'author'"));
    }

    private static List<Outcome> outcomes(List<SeedFileResult> files) {
        return files.stream().map(SeedFileResult::outcome).toList();
    }

    private SeedException failing(SchemaBuilder builder, ExecuteOptions options) {
        SeedException failure =
                catchThrowableOfType(SeedException.class, () -> builder.execute(database.dataSource(), options));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static List<Outcome> outcomes(SeedException failure) {
        return outcomes(Objects.requireNonNull(failure.report()).files());
    }

    @Test
    void manyRowsOfInsertsGoThroughCopy() {
        tree.write(
                "db/seeds/1.sql",
                IntStream.rangeClosed(1, 1500)
                        .mapToObj(i -> "INSERT INTO author VALUES (" + i + ", 'it''s\ttab\n" + i + "');\n")
                        .collect(Collectors.joining()));
        BuildResult result = concatenated().execute(database.dataSource());
        assertThat(result.seeds()).singleElement().satisfies(file -> {
            assertThat(file.copiedRows()).isEqualTo(1500);
            assertThat(file.rows()).isEqualTo(1500);
            assertThat(file.outcome()).isEqualTo(Outcome.LOADED);
        });
        assertThat(result.statements()).isEqualTo(1501);
        assertThat(database.value("SELECT count(DISTINCT name) || name FROM author"
                        + " WHERE name LIKE E'it''s\\ttab\\n%' GROUP BY id, name ORDER BY id LIMIT 1"))
                .isEqualTo("1it's\ttab\n1");
    }

    @ParameterizedTest
    @EnumSource(TransactionMode.class)
    void concatenatedSeedsAreOneWhateverTheSchemaIs(TransactionMode mode) {
        threeOfWhichTheSecondFails();
        assertThatThrownBy(() -> concatenated().execute(database.dataSource(), SINGLE.withTransaction(mode)))
                .isInstanceOfSatisfying(SchemaException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_STATEMENT_FAILED);
                    assertThat(e.file()).endsWith("2.sql");
                    assertThat(e.line()).isEqualTo(2);
                    assertThat(e.sqlState()).isEqualTo("23505");
                })
                .hasMessageContaining("row 1 of table author")
                .hasMessageContaining(
                        mode == TransactionMode.PER_FILE ? "Committed, and stays: the first 1 of 4" : "Nothing was");
        assertThat(hasTable()).isEqualTo(mode == TransactionMode.PER_FILE);
        if (mode == TransactionMode.PER_FILE) {
            assertThat(authors()).isEmpty();
        }
    }

    @Test
    void sequentialFilesBeginWithTheConnectionsSettings() {
        tree.write("db/schema/2.sql", "CREATE SCHEMA other; CREATE TABLE other.author (id int, name text);")
                .write("db/schema/3.sql", "SET search_path = other;")
                .write("db/seeds/1.sql", "INSERT INTO author VALUES (1, 'A'); SET search_path = other;")
                .write("db/seeds/2.sql", "INSERT INTO author VALUES (2, 'B');");
        sequential(false, SeedConfig.TransactionMode.SAVEPOINT).execute(database.dataSource());
        assertThat(authors()).containsExactly("A", "B");
        assertThat(database.value("SELECT count(*) FROM other.author")).isEqualTo("0");
    }

    @Test
    void inOneTransactionAFileThatFailsTakesAllAlong() {
        threeOfWhichTheSecondFails();
        SeedException failure = failing(sequential(false, SeedConfig.TransactionMode.SAVEPOINT), SINGLE);
        assertThat(failure.code()).isEqualTo(ErrorCode.SEED_FAILED);
        assertThat(failure.line()).isEqualTo(2);
        assertThat(failure).hasMessageContaining("Nothing was changed: all of it is rolled back");
        assertThat(outcomes(failure)).containsExactly(Outcome.ROLLED_BACK, Outcome.FAILED, Outcome.NOT_RUN);
        assertThat(hasTable()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = TransactionMode.class, names = "SINGLE", mode = EnumSource.Mode.EXCLUDE)
    void eachSeedFileIsCommittedOnRequest(TransactionMode mode) {
        threeOfWhichTheSecondFails();
        SeedException failure =
                failing(sequential(false, SeedConfig.TransactionMode.TRANSACTION), SINGLE.withTransaction(mode));
        assertThat(outcomes(failure)).containsExactly(Outcome.LOADED, Outcome.FAILED, Outcome.NOT_RUN);
        assertThat(failure)
                .hasMessageContaining("Committed, and stays: what stands up to")
                .hasMessageContaining("1.sql");
        assertThat(authors()).containsExactly("A");
    }

    @ParameterizedTest
    @EnumSource(value = TransactionMode.class, names = "SINGLE", mode = EnumSource.Mode.EXCLUDE)
    void seedsOfOneTransactionGoTogetherAndTheSchemaStays(TransactionMode mode) {
        threeOfWhichTheSecondFails();
        SeedException failure =
                failing(sequential(false, SeedConfig.TransactionMode.SAVEPOINT), SINGLE.withTransaction(mode));
        assertThat(outcomes(failure)).containsExactly(Outcome.ROLLED_BACK, Outcome.FAILED, Outcome.NOT_RUN);
        assertThat(failure).hasMessageContaining("Committed, and stays: ");
        assertThat(authors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"PER_FILE, SAVEPOINT", "PER_FILE, TRANSACTION", "SEGMENTS, SAVEPOINT", "SEGMENTS, TRANSACTION"})
    void behindAFileThatFailsTheOthersAreLoadedOnRequest(TransactionMode mode, SeedConfig.TransactionMode seeds) {
        threeOfWhichTheSecondFails();
        BuildResult result = sequential(true, seeds).execute(database.dataSource(), SINGLE.withTransaction(mode));
        assertThat(outcomes(result.seeds())).containsExactly(Outcome.LOADED, Outcome.FAILED, Outcome.LOADED);
        assertThat(result.seeds().get(1).failure())
                .asString()
                .contains("2.sql:2:")
                .contains("23505");
        assertThat(authors()).containsExactly("A", "C");
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENTIAL, false, TRANSACTION, SINGLE, seed.transaction_mode: transaction",
        "SEQUENTIAL, true, SAVEPOINT, SINGLE, seed.continue_on_error: true",
        "SEQUENTIAL, true, TRANSACTION, SINGLE, seed.transaction_mode: transaction",
        "CONCATENATE, true, SAVEPOINT, SINGLE, seed.continue_on_error: true",
        "CONCATENATE, true, SAVEPOINT, PER_FILE, seed.continue_on_error: true"
    })
    void whatCannotHoldIsRefusedBeforeAnythingRuns(
            ExecutionMode execution,
            boolean goOn,
            SeedConfig.TransactionMode transaction,
            TransactionMode mode,
            String setting) {
        tree.write("db/seeds/1.sql", "INSERT INTO author VALUES (1, 'A');");
        SchemaBuilder builder = builder(execution, goOn, transaction);
        ExecuteOptions options = SINGLE.withTransaction(mode);
        assertThatThrownBy(() -> builder.execute(database.dataSource(), options))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(setting)
                .hasMessageContaining("Nothing was run");
        assertThat(hasTable()).isFalse();
        builder.execute(database.dataSource(), options.withSeeds(false));
        assertThat(hasTable()).as("without seeds their settings do not matter").isTrue();
    }

    @Test
    void whatCannotHoldWithinTheCallersTransactionIsRefused() throws SQLException {
        tree.write("db/seeds/1.sql", "INSERT INTO author VALUES (1, 'A');");
        try (Session session = Session.open(ConnectionSource.of(database.url()))) {
            session.beginTransaction();
            assertThatThrownBy(() -> sequential(false, SeedConfig.TransactionMode.TRANSACTION)
                            .executeWithin(session, SINGLE))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("seed.transaction_mode");
            sequential(false, SeedConfig.TransactionMode.SAVEPOINT).executeWithin(session, SINGLE);
            session.commit();
        }
        assertThat(authors()).containsExactly("A");
    }

    @Test
    void whatNoTransactionMayHoldRunsBetweenTwoAmongConcatenatedSeedsOnly() {
        tree.write(
                "db/seeds/1.sql",
                "INSERT INTO author VALUES (1, 'A');\nVACUUM author;\nINSERT INTO author VALUES (2, 'B');");
        assertThatThrownBy(() -> sequential(false, SeedConfig.TransactionMode.SAVEPOINT)
                        .execute(database.dataSource(), SEGMENTS))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("1.sql:2:1")
                .hasMessageContaining("seed.execution_mode: sequential")
                .hasMessageContaining("Nothing was run");
        assertThat(hasTable()).isFalse();
        assertThat(concatenated().execute(database.dataSource(), SEGMENTS).statements())
                .isEqualTo(4);
        assertThat(authors()).containsExactly("A", "B");
    }

    @Test
    void deferredConstraintsAreBlamedOnTheSeedsThatAreCommitted() {
        tree.write("db/schema/2.sql", "ALTER TABLE author ADD up int REFERENCES author DEFERRABLE INITIALLY DEFERRED;")
                .write("db/seeds/1.sql", "INSERT INTO author VALUES (1, 'A', 9);")
                .write("db/seeds/2.sql", "INSERT INTO author VALUES (2, 'B', NULL);");
        BuildResult result =
                sequential(true, SeedConfig.TransactionMode.TRANSACTION).execute(database.dataSource(), PER_FILE);
        assertThat(outcomes(result.seeds())).containsExactly(Outcome.FAILED, Outcome.LOADED);
        assertThat(authors()).containsExactly("B");
    }

    @Test
    void seedsBetweenSchemaFilesKeepTheirPlace() {
        tree.write("db/schema/20_seeds/1.sql", "INSERT INTO author VALUES (1, 'A');")
                .write("db/schema/30.sql", "CREATE VIEW names AS SELECT name FROM author;")
                .write("db/seeds/1.sql", "INSERT INTO author VALUES (2, 'B');")
                .write("db/seeds/2.sql", "INSERT INTO author SELECT 1, name FROM names;");
        SeedException failure = failing(sequential(false, SeedConfig.TransactionMode.TRANSACTION), PER_FILE);
        assertThat(outcomes(failure)).containsExactly(Outcome.LOADED, Outcome.LOADED, Outcome.FAILED);
        assertThat(database.values("SELECT name FROM names ORDER BY 1")).containsExactly("A", "B");
    }

    @Test
    void inAScratchDatabaseSavepointsStandForTransactions() {
        threeOfWhichTheSecondFails();
        SchemaBuilder builder = sequential(true, SeedConfig.TransactionMode.TRANSACTION);
        assertThat(builder.validate(database.dataSource(), ValidationOptions.inScratchDatabase())
                        .errors())
                .isEmpty();
        BuildResult result = builder.executeOnScratch(ConnectionSource.of(database.url()));
        assertThat(outcomes(result.seeds())).containsExactly(Outcome.LOADED, Outcome.FAILED, Outcome.LOADED);
    }

    @Test
    void aSeedThatFailsInAScratchDatabaseIsAFinding() {
        threeOfWhichTheSecondFails();
        assertThat(sequential(false, SeedConfig.TransactionMode.TRANSACTION)
                        .validate(database.dataSource(), ValidationOptions.inScratchDatabase())
                        .errors())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.file()).endsWith("2.sql");
                    assertThat(finding.line()).isEqualTo(2);
                });
    }
}
