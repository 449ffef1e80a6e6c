package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.build.SchemaFinding.Code;
import io.confiture.build.SchemaReport.Outcome;
import io.confiture.config.Config;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Validation with a server. */
class SchemaValidationTest {
    private static final String SCRATCH =
            "SELECT datname FROM pg_database WHERE datname LIKE 'confiture\\_scratch\\_%'";

    private static TestDatabase database;
    private static ConnectionSource source;

    @TempDir
    private Path project;

    @BeforeAll
    static void create() {
        database = TestDatabase.create();
        source = ConnectionSource.of(database.url());
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(database.values(SCRATCH)).isEmpty();
        assertThat(database.values("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    private SchemaBuilder builder(boolean twoPass, String... texts) throws IOException {
        Path folder = Files.createDirectories(project.resolve("db/schema"));
        for (int i = 0; i < texts.length; i++) {
            Files.writeString(folder.resolve(i + 1 + ".sql"), texts[i]);
        }
        return SchemaBuilder.of(
                Config.builder().projectDir(project).twoPass(twoPass).build());
    }

    private SchemaReport parsed(String... texts) throws IOException {
        return builder(false, texts).validate(source, ValidationOptions.parsed());
    }

    private SchemaReport built(String... texts) throws IOException {
        return builder(false, texts).validate(source, ValidationOptions.inScratchDatabase());
    }

    @Test
    void theServerFindsEverySyntaxErrorWithItsPlaceAndRunsNothing() throws IOException {
        SchemaReport report = parsed(
                "CREATE TABLE a (id int);\n  CREATE TABLE é (id int,, x int);\n",
                "CREATE TABLE b (id nonsense REFERENCES nowhere);\nSELEC 1;\nINSERT INTO nowhere VALUES (1);");
        assertThat(report.errors())
                .extracting(finding -> Path.of(finding.file()).getFileName() + ":" + finding.line() + ":"
                        + finding.column() + " " + finding.code())
                .containsExactly("1.sql:2:26 SYNTAX", "2.sql:2:1 SYNTAX");
        assertThat(report.errors().get(0).message()).contains("syntax error at or near \",\" [42601]");
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void whatIsOnlyParsedIsNotOk() throws IOException {
        SchemaReport report = parsed("CREATE TABLE b (id nonsense);");
        assertThat(report.errors()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_CHECKED);
        assertThat(report.notChecked()).containsExactly(SchemaCheck.BUILD);
    }

    @Test
    void aStatementWithAParameterIsNotSentAndNotOk() throws IOException {
        SchemaReport report = parsed("PREPARE p AS SELECT $1 ORDER;\nSELECT '$1', $$ $1 $$;");
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(Code.STATEMENT_NOT_CHECKED);
            assertThat(finding.line()).isEqualTo(1);
        });
        assertThat(report.notChecked()).contains(SchemaCheck.SYNTAX);
    }

    @Test
    void aSchemaThatCanBeBuiltIsOk() throws IOException {
        SchemaReport report = built(
                "CREATE ROLE built_in_scratch; CREATE TABLE a (id int); COPY a FROM stdin;\n1\n\\.\n",
                "GRANT SELECT ON a TO built_in_scratch;");
        assertThat(report.outcome()).as(report.toString()).isEqualTo(Outcome.OK);
        assertThat(report.notChecked()).isEmpty();
        assertThat(database.value("SELECT count(*) FROM pg_roles WHERE rolname = 'built_in_scratch'"))
                .as("a role is not of the scratch database and must not outlive it")
                .isEqualTo("0");
    }

    @Test
    void whatCannotBeBuiltIsAFindingWithItsPlace() throws IOException {
        SchemaReport report =
                built("CREATE TABLE a (id int);", "SELECT 1;\nCREATE VIEW v AS\n  SELECT nothing FROM a;");
        assertThat(report.errors()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(Code.STATEMENT_FAILED);
            assertThat(finding.file()).endsWith("2.sql");
            assertThat(finding.line()).isEqualTo(3);
            assertThat(finding.column()).isEqualTo(10);
            assertThat(finding.message()).contains("nothing", "[42703]");
        });
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aDeferredConstraintThatDoesNotHoldFailsTheBuild() throws IOException {
        SchemaReport report =
                built("CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES a DEFERRABLE INITIALLY DEFERRED);"
                        + " INSERT INTO a VALUES (1, 2);");
        assertThat(report.errors()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(Code.STATEMENT_FAILED);
            assertThat(finding.message()).contains("deferred constraint");
        });
    }

    @Test
    void whatNoTransactionMayHoldIsBuiltInSegments() throws IOException {
        String index = "CREATE TABLE a (id int); CREATE INDEX CONCURRENTLY i ON a (id);";
        assertThat(built(index).outcome()).isEqualTo(Outcome.OK);
        SchemaReport report = built(index, "CREATE ROLE never_built;");
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_CHECKED);
        assertThat(report.findings())
                .anyMatch(finding -> finding.message().contains("was not built in a scratch database"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER SYSTEM SET work_mem = '5MB';",
                "VACUUM; GRANT pg_monitor TO CURRENT_USER;",
                "VACUUM; COMMENT ON ROLE pg_monitor IS 'by validation';",
                "VACUUM; GRANT CONNECT ON DATABASE postgres TO pg_monitor;",
                "VACUUM; DO $$ BEGIN CREATE ROLE by_validation; END $$;",
                "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null';"
            })
    void whatWouldOutliveTheScratchDatabaseIsNotBuilt(String text) throws IOException {
        SchemaReport report = built(text);
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_CHECKED);
        assertThat(report.notChecked()).contains(SchemaCheck.BUILD);
        assertThat(report.findings())
                .anyMatch(finding -> finding.message().contains("was not built in a scratch database"));
    }

    @Test
    void aGrantOnATableIsBuiltInSegments() throws IOException {
        assertThat(built("CREATE TABLE a (id int); GRANT SELECT ON a TO pg_monitor; VACUUM;")
                        .outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void aForeignKeyThatFailsAtTheEndIsFoundWhereItWasWritten() throws IOException {
        SchemaReport report = builder(true, "CREATE TABLE b (\n  a_id int REFERENCES a (nothing)\n);", """
                CREATE TABLE a (id int PRIMARY KEY);""")
                .validate(source, ValidationOptions.inScratchDatabase());
        assertThat(report.errors()).singleElement().satisfies(finding -> {
            assertThat(finding.file()).endsWith("1.sql");
            assertThat(finding.line()).isEqualTo(2);
            assertThat(finding.message()).contains("nothing");
        });
        assertThat(builder(true, "CREATE TABLE b (a_id int REFERENCES a);", "CREATE TABLE a (id int PRIMARY KEY);")
                        .validate(source, ValidationOptions.inScratchDatabase())
                        .outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void aServerThatIsNotThereIsAnErrorAndNoFinding() throws IOException {
        SchemaBuilder builder = builder(false, "SELECT 1;");
        ConnectionSource nowhere = ConnectionSource.of(TestServer.url("no_such_database"));
        assertThatThrownBy(() -> builder.validate(nowhere, ValidationOptions.parsed()))
                .isInstanceOf(DatabaseConnectionException.class);
    }

    @Test
    void theTwinsRunOnTheExecutor() throws IOException {
        SchemaBuilder builder = builder(false, "SELECT 1;");
        assertThat(builder.validateAsync(Runnable::run).join()).isEqualTo(builder.validate());
        assertThat(builder.validateAsync(Runnable::run, source, ValidationOptions.parsed())
                        .join()
                        .notChecked())
                .isEqualTo(Set.of(SchemaCheck.BUILD));
    }
}
