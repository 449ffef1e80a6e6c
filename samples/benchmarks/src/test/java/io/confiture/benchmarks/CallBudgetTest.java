package io.confiture.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.confiture.migrate.InitialSchema;
import io.confiture.migrate.Migrator;
import io.confiture.postgres.Session;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The budgets of the benchmark on every build: counts only, no times. */
class CallBudgetTest {
    private static final int N = 20;

    @TempDir
    Path folder;

    @AutoClose
    private final ServerCalls calls = new ServerCalls(TestServer.admin());

    CallBudgetTest() throws Exception {}

    @Test
    void aStartWithNothingToDoTakesThreeCalls() throws Exception {
        Path migrations = MigrationFiles.write(folder, Tool.CONFITURE, N);
        try (TestDatabase database = TestDatabase.create()) {
            callsOfRun(database, migrations);
            assertBudget(callsOfRun(database, migrations), CallBudget.NOTHING_TO_DO, database);
        }
    }

    @Test
    void toBuildAnEmptyDatabaseFromASchemaCostsAStartWithNothingToDoNoCallMore() throws Exception {
        Path migrations = MigrationFiles.write(folder, Tool.CONFITURE, N);
        InitialSchema schema = new InitialSchema() {
            @Override
            public String hash() {
                throw new AssertionError("asked although there is a history");
            }

            @Override
            public void create(Session session) {
                throw new AssertionError("created although there is a history");
            }
        };
        try (TestDatabase database = TestDatabase.create()) {
            callsOfRun(database, migrations);
            try (HikariDataSource pool = pool(database)) {
                calls.reset(database.name());
                Migrator.builder(pool)
                        .locations(migrations.toString())
                        .initialSchema(schema)
                        .build()
                        .applyAll();
                assertBudget(calls.count(database.name()), CallBudget.NOTHING_TO_DO, database);
            }
        }
    }

    @Test
    void aMigrationOfThreeStatementsTakesSevenCalls() throws Exception {
        Path one = MigrationFiles.write(folder.resolve("one"), Tool.CONFITURE, 1);
        Path all = MigrationFiles.write(folder.resolve("all"), Tool.CONFITURE, N);
        assertSlope(one, all, CallBudget.PER_MIGRATION);
    }

    @Test
    void aMigrationThatChangesTheSessionTakesEightCalls() throws Exception {
        Path one = MigrationFiles.writeSessionChanging(folder.resolve("one"), 1);
        Path all = MigrationFiles.writeSessionChanging(folder.resolve("all"), N);
        assertSlope(one, all, CallBudget.PER_SESSION_CHANGING_MIGRATION);
    }

    @Test
    void theCountIsOfStatementsAndNotOfTheDriversSetUp() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                HikariDataSource pool = pool(database)) {
            calls.reset(database.name());
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("SELECT 1");
                connection.setAutoCommit(false);
                statement.execute("SET LOCAL lock_timeout = 1");
                connection.commit();
            }
            // SELECT, BEGIN, SET, COMMIT
            assertThat(calls.count(database.name())).isEqualTo(4);
        }
    }

    private void assertSlope(Path one, Path all, int budget) throws Exception {
        try (TestDatabase first = TestDatabase.create();
                TestDatabase second = TestDatabase.create()) {
            long callsOfOne = callsOfRun(first, one);
            long callsOfAll = callsOfRun(second, all);
            assertThat(second.value("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname ~ '^bench_[0-9]+$'"))
                    .isEqualTo(String.valueOf(N));
            assertBudget(callsOfAll - callsOfOne, budget * (N - 1L), second);
        }
    }

    private void assertBudget(long found, long budget, TestDatabase database) throws Exception {
        assertThat(found)
                .as(() -> {
                    try {
                        return "SQL calls of\n" + String.join("\n", calls.statements(database.name()));
                    } catch (Exception e) {
                        return e.toString();
                    }
                })
                .isPositive()
                .isLessThanOrEqualTo(budget);
    }

    private long callsOfRun(TestDatabase database, Path migrations) throws Exception {
        try (HikariDataSource pool = pool(database)) {
            calls.reset(database.name());
            new ConfitureRunner().run(pool, migrations);
            return calls.count(database.name());
        }
    }

    private static HikariDataSource pool(TestDatabase database) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(ServerCalls.clientUrl(database.url()));
        config.setMaximumPoolSize(2);
        HikariDataSource pool = new HikariDataSource(config);
        pool.getConnection().close();
        return pool;
    }
}
