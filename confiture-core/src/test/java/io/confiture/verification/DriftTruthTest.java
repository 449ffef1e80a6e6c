package io.confiture.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.verification.DriftReport.Drifted;
import io.confiture.verification.DriftReport.InSync;
import io.confiture.verification.DriftReport.NotChecked;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says is so, also where something else goes wrong. */
class DriftTruthTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final TestDatabase other = TestDatabase.create();

    @TempDir
    Path temp;

    private Project project;

    @BeforeEach
    void migrated() {
        project = new Project(temp);
        project.migrator(database).build().applyAll();
    }

    private SchemaVerification verification() {
        return project.verification(database);
    }

    private String fingerprint(SchemaVerification verification, DriftOptions options) {
        DriftReport report = verification.drift(options);
        assertThat(report).isInstanceOf(InSync.class);
        return ((InSync) report).fingerprint();
    }

    @Test
    void aReplayThatMeetsItsStatementTimeoutWasNotCancelledByAnybody() {
        project.migrations.write(
                "004_slow.up.sql",
                "SET LOCAL lc_messages = 'C'; SET LOCAL statement_timeout = 1; SELECT pg_sleep(60);");
        assertThat(verification().drift(DriftOptions.migrations()))
                .isInstanceOf(NotChecked.class)
                .asString()
                .contains("004_slow")
                .contains("57014");
    }

    @Test
    void aDatabaseThatIsNotReadInTimeIsNotChecked() throws SQLException {
        Path expected = temp.resolve("expected.json");
        verification().writeExpected(expected);
        Migrator migrator = Migrator.builder(database.url() + "&options=-c%20statement_timeout=500")
                .locations(project.migrations.location())
                .build();
        try (Connection holder = database.dataSource().getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            // Whoever reads the definition of the view waits for its table.
            statement.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
            assertThat(SchemaVerification.of(migrator).drift(DriftOptions.expected(expected.toString())))
                    .isInstanceOf(NotChecked.class)
                    .asString()
                    .contains("57014");
            holder.rollback();
        }
    }

    @Test
    void databasesInSyncWithTheSameHaveTheSameFingerprintWhateverDoesNotCount() {
        String role = Project.weakRole(database);
        Migrator elsewhere =
                project.migrator(other).schema("audit").createSchema(true).build();
        elsewhere.applyAll();
        other.execute("ALTER TABLE users OWNER TO " + role, "GRANT SELECT ON names TO " + role);
        SchemaVerification second = SchemaVerification.of(project.builder(), elsewhere);
        String fingerprint = fingerprint(verification(), DriftOptions.schema());
        assertThat(fingerprint(second, DriftOptions.schema())).isEqualTo(fingerprint);
        assertThat(fingerprint(verification(), DriftOptions.schema().withOwners()))
                .as("owners count")
                .isNotEqualTo(fingerprint);
        other.execute("DROP OWNED BY " + role + " CASCADE");
        database.execute("DROP ROLE " + role);
    }

    @Test
    void whatDiffersIsToldAlsoWhereNobodyKnowsWhatIsPending() {
        database.execute("CREATE TABLE by_hand (id int)");
        project.migrations.write("004_a.up.sql", "SELECT 1").write("004_b.up.sql", "SELECT 1");
        assertThat(verification().drift()).isInstanceOfSatisfying(Drifted.class, drifted -> {
            assertThat(drifted.differences()).asString().contains("table public.by_hand: added");
            assertThat(drifted.notes())
                    .containsExactly("which migrations are pending is not known (MIGR_103); what they do shows as a"
                            + " difference");
        });
    }

    @Test
    void filesThatChangeMeanwhileProveNothing() {
        project.schema.write("30_touch.sql", "SELECT 1;");
        Path file = temp.resolve("db/schema/30_touch.sql");
        EquivalenceReport report = SchemaVerification.of(
                        project.builder(),
                        project.migrator(database)
                                .javaMigration(new Touch(() -> project.schema.write("30_touch.sql", "SELECT 2;")))
                                .build())
                .verifyEquivalence();
        assertThat(file).hasContent("SELECT 2;");
        assertThat(report.differences()).isEmpty();
        assertThat(report.proven()).isFalse();
        assertThat(report.caveats()).containsExactly("the schema's files were changed while they were compared");
    }
}
