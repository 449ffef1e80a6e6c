package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.migrate.AdoptionReport.Outcome;
import io.confiture.test.DatabaseContents;
import io.confiture.test.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Flyway has applied is taken over without running any of it again. */
class FlywayAdoptionTest extends FlywayTestCase {
    private static final String TIMES =
            "SELECT version || ' ' || %s || ' ' || %s FROM %s" + " WHERE version IS NOT NULL ORDER BY %s";

    @Test
    void whatFlywayAppliedCountsAsAppliedInItsOrderAndWithItsTimes() throws SQLException {
        shop();
        flyway().migrate();
        folder.write("V1_0_5__between.sql", "CREATE TABLE between_them ();");
        configure().outOfOrder(true).load().migrate();
        folder.write("V2__new.sql", "CREATE TABLE new_one ();");
        String before = fingerprint();
        assertThat(migrator().planAdoption().toString())
                .startsWith("Would adopt 4 of public.flyway_schema_history")
                .contains("V1__create_users.sql: adopted as 1_create_users")
                .contains("V1_0_5__between.sql: adopted as 1.0.5_between")
                .contains("R__names.sql: adopted as R__names")
                .contains("Pending after it: 2_new");

        assertThat(done(migrator().adopt()))
                .containsExactly(
                        "1 create_users adopted", "1.1 add_name adopted", "1.0.5 between adopted", "R names adopted");

        assertThat(fingerprint()).isEqualTo(before);
        assertThat(ledger()).containsExactly("1", "1.1", "1.0.5");
        assertThat(database.values(TIMES.formatted("applied_at", "execution_time_ms", "tb_confiture", "pk_confiture")))
                .isEqualTo(database.values(
                        TIMES.formatted("installed_on::timestamptz", "execution_time", HISTORY, "installed_rank")));
        assertThat(states())
                .containsExactly(
                        "1_create_users applied",
                        "1.0.5_between applied",
                        "1.1_add_name applied",
                        "2_new pending",
                        "R_names applied");
        assertThat(migrator().validate().valid()).isTrue();
        assertThat(done(migrator().applyAll())).containsExactly("2 new applied");
    }

    private String fingerprint() throws SQLException {
        try (Connection connection = database.connect()) {
            return Fingerprint.of(connection).toString();
        }
    }

    @Test
    void adoptingTwiceDoesNothingMore() {
        shop();
        flyway().migrate();
        assertThat(migrator().adopt()).hasSize(3);
        List<String> before = DatabaseContents.of(database);
        assertThat(migrator().adopt()).isEmpty();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
        assertThat(migrator().planAdoption().blockers())
                .containsExactly("public.tb_confiture has rows of its own already");
    }

    @Test
    void theAdoptionIsWrittenDown() {
        shop();
        flyway().migrate();
        migrator().adopt();
        assertThat(database.values("SELECT kind || ' ' || version || coalesce(' ' || statement, '')"
                        + " FROM tb_confiture_run ORDER BY id"))
                .containsExactly(
                        "adopted 1",
                        "adopted 1.1",
                        "repeatable R__names",
                        "adopted public.flyway_schema_history took over 2 migrations and 1 repeatable ones from"
                                + " public.flyway_schema_history; by role postgres");
    }

    @Test
    void planningChangesNothing() {
        shop();
        flyway().migrate();
        List<String> before = DatabaseContents.of(database);
        migrator().planAdoption();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }

    @Test
    void goingBackToFlywayFindsItsHistoryAsItWas() {
        shop();
        flyway().migrate();
        migrator().adopt();
        assertThat(flyway().migrate().migrationsExecuted).isZero();
        flyway().validate();
    }

    @Test
    void goingBackWithWhatConfitureAppliedNeedsABaseline() {
        shop();
        flyway().migrate();
        migrator().adopt();
        folder.write("V2__new.sql", "CREATE TABLE new_one ();");
        migrator().applyAll();
        configure().table("flyway_again").baselineVersion("2").load().baseline();
        assertThat(configure().table("flyway_again").load().migrate().migrations)
                .extracting(migration -> migration.filepath.replaceFirst(".*/", ""))
                .containsExactly("R__names.sql");
    }

    @Test
    void filesUpToABaselineCountAsABaseline() {
        database.execute("CREATE TABLE users (id int PRIMARY KEY, name text)");
        shop().write("V2__new.sql", "CREATE TABLE new_one ();");
        configure().baselineOnMigrate(true).baselineVersion("1.1").load().migrate();
        migrator().adopt();
        assertThat(states())
                .containsExactly(
                        "1_create_users baseline", "1.1_add_name baseline", "2_new applied", "R_names applied");
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void aBaselineOlderThanAllFilesLeavesNothingToRecordAndIsNotAskedForAgain() {
        database.execute("CREATE TABLE old_one ()");
        configure().baselineVersion("0.5").load().baseline();
        folder.write("V1__new.sql", "CREATE TABLE new_one ();");
        assertThat(migrator().adopt()).isEmpty();
        assertThat(done(migrator().applyAll())).containsExactly("1 new applied");
        migrator().rollbackTo("1");
    }

    @Test
    void aBaselineMigrationStandsForThoseBelowIt() {
        shop().write("B1.1__users.sql", "CREATE TABLE users (id int PRIMARY KEY, name text);")
                .write("V2__new.sql", "CREATE TABLE new_one ();");
        flyway().migrate();
        assertThat(value("SELECT string_agg(type, ',' ORDER BY installed_rank) FROM " + HISTORY))
                .isEqualTo("SQL_BASELINE,SQL,SQL");
        assertThat(migrator().planAdoption().pending()).isEmpty();
        migrator().adopt();
        assertThat(states())
                .containsExactly("1_create_users ignored", "1.1_users applied", "2_new applied", "R_names applied");
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(migrator().validate().valid()).isTrue();
    }

    /** Flyway's undo is not in its free edition: the row is made by hand, as that edition writes it. */
    @Test
    void whatWasUndoneIsPending() {
        shop();
        flyway().migrate();
        database.execute("INSERT INTO " + HISTORY
                + " SELECT 9, '1.1', 'add name', 'UNDO_SQL', 'U1_1__add_name.sql', 0, 'x', now(), 1, true");
        assertThat(migrator().planAdoption().pending()).containsExactly("1.1_add_name");
        assertThat(done(migrator().adopt())).containsExactly("1 create_users adopted", "R names adopted");
    }

    @Test
    void theSchemaThatFlywayCreatedIsLeftOut() {
        shop();
        configure().schemas("app").load().migrate();
        Migrator migrator = builder().schema("app").build();
        assertThat(migrator.planAdoption().items())
                .anySatisfy(item -> assertThat(item.outcome()).isEqualTo(Outcome.LEFT_OUT));
        assertThat(migrator.adopt()).hasSize(3);
        assertThat(migrator.validate().valid()).isTrue();
    }

    @Test
    void aRepeatableMigrationWithAnotherTextRunsAgain() {
        shop();
        flyway().migrate();
        folder.write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT upper(name) AS name FROM users;\n");
        AdoptionReport report = migrator().planAdoption();
        assertThat(report.toString()).contains("R__names.sql: runs_again as R__names");
        assertThat(report.pending()).containsExactly("R__names");
        migrator().adopt();
        assertThat(done(migrator().applyAll())).containsExactly("R names applied");
    }

    @Test
    void onlyTheLatestRunOfARepeatableMigrationCounts() {
        shop();
        flyway().migrate();
        folder.write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM users WHERE true;\n");
        flyway().migrate();
        assertThat(migrator().adopt()).hasSize(3);
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void placeholdersInARepeatableMigrationMakeItRunAgain() {
        shop().write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT ${column} FROM users;\n")
                .write("V2__grow.sql", "ALTER TABLE users ADD COLUMN ${column}2 text;\n");
        configure().placeholders(Map.of("column", "name")).load().migrate();
        Migrator migrator = builder().placeholders(Map.of("column", "name")).build();
        assertThat(migrator.planAdoption().pending()).containsExactly("R__names");
        migrator.adopt();
        assertThat(done(migrator.applyAll())).containsExactly("R names applied");
    }

    static final class V3__Fill extends org.flywaydb.core.api.migration.BaseJavaMigration {
        @Override
        public void migrate(org.flywaydb.core.api.migration.Context context) throws Exception {
            context.getConnection().createStatement().execute("INSERT INTO users VALUES (1, 'a')");
        }
    }

    @Test
    void aMigrationInJavaNeedsOneOfItsVersion() {
        shop();
        configure().javaMigrations(new V3__Fill()).load().migrate();
        folder.write("V4__new.sql", "CREATE TABLE new_one ();");
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.ADOPTION_BLOCKED,
                        () -> migrator().adopt()))
                .hasMessageContaining("a migration in Java, and none of that version is given");
        Migrator migrator = builder()
                .javaMigration(InJava.of("3", context -> {
                            throw new AssertionError("run again");
                        })
                        .named("fill"))
                .build();
        migrator.adopt();
        assertThat(done(migrator.applyAll())).containsExactly("4 new applied");
        assertThat(migrator.status().migrations())
                .anySatisfy(info -> assertThat(info.state()).isEqualTo(MigrationState.APPLIED_UNVERIFIED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"history of ours", "app.history"})
    void historyOfAnotherName(String name) {
        shop();
        database.execute("CREATE SCHEMA app");
        boolean elsewhere = name.startsWith("app.");
        configure()
                .table(name.substring(name.indexOf('.') + 1))
                .defaultSchema(elsewhere ? "app" : "public")
                .load()
                .migrate();
        database.execute(elsewhere ? "CREATE TABLE public.history ()" : "SELECT 1");
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.FOREIGN_HISTORY,
                        () -> migrator().adopt()))
                .hasMessageContaining("There is no flyway_schema_history")
                .hasMessageContaining("confiture.migrate.flyway-table");
        assertThat(builder().flywayTable(name).build().adopt()).hasSize(3);
    }

    /** Each in a file of its own, so that the checksum of each is one that Flyway has recorded. */
    @Test
    void checksumsAreThoseThatFlywayRecords() throws Exception {
        Map<String, byte[]> texts = new TreeMap<>();
        texts.put("lf", "SELECT 1;\nSELECT 2;\n".getBytes(StandardCharsets.UTF_8));
        texts.put("crlf", "SELECT 1;\r\nSELECT 2;\r\n".getBytes(StandardCharsets.UTF_8));
        texts.put("cr", "SELECT 1;\rSELECT 2;\r".getBytes(StandardCharsets.UTF_8));
        texts.put("no_final_newline", "SELECT 1;\nSELECT 2;".getBytes(StandardCharsets.UTF_8));
        texts.put("empty_lines", "\n\n  SELECT 1;  \n\n\t\nSELECT 2;\n\n\n".getBytes(StandardCharsets.UTF_8));
        texts.put("bom", "\uFEFFSELECT 1;\nSELECT 2;\n".getBytes(StandardCharsets.UTF_8));
        texts.put("bom_crlf", "\uFEFFSELECT 1;\r\nSELECT 2;".getBytes(StandardCharsets.UTF_8));
        texts.put("bom_inside", "SELECT 1;\n\uFEFF-- kept\nSELECT 2;\n".getBytes(StandardCharsets.UTF_8));
        texts.put("utf8", "SELECT 'Größe, 日本語, 𝄞';\n-- ünd\n".getBytes(StandardCharsets.UTF_8));
        texts.put("comment_only", "-- nothing\n".getBytes(StandardCharsets.UTF_8));
        texts.put("empty", new byte[0]);
        texts.put("long_line", ("SELECT '" + "x".repeat(200_000) + "';").getBytes(StandardCharsets.UTF_8));
        Files.createDirectories(Path.of(folder.location()));
        int version = 0;
        for (Map.Entry<String, byte[]> text : texts.entrySet()) {
            Files.write(Path.of(folder.location(), "V" + ++version + "__" + text.getKey() + ".sql"), text.getValue());
        }
        flyway().migrate();
        assertThat(migrator().planAdoption().items())
                .hasSize(texts.size())
                .allSatisfy(item ->
                        assertThat(item.toString()).contains(": adopted as ").doesNotContain("("));
        migrator().adopt();
        assertThat(migrator().validate().valid()).isTrue();
    }
}
