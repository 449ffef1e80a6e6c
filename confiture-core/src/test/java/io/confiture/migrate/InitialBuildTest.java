package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.SchemaException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.InitialBuild.Built;
import io.confiture.migrate.InitialBuild.NotEmpty;
import io.confiture.postgres.Session;
import io.confiture.test.DatabaseContents;
import io.confiture.test.PidChangingProxy;
import io.confiture.test.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An empty database is built at once, and its migrations are recorded; any other is left to them. */
class InitialBuildTest extends MigratorTestCase {
    private static final int INSTANCES = 8;

    @AutoClose("shutdownNow")
    private final ExecutorService others = Executors.newCachedThreadPool();

    private static JavaMigration inJava(String version) {
        return new JavaMigration() {
            @Override
            public String version() {
                return version;
            }

            @Override
            public String name() {
                return "in_java";
            }

            @Override
            public void up(MigrationContext context) {
                throw new AssertionError("was run");
            }
        };
    }

    @Test
    void anEmptyDatabaseIsBuiltAndItsMigrationsAreRecordedWithoutBeingRun() {
        folder.three();
        InitialBuild build = migrator().baselineFrom(TestSchema.THREE);
        assertThat(build).isInstanceOfSatisfying(Built.class, built -> {
            assertThat(built.hash()).isEqualTo(TestSchema.HASH);
            assertThat(built.recorded())
                    .extracting(MigrationResult::action)
                    .containsExactly(MigrationAction.BASELINED, MigrationAction.BASELINED, MigrationAction.BASELINED);
            assertThat(built.skipped()).isEmpty();
        });
        assertThat(build.built()).isTrue();
        assertThat(build.toString())
                .startsWith("built from schema 1a2b3c4d5e6f… in ")
                .endsWith("not checked");
        assertThat(ledger()).containsExactly("001", "002", "003");
        assertThat(value("SELECT string_agg(email, ' ' ORDER BY id) FROM users"))
                .isEqualTo("a@b.c d@e.f");
        assertThat(migrator().applyAll()).isEmpty();
        assertThat(database.values("SELECT kind || ' ' || version || ' ' || state || ': ' || statement"
                        + " FROM tb_confiture_run WHERE kind = 'baseline'"))
                .containsExactly("baseline 003 built: built from schema " + TestSchema.HASH
                        + ", recorded 3 migrations; equivalence not checked; by role postgres");
    }

    @Test
    void statusAndValidationSayThatEquivalenceIsNotChecked() {
        folder.three();
        migrator().baselineFrom(TestSchema.THREE);
        MigrationStatus status = migrator().status();
        assertThat(status.migrations()).extracting(MigrationInfo::state).containsOnly(MigrationState.BASELINE);
        String detail = "recorded, not run: the database was built from schema 1a2b3c4d5e6f…; equivalence not checked";
        assertThat(status.migrations()).extracting(MigrationInfo::detail).containsOnly(detail);
        assertThat(status.upToDate()).isTrue();
        assertThat(Objects.requireNonNull(status.origin()).hash()).isEqualTo(TestSchema.HASH);
        assertThat(status.origin().equivalenceProven()).isFalse();
        assertThat(migrator().validate().checks().get(0).detail()).isEqualTo(detail);
        folder.write("004_more.up.sql", "CREATE TABLE more ()");
        migrator().applyAll();
        assertThat(migrator().status().migrations().get(3).detail()).isNull();
    }

    @Test
    void aRunBuildsAndThenRunsTheRepeatableOnesUnderTheSameLock() {
        folder.three().write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM users");
        List<String> hooked = new ArrayList<>();
        Migrator migrator = builder()
                .initialSchema(TestSchema.THREE)
                .hook(MigrationHook.at(HookPoint.AFTER_COMMIT, context -> hooked.add(context.migrationName())))
                .build();
        assertThat(migrator.applyAll())
                .extracting(result -> result.name() + " " + result.action())
                .containsExactly("create_users baselined", "add_name baselined", "seed baselined", "names applied");
        assertThat(hooked).containsExactly("names");
        assertThat(exists("names")).isTrue();
        assertThat(migrator.applyAll()).isEmpty();
    }

    @Test
    void aSchemaThatStandsForNoMigrationIsBuiltOnce() {
        TestSchema schema = TestSchema.of("CREATE SCHEMA app");
        folder.write("notes.txt", "");
        Migrator migrator = builder().initialSchema(schema).build();
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(migrator.baselineFrom(schema)).isEqualTo(new NotEmpty(List.of("a history in public.tb_confiture")));
        assertThat(schema.created()).hasValue(1);
        assertThat(Objects.requireNonNull(migrator.status().origin()).hash()).isEqualTo(TestSchema.HASH);
        assertThat(migrator.confirmEquivalence(TestSchema.HASH)).isTrue();
        folder.write("001_later.up.sql", "CREATE TABLE app.later ()")
                .write("001_later.down.sql", "DROP TABLE app.later");
        assertThat(migrator.applyAll()).hasSize(1);
        migrator.rollbackForced("001");
        assertThat(migrator.applyAll()).extracting(MigrationResult::action).containsExactly(MigrationAction.APPLIED);
        assertThat(schema.created()).hasValue(1);
    }

    @Test
    void repeatableMigrationsAreLeftToTheNextRun() {
        folder.three().write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM users");
        migrator().baselineFrom(TestSchema.THREE);
        assertThat(migrator().pending()).extracting(Migration::id).containsExactly("R__names");
        assertThat(migrator().applyAll()).extracting(MigrationResult::name).containsExactly("names");
    }

    @Test
    void whateverIsThereIsNamedAndNothingIsDone() {
        folder.three();
        database.execute("CREATE SCHEMA app");
        for (String[] one : new String[][] {
            {"TABLE app.t (id serial, b int GENERATED ALWAYS AS IDENTITY)", "table app.t"},
            {"VIEW v AS SELECT 1 AS a", "view public.v"},
            {"MATERIALIZED VIEW m AS SELECT 1 AS a", "materialized view public.m"},
            {"SEQUENCE s", "sequence public.s"},
            {"TYPE e AS ENUM ('a')", "type public.e"},
            {"TYPE c AS (a int)", "type public.c"},
            {"DOMAIN app.d AS int", "type app.d"},
            {"FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function public.f"},
            {"PROCEDURE p() LANGUAGE sql AS 'SELECT 1'", "procedure public.p"},
            {"AGGREGATE a (int) (SFUNC = int4pl, STYPE = int)", "aggregate public.a"},
        }) {
            database.execute("CREATE " + one[0]);
            List<String> before = DatabaseContents.of(database);
            InitialBuild build = migrator().baselineFrom(TestSchema.THREE);
            assertThat(build).isEqualTo(new NotEmpty(List.of(one[1])));
            assertThat(build).hasToString("not built from the schema: the database has " + one[1]);
            assertThat(DatabaseContents.of(database)).isEqualTo(before);
            database.execute(
                    "DROP " + one[1].replace("type app.d", "domain app.d") + (one[1].endsWith(".a") ? "(int)" : ""));
        }
        assertThat(migrator().baselineFrom(TestSchema.THREE).built()).isTrue();
        assertThat(migrator().baselineFrom(TestSchema.THREE))
                .isEqualTo(new NotEmpty(List.of("a history in public.tb_confiture")));
    }

    @Test
    void whatAnAdministratorPreparesLeavesADatabaseEmpty() {
        folder.three();
        database.execute(
                "CREATE SCHEMA app", "CREATE EXTENSION citext SCHEMA app", "CREATE EXTENSION pg_stat_statements");
        migrator().initialize();
        assertThat(migrator().baselineFrom(TestSchema.THREE).built()).isTrue();
    }

    @Test
    void aDatabaseThatIsNotEmptyIsMigratedAsEver() {
        folder.three();
        database.execute("CREATE TABLE other (id int)");
        assertThat(builder().initialSchema(TestSchema.THREE).build().applyAll())
                .extracting(MigrationResult::action)
                .containsOnly(MigrationAction.APPLIED);
        assertThat(migrator().status().origin()).isNull();
    }

    @Test
    void withATargetBelowTheNewestAllMigrationsAreRun() {
        folder.three();
        assertThat(builder().initialSchema(TestSchema.THREE).build().applyAll("002"))
                .extracting(MigrationResult::action)
                .containsOnly(MigrationAction.APPLIED);
        assertThat(exists("users")).isTrue();
    }

    @Test
    void theOneMigrationThatIsAskedForIsApplied() {
        folder.three();
        builder().initialSchema(TestSchema.THREE).build().apply("001");
        assertThat(ledger()).containsExactly("001");
    }

    @Test
    void withoutAnyMigrationTheSchemaIsBuiltOnce() {
        folder.write("readme.txt", "");
        TestSchema schema = TestSchema.of("CREATE TABLE t (id int)");
        Migrator migrator = builder().initialSchema(schema).build();
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(exists("t")).isTrue();
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(schema.created()).hasValue(1);
    }

    @Test
    void migrationsInJavaAreSkippedAndNamed() {
        folder.three();
        Migrator migrator = builder().javaMigration(inJava("002.5")).build();
        assertThat(migrator.baselineFrom(TestSchema.THREE))
                .isInstanceOfSatisfying(
                        Built.class, built -> assertThat(built.skipped()).containsExactly("002.5_in_java"))
                .asString()
                .endsWith("; skipped migrations in Java: 002.5_in_java");
        assertThat(ledger()).containsExactly("001", "002", "002.5", "003");
    }

    @Test
    void whereTheSchemaLacksDataAllMigrationsAreRunAndTheReasonIsTold() {
        folder.three();
        InitialSchema schema = TestSchema.of(TestSchema.THREE.sql());
        assertThat(migrator().baselineFrom(schema))
                .isInstanceOf(InitialBuild.Refused.class)
                .asString()
                .startsWith("not built from the schema: " + folder.location())
                .endsWith("003_seed.up.sql:1: INSERT adds rows to public.users, and no seed does");
        assertThat(exists("users")).isFalse();
        assertThat(builder().initialSchema(schema).build().applyAll())
                .extracting(MigrationResult::action)
                .containsOnly(MigrationAction.APPLIED);
    }

    @Test
    void whatLabelsKeepFromRunningHereIsNotRecorded() {
        folder.three().write("004_eu.up.sql", "-- confiture: labels=eu\nCREATE TABLE eu ()");
        builder().labels(List.of("us")).build().baselineFrom(TestSchema.THREE);
        assertThat(ledger()).containsExactly("001", "002", "003");
    }

    @Test
    void ofEightInstancesAtOnceOneBuildsAndAllGoOn() throws Exception {
        folder.three();
        TestSchema schema =
                TestSchema.of(TestSchema.THREE.sql() + "; SELECT pg_sleep(0.2)").filling("users");
        List<Callable<List<MigrationResult>>> starts = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            Migrator migrator = builder().initialSchema(schema).build();
            starts.add(migrator::applyAll);
        }
        List<Integer> results = new ArrayList<>();
        for (Future<List<MigrationResult>> start : others.invokeAll(starts)) {
            results.add(start.get().size());
        }
        assertThat(schema.created()).hasValue(1);
        assertThat(results).containsExactlyInAnyOrder(3, 0, 0, 0, 0, 0, 0, 0);
        assertThat(ledger()).containsExactly("001", "002", "003");
        assertThat(value("SELECT count(*) FROM users")).isEqualTo("2");
    }

    @Test
    void aSchemaThatFailsLeavesNothing() {
        folder.three();
        TestSchema schema = TestSchema.of("CREATE TABLE t (id int); SELECT 1 / 0");
        assertThat(refused(
                        SchemaException.class,
                        ErrorCode.INITIAL_BUILD_FAILED,
                        () -> migrator().baselineFrom(schema.covering("003"))))
                .hasMessageContaining("division by zero [22012]; rolled back, the database is as empty as before");
        refused(
                SchemaException.class,
                ErrorCode.INITIAL_BUILD_FAILED,
                () -> migrator().baselineFrom(failingWith(new AssertionError("mine"))));
        refused(
                SchemaException.class,
                ErrorCode.INITIAL_BUILD_FAILED,
                () -> builder().initialSchema(schema.covering("003")).build().applyAll());
    }

    private static InitialSchema failingWith(Error error) {
        return new Custom() {
            @Override
            public void create(Session session) throws SQLException {
                session.execute("CREATE TABLE t (id int)");
                throw error;
            }

            @Override
            public Set<String> coveredMigrations() {
                return Set.of("003");
            }
        };
    }

    private abstract static class Custom implements InitialSchema {
        @Override
        public String hash() {
            return TestSchema.HASH;
        }
    }

    @Test
    void aSchemaThatSwallowsAFailureOrEndsTheTransactionIsNotRecorded() {
        folder.write("001_a.up.sql", "CREATE TABLE a ()");
        refused(
                SchemaException.class,
                ErrorCode.INITIAL_BUILD_FAILED,
                () -> migrator().baselineFrom(new Custom() {
                    @Override
                    public void create(Session session) {
                        assertThatThrownBy(() -> session.execute("SELECT 1 / 0"))
                                .isInstanceOf(SQLException.class);
                    }
                }));
        for (String end : List.of("COMMIT", "ROLLBACK AND CHAIN")) {
            fails(
                    SchemaException.class,
                    ErrorCode.INITIAL_BUILD_FAILED,
                    () -> migrator().baselineFrom(new Custom() {
                        @Override
                        public void create(Session session) throws SQLException {
                            session.execute(end);
                        }
                    }));
            assertThat(exists("tb_confiture")).isFalse();
        }
        refused(
                SchemaException.class,
                ErrorCode.INITIAL_BUILD_FAILED,
                () -> migrator().baselineFrom(new Custom() {
                    @Override
                    public void create(Session session) throws SQLException {
                        session.sharedConnection().setAutoCommit(false);
                        session.execute("CREATE TABLE t (id int)");
                    }
                }));
        assertThat(migrator().applyAll()).hasSize(1);
    }

    @Test
    void deferredConstraintsAreCheckedBeforeAnythingIsRecorded() {
        folder.write("001_a.up.sql", "");
        TestSchema schema = TestSchema.of("CREATE TABLE a (id int PRIMARY KEY,"
                + " b int REFERENCES a DEFERRABLE INITIALLY DEFERRED); INSERT INTO a VALUES (1, 2)");
        assertThat(refused(
                        SchemaException.class,
                        ErrorCode.INITIAL_BUILD_FAILED,
                        () -> migrator().baselineFrom(schema)))
                .hasMessageContaining("[23503]");
    }

    @Test
    void whatTheSchemaSetsInTheSessionIsUndoneBeforeTheLedgerIsWritten() {
        folder.three();
        TestServer.execute("DROP ROLE IF EXISTS build_other", "CREATE ROLE build_other");
        TestSchema schema = TestSchema.of("CREATE SCHEMA app AUTHORIZATION build_other; SET search_path = app;"
                        + " SET ROLE build_other; CREATE TABLE users (id int)")
                .covering("003");
        migrator().baselineFrom(schema);
        assertThat(exists("app.users")).isTrue();
        assertThat(value("SELECT tableowner || ' ' || schemaname FROM pg_tables WHERE tablename = 'tb_confiture'"))
                .isEqualTo("postgres public");
    }

    @Test
    void theSchemaMayCreateThePlaceOfTheLedger() {
        folder.three();
        TestSchema schema =
                TestSchema.of("CREATE SCHEMA audit; " + TestSchema.THREE.sql()).covering("003");
        builder().schema("audit").build().baselineFrom(schema);
        assertThat(value("SELECT count(*) FROM audit.tb_confiture")).isEqualTo("3");
    }

    @Test
    void theRoleOfTheMigratorOwnsWhatIsBuilt() {
        folder.three();
        TestServer.execute("DROP ROLE IF EXISTS build_owner", "CREATE ROLE build_owner");
        database.execute("GRANT CREATE ON SCHEMA public TO build_owner");
        builder().role("build_owner").initSql("SET app.x = 'y'").build().baselineFrom(TestSchema.THREE);
        assertThat(database.values("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly("build_owner");
        database.execute("DROP OWNED BY build_owner CASCADE");
        TestServer.execute("DROP ROLE build_owner");
    }

    @Test
    void behindATransactionPoolerItIsOneTransactionUnderTheLockOfAnotherConnection() {
        folder.three();
        try (PidChangingProxy proxy = new PidChangingProxy()) {
            Migrator migrator = Migrator.builder(proxy.url(database))
                    .locations(folder.location())
                    .initialSchema(TestSchema.THREE)
                    .build();
            assertThat(migrator.applyAll()).hasSize(3);
            assertThat(migrator.applyAll()).isEmpty();
        }
        assertThat(ledger()).hasSize(3);
    }

    @Test
    void aBuildThatHasLostTheLockLeavesNothing() {
        folder.three();
        TestSchema schema = TestSchema.of(TestSchema.THREE.sql()
                        + "; SELECT pg_terminate_backend(l.pid, 5000) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                        + " WHERE l.locktype = 'advisory' AND a.datname = current_database()")
                .filling("users");
        try (PidChangingProxy proxy = new PidChangingProxy()) {
            Migrator migrator = Migrator.builder(proxy.url(database))
                    .locations(folder.location())
                    .build();
            refused(MigrationException.class, ErrorCode.LOCK_LOST, () -> migrator.baselineFrom(schema));
        }
    }
}
