package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class PlaceholderMigrationTest extends MigratorTestCase {
    private static final String SECRET = "canary_s3cret";

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.confiture");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setLevel(null);
    }

    private Migrator with(String... namesAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder().placeholders(values).build();
    }

    private static String everythingSaid(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text + (e instanceof MigrationException m ? m.sql() + m.hint() : "");
    }

    @Test
    void valuesArePutIntoBothDirections() {
        folder.write("1_a.up.sql", "CREATE TABLE ${t} (\"${c}\" text); COPY ${t} FROM stdin;\n${t}\n\\.\n")
                .write("1_a.down.sql", "DROP TABLE ${t}");
        Migrator migrator = with("t", "orders", "c", "a \"b\"");
        MigrationResult result = migrator.applyAll().get(0);
        assertThat(value("SELECT \"a \"\"b\"\"\" FROM orders")).isEqualTo("${t}");
        assertThat(result.sql()).startsWith("CREATE TABLE ${t} (\"${c}\" text);");
        migrator.rollback("1");
        assertThat(exists("orders")).isFalse();
    }

    @Test
    void theSectionsOfOneFileHaveThemToo() {
        folder.write("1_a.sql", "-- migrate:up\nCREATE TABLE ${t} ();\n-- migrate:down\nDROP TABLE ${t};");
        with("t", "orders").applyAll();
        assertThat(exists("orders")).isTrue();
        with("t", "orders").rollback("1");
        assertThat(exists("orders")).isFalse();
    }

    @Test
    void anotherValueDoesNotMakeAnAppliedMigrationAChangedOne() {
        folder.write("1_a.up.sql", "CREATE TABLE ${t} ();");
        with("t", "orders").applyAll();
        Migrator later = with("t", "customers");
        assertThat(later.validate().valid()).isTrue();
        assertThat(later.applyAll()).isEmpty();
        assertThat(exists("customers")).isFalse();
    }

    @Test
    void aStatementRunsAsWhatIsSent() {
        folder.write("1_a.up.sql", "CREATE TABLE t (a int);\nCREATE INDEX ${how} i ON t (a);");
        Migrator migrator = with("how", "concurrently");
        assertThat(migrator.plan().steps().get(0).transactional()).isFalse();
        migrator.applyAll();
        assertThat(exists("i")).isTrue();
    }

    @Test
    void anInterruptedMigrationGoesOnWithOtherValues() {
        String committed = "CREATE TABLE ${t} (a int);\nCREATE INDEX CONCURRENTLY \"i_${t}\" ON ${t} (a);\n";
        folder.write("1_a.up.sql", committed + "SELECT 1/0;");
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> with("t", "orders").applyAll());
        folder.write("1_a.up.sql", committed + "CREATE TABLE rest_${t} ();");
        with("t", "others").applyAll();
        assertThat(exists("i_orders")).isTrue();
        assertThat(exists("others")).isFalse();
        assertThat(exists("rest_others")).isTrue();
    }

    @Test
    void anInterruptedStatementIsLookedForByTheNameThatWasSent() {
        folder.write("1_a.up.sql", "CREATE INDEX CONCURRENTLY \"i_${t}\" ON t (a);");
        database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)");
        folder.write("1_a.up.sql", "CREATE UNIQUE INDEX CONCURRENTLY \"i_${t}\" ON t (a);");
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> with("t", "one").applyAll());
        assertThat(value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i_one'::regclass"))
                .isEqualTo("f");
        database.execute("TRUNCATE t");
        with("t", "two").applyAll();
        assertThat(exists("i_one")).isFalse();
        assertThat(exists("i_two")).isTrue();
    }

    @Test
    void aScriptThatNeedsAnotherStopsAllBeforeAnythingRuns() {
        folder.three().write("004_x.up.sql", "\n-- confiture: placeholders=ownr\nSELECT 1;");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.PLACEHOLDER,
                () -> with("owner", "x").applyAll());
        assertThat(e.file()).endsWith("004_x.up.sql");
        assertThat(List.of(e.line(), e.column())).containsExactly(2, 15);
        assertThat(e).hasMessageContaining("ownr").hasMessageContaining("Did you mean owner?");
        assertThat(with("owner", "x").plan().blockers())
                .anySatisfy(blocker -> assertThat(blocker).contains("ownr"));
    }

    @Test
    void aValueThatWouldAddAStatementStopsAllBeforeAnythingRuns() {
        folder.three().write("004_x.up.sql", "SELECT\n ${v};");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.PLACEHOLDER,
                () -> with("v", "1; DROP TABLE " + SECRET).applyAll());
        assertThat(List.of(e.line(), e.column())).containsExactly(2, 2);
        assertThat(e).hasMessageContaining("a semicolon");
        assertThat(everythingSaid(e)).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void anEmptyValueIsRefusedBeforeThereIsAMigrator(String value) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> with("owner", value))
                .withMessageContaining("owner");
    }

    @Test
    void anUnknownNameIsLeftToTheServerAndTheHintTellsWhatItIs() {
        folder.write("1_a.up.sql", "CREATE TABLE t ();\nSELECT ${nme};");
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(() -> with("name", "x").applyAll())
                .satisfies(e -> {
                    assertThat(List.of(e.line(), e.column())).containsExactly(2, 8);
                    assertThat(e.hint()).contains("No such placeholder");
                });
    }

    @Test
    void anErrorStandsWhereTheFileHasItAndShowsTheNames() {
        folder.write("1_a.up.sql", "CREATE TABLE t (a int);\nINSERT INTO ${schema}.t\nVALUES (${a_value}, nope);");
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(
                        () -> with("schema", "public", "a_value", "1000000 + 1").applyAll())
                .satisfies(e -> {
                    assertThat(List.of(e.line(), e.column())).containsExactly(3, 21);
                    String sql = String.valueOf(e.sql());
                    assertThat(sql).isEqualTo("INSERT INTO ${schema}.t\nVALUES (${a_value}, nope)");
                    assertThat(sql.substring(Objects.requireNonNull(e.position()) - 1))
                            .startsWith("nope");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // At its own statement, in its position, in what another statement says of the data, at the commit.
                "SELECT ${v};",
                "SELECT 1; DROP TABLE ${v};",
                "CREATE TABLE t (a text PRIMARY KEY); INSERT INTO t VALUES ('${v}' || ${literal});"
                        + " INSERT INTO t SELECT * FROM t;",
                "CREATE TABLE t (a text PRIMARY KEY, b text REFERENCES t DEFERRABLE INITIALLY DEFERRED);"
                        + " INSERT INTO t VALUES ('x', ${literal});",
                "CREATE TABLE t (a text); CREATE INDEX CONCURRENTLY ${v} ON t (${v});",
                "-- confiture: transactional=false\nCALL ${v}(${literal});",
                "DO $$ BEGIN RAISE WARNING '%', current_setting('my.v'); END $$; SELECT 1/0;",
                "DROP TABLE IF EXISTS ${v}; SET my.v = ${literal};"
                        + " DO $$ BEGIN RAISE WARNING '%', current_setting('my.v'); END $$; SELECT 1/0;",
            })
    void noValueIsTold(String script) {
        folder.write("1_a.up.sql", script);
        List<Throwable> toHooks = new ArrayList<>();
        Migrator migrator = builder()
                .placeholders(Map.of("v", SECRET, "literal", "'" + SECRET + "'"))
                .hook(MigrationHook.at(HookPoint.ON_ERROR, context -> toHooks.add(context.error())))
                .build();
        assertThatExceptionOfType(ConfitureException.class)
                .isThrownBy(migrator::applyAll)
                .satisfies(e -> assertThat(everythingSaid(e)).doesNotContain(SECRET));
        assertThat(toHooks)
                .isNotEmpty()
                .allSatisfy(e -> assertThat(everythingSaid(e)).doesNotContain(SECRET));
        assertThat(logged.list)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.getFormattedMessage()).doesNotContain(SECRET));
        assertThat(migrator.status().toString() + migrator.plan() + migrator.validate())
                .doesNotContain(SECRET);
    }

    @Test
    void whatAProcedureWasCalledWithIsNotKeptBesideTheLedger() {
        database.execute("CREATE PROCEDURE p(text) LANGUAGE plpgsql AS $$ BEGIN COMMIT; PERFORM 1/0; END $$");
        folder.write("1_a.up.sql", "-- confiture: transactional=false\nCALL p(${literal});");
        Migrator migrator = with("literal", "'" + SECRET + "'");
        assertThatExceptionOfType(MigrationException.class).isThrownBy(migrator::applyAll);
        assertThat(value("SELECT statement FROM tb_confiture_run")).isEqualTo("CALL p(${literal})");
        assertThatExceptionOfType(MigrationException.class)
                .isThrownBy(migrator::applyAll)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.IN_DOUBT))
                .satisfies(e -> assertThat(everythingSaid(e)).doesNotContain(SECRET));
    }

    @Test
    void repeatableMigrationsHaveThemToo() {
        folder.write("R__a.sql", "CREATE TABLE ${t} ();");
        with("t", "orders").applyAll();
        assertThat(exists("orders")).isTrue();
        assertThat(with("t", "others").applyAll()).isEmpty();
    }

    @Test
    void metadataIsReadFromTheHeadOfTheUpPartAndToldToHooks() {
        folder.write("1_a.up.sql", "-- confiture: meta.ticket=ABC-1 meta.author=\"Ada L.\"\nCREATE TABLE t ();")
                .write("1_a.down.sql", "DROP TABLE t;");
        List<Map<String, String>> told = new ArrayList<>();
        Migrator migrator = builder()
                .hook(MigrationHook.at(HookPoint.BEFORE_RUN, context -> told.add(context.migrationMetadata())))
                .hook(MigrationHook.at(HookPoint.AFTER_COMMIT, context -> told.add(context.migrationMetadata())))
                .build();
        Migration migration = migrator.pending().get(0);
        assertThat(migration.metadata()).containsExactly(entry("ticket", "ABC-1"), entry("author", "Ada L."));
        migrator.applyAll();
        migrator.rollback("1");
        assertThat(told).containsExactly(Map.of(), migration.metadata(), Map.of(), migration.metadata());
    }
}
