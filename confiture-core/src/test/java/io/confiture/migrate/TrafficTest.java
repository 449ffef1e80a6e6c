package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ConfitureException;
import io.confiture.error.LockTimeoutException;
import io.confiture.test.LockQueue;
import io.confiture.test.Traffic;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Readers and writers on tables, and a long transaction in front of what a migration wants: nobody waits behind a request of
 * the migration for longer than the lock timeout and half a second. What they wait behind a lock that it has is told.
 */
@Tag("conformance")
class TrafficTest extends MigratorTestCase {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);
    private static final long ALLOWED = LOCK_TIMEOUT.toMillis() + 500;
    private static final String READ = "SELECT " + Traffic.ELAPSED + " FROM ";
    private static final String WRITTEN = " RETURNING " + Traffic.ELAPSED;
    private static final String READER = "SELECT count(*) FROM ";
    private static final String WRITER = "UPDATE accounts SET n = 0 WHERE id = 9";

    /** What is done under the traffic. */
    private enum Change {
        ADD_COLUMN(READER + "accounts", "ALTER TABLE accounts ADD COLUMN note text;"),
        DROP_COLUMN(READER + "accounts", "ALTER TABLE accounts DROP COLUMN spare;"),
        FOREIGN_KEY(
                WRITER,
                "ALTER TABLE orders ADD CONSTRAINT known FOREIGN KEY (account) REFERENCES accounts NOT VALID;\n"
                        + "-- Only to be seen: a migration of its own would let the locks go.\n"
                        + "ALTER TABLE orders VALIDATE CONSTRAINT known;"),
        INDEX(WRITER, "CREATE INDEX by_n ON accounts (n);"),
        INDEX_CONCURRENTLY(WRITER, "CREATE INDEX CONCURRENTLY by_n ON accounts (n);"),
        TWO_TABLES(
                READER + "accounts",
                "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE accounts ADD COLUMN note text;"),
        ALONE(
                READER + "accounts",
                "-- confiture: transactional=false\nALTER TABLE accounts ADD COLUMN note text;\nSELECT 1;"),
        VACUUM_FULL(READER + "accounts", "VACUUM FULL accounts;"),
        DETACH(READER + "part_1", "ALTER TABLE parts DETACH PARTITION part_1 CONCURRENTLY;"),
        VIEW(READER + "rich", "CREATE OR REPLACE VIEW rich AS SELECT id, n, 1 AS more FROM accounts;"),
        ROLLBACK(READER + "accounts", "ALTER TABLE accounts ADD COLUMN note text;"),
        DRY_RUN(READER + "accounts", "ALTER TABLE accounts ADD COLUMN note text;"),
        GIVING_UP(READER + "accounts", "ALTER TABLE accounts ADD COLUMN note text;");

        /** The statement of the long transaction in front. */
        private final String blocker;

        private final String sql;

        Change(String blocker, String sql) {
            this.blocker = blocker;
            this.sql = sql;
        }
    }

    @AutoClose("shutdownNow")
    private final ExecutorService others = Executors.newCachedThreadPool();

    @BeforeEach
    void tables() {
        database.execute(
                "CREATE TABLE accounts (id int PRIMARY KEY, n int, spare int)",
                "INSERT INTO accounts SELECT g, g, g FROM generate_series(1, 100000) g",
                "CREATE TABLE orders (id int PRIMARY KEY, account int)",
                "INSERT INTO orders SELECT g, g FROM generate_series(1, 50000) g",
                "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (1) TO (100)",
                "INSERT INTO parts VALUES (1)",
                "CREATE VIEW rich AS SELECT id, n FROM accounts");
    }

    private static List<String> clients(Change change) {
        return switch (change) {
            case VIEW -> repeated(READ + "rich WHERE id = 1");
            case DETACH -> repeated(READ + "(SELECT count(*) FROM parts) all_of_them");
            default ->
                List.of(
                        READ + "accounts WHERE id = 1",
                        READ + "accounts WHERE id = 2",
                        "UPDATE accounts SET n = n + 1 WHERE id = 3" + WRITTEN,
                        "UPDATE accounts SET n = n + 1 WHERE id = 4" + WRITTEN,
                        READ + "orders WHERE id = 1",
                        "UPDATE orders SET account = account WHERE id = 2" + WRITTEN);
        };
    }

    private static List<String> repeated(String sql) {
        return List.of(sql, sql, sql, sql, sql, sql);
    }

    private Object run(Change change) {
        Migrator migrator = builder()
                .lockTimeout(LOCK_TIMEOUT)
                .retries(change == Change.GIVING_UP ? 2 : 20)
                .build();
        return switch (change) {
            case ROLLBACK -> migrator.rollback("1");
            case DRY_RUN -> migrator.dryRun();
            default -> migrator.applyAll();
        };
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void nobodyWaitsLongBehindARequest(Change change) throws Exception {
        if (change == Change.VIEW) {
            folder.write("R__rich.sql", change.sql);
        } else {
            folder.write("1_change.up.sql", change.sql);
        }
        if (change == Change.ROLLBACK) {
            folder.write("1_change.down.sql", "ALTER TABLE accounts DROP COLUMN note;");
            migrator().applyAll();
        }
        try (Connection inFront = database.connect();
                Statement statement = inFront.createStatement();
                Traffic traffic = Traffic.on(database, clients(change));
                LockQueue queue = LockQueue.of(database)) {
            inFront.setAutoCommit(false);
            statement.execute(change.blocker);
            await().until(() -> traffic.done() > 100 && queue.samples() > 0);
            Future<?> run = others.submit(() -> run(change));
            // Two requests at least were given up, the third or the end of the run is to come.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> run.isDone()
                            || (waitsForLong(change)
                                    ? queue.longestRequestMillis() > 2 * ALLOWED
                                    : queue.requests() >= (change == Change.DRY_RUN ? 1 : 3)));
            if (change != Change.GIVING_UP) {
                inFront.rollback();
            }
            ConfitureException failure = failure(run);
            inFront.rollback();
            long before = traffic.done();
            await().until(() -> traffic.done() > before + 100);
            traffic.stop();
            queue.stop();
            tell(change, traffic, queue);

            assertThat(queue.longestBehindRequestMillis()).isLessThanOrEqualTo(ALLOWED);
            if (waitsForLong(change)) {
                assertThat(queue.waits()).isZero();
            } else {
                assertThat(queue.longestRequestMillis()).isLessThanOrEqualTo(ALLOWED);
                assertThat(queue.waits()).isPositive();
            }
            if (change == Change.GIVING_UP) {
                // Nothing was ever had, so that by the server's own account nobody has waited for anything else.
                assertThat(failure).isInstanceOf(LockTimeoutException.class);
                assertThat(queue.requests()).isEqualTo(3);
                assertThat(traffic.longestMillis()).isLessThanOrEqualTo(ALLOWED);
            } else {
                assertThat(failure).isNull();
            }
            assertThat(database.value("SELECT count(*) FROM accounts")).isEqualTo("100000");
        }
    }

    /** What is done concurrently waits as long as it takes, without making anybody wait. */
    private static boolean waitsForLong(Change change) {
        return change == Change.INDEX_CONCURRENTLY || change == Change.DETACH;
    }

    private static @Nullable ConfitureException failure(Future<?> run) throws InterruptedException {
        try {
            run.get();
            return null;
        } catch (ExecutionException e) {
            return (ConfitureException) e.getCause();
        }
    }

    private static void tell(Change change, Traffic traffic, LockQueue queue) {
        System.out.printf(
                "traffic, %s: %d statements of 6 clients; %d requests for a lock, the longest %d ms; %d waits of"
                        + " clients, the longest behind a request %d ms, behind a lock that was had %d ms; the longest"
                        + " statement %d ms (%d samples)%n",
                change.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                traffic.done(),
                queue.requests(),
                queue.longestRequestMillis(),
                queue.waits(),
                queue.longestBehindRequestMillis(),
                queue.longestBehindLockMillis(),
                traffic.longestMillis(),
                queue.samples());
    }
}
