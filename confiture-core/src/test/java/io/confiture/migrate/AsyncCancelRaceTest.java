package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Runs that are cancelled at any moment leave whole migrations, a free lock, and connections as good as new. */
class AsyncCancelRaceTest extends MigratorTestCase {
    /** One character for each migration: whether what it makes is there. */
    private static final String EFFECTS = """
            SELECT concat(to_regclass('item') IS NOT NULL,
              coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('item_name')), false),
              EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('item') AND attname = 'price'),
              obj_description(to_regclass('item_price')) IS NOT NULL,
              to_regclass('last') IS NOT NULL)""";

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    @AutoClose
    private final HikariDataSource pool = new HikariDataSource();

    @AutoClose("destroy")
    private final SingleConnectionDataSource connection = new SingleConnectionDataSource(database.url(), true);

    private final JdbcClient checks = JdbcClient.create(connection);

    private final Random random = new Random(20260101);

    /** @param steps called before and after each migration */
    private Migrator pooled(Runnable steps) {
        return Migrator.builder(pool)
                .locations(folder.location())
                .lockWait(Duration.ofSeconds(30))
                .hook(MigrationHook.at(HookPoint.BEFORE_EXECUTE, context -> steps.run()))
                .hook(MigrationHook.at(HookPoint.AFTER_EXECUTE, context -> steps.run()))
                .hook(MigrationHook.at(HookPoint.AFTER_COMMIT, context -> steps.run()))
                .build();
    }

    @Test
    void atAnyMomentACancelledRunLeavesWholeMigrationsAndAFreeLock() {
        cancelled(60);
    }

    @Test
    @Tag("conformance")
    void atAnyOfManyMomentsACancelledRunLeavesWholeMigrationsAndAFreeLock() {
        System.out.printf("400 runs were cancelled when this many migrations were applied: %s%n", cancelled(400));
    }

    private Set<Integer> cancelled(int times) {
        folder.write(
                        "001_item.up.sql",
                        "CREATE TABLE item (id int PRIMARY KEY, name text);\n"
                                + "INSERT INTO item SELECT n, 'item ' || n FROM generate_series(1, 500) n;")
                .write("002_name.up.sql", "CREATE INDEX CONCURRENTLY item_name ON item (name);")
                .write(
                        "003_price.up.sql",
                        "ALTER TABLE item ADD COLUMN price numeric;\nUPDATE item SET price = id;\n"
                                + "COPY item (id, price) FROM stdin;\n1001\t5\n1002\t6\n\\.\n")
                .write(
                        "004_price.up.sql",
                        "CREATE INDEX CONCURRENTLY item_price ON item (price);\n"
                                + "COMMENT ON INDEX item_price IS 'complete';")
                .write("005_last.up.sql", "CREATE TABLE last (id int);");
        pool.setJdbcUrl(database.url());
        pool.setMaximumPoolSize(2);
        Set<Integer> moments = new TreeSet<>();
        int before = 0;
        for (int i = 1; i <= times; i++) {
            int applied = cancelledRun(i);
            assertThat(applied).as("run %s undoes nothing", i).isGreaterThanOrEqualTo(before);
            moments.add(applied);
            before = applied;
            if (applied == 5) {
                assertThat(check("SELECT concat(count(*), ' ', sum(price), ' ',"
                                + " (SELECT count(*) FROM pg_index WHERE NOT indisvalid)) FROM item"))
                        .isEqualTo("502 125261 0");
                checks.sql("DROP TABLE item, last, tb_confiture, tb_confiture_run")
                        .update();
                before = 0;
            }
        }
        assertThat(moments)
                .as("how many were applied when a run had been cancelled")
                .hasSizeGreaterThan(3);
        assertThat(migrator().applyAll()).hasSize(5 - before);
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("confiture-")));
        return moments;
    }

    /** Goes on where the run before it was cancelled, until it is cancelled itself; tells how many are applied then. */
    private int cancelledRun(int number) {
        Semaphore steps = new Semaphore(0);
        CompletableFuture<List<MigrationResult>> run =
                pooled(steps::release).async(executor).applyAll();
        CompletableFuture<?> unused = run.whenComplete((results, failure) -> steps.release(100));
        steps.acquireUninterruptibly(random.nextInt(8));
        LockSupport.parkNanos(random.nextInt(8_000_000));
        run.cancel((number & 1) == 0);
        try (MigrationLock lock = pooled(() -> {}).lock()) {
            return requireLedgerAndSchemaAgree(number);
        }
    }

    private String check(String sql) {
        return checks.sql(sql).query(String.class).single();
    }

    private int requireLedgerAndSchemaAgree(int number) {
        int applied =
                check("SELECT coalesce(to_regclass('tb_confiture')::text, '')").isEmpty()
                        ? 0
                        : Integer.parseInt(check("SELECT count(*) FROM tb_confiture"));
        String effects = check(EFFECTS);
        String expected = "t".repeat(applied) + "f".repeat(5 - applied);
        // The index that is all of a migration may be there while the row that says so is not: the migration is
        // partial.
        assertThat(effects).as("run %s", number).isIn(expected, applied == 1 ? "ttfff" : expected);
        return applied;
    }
}
