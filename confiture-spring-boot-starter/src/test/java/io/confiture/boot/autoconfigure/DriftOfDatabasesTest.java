package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.DatabaseDrift;
import io.confiture.verification.DriftReport;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the properties say of comparisons, for several databases. */
class DriftOfDatabasesTest extends DatabasesTestCase {
    private static final String REPLAY = "confiture.drift.against=migrations";
    private static final String REPLAY_ORDERS = "confiture.databases.orders.drift.against=migrations";

    @Test
    void migrationsBeyondTheTargetAreNotExpected() {
        runner.withPropertyValues(REPLAY, "confiture.migrate.target=001")
                .run(context -> assertThat(context.getBean(DatabaseDrift.class).check("default"))
                        .hasToString("in sync with the migrations up to 001"));
    }

    @Test
    void aComparisonThatWaitsKeepsNoOtherDatabaseWaiting() {
        runner.withPropertyValues(url(), ORDERS, REPLAY, REPLAY_ORDERS).run(context -> {
            DatabaseDrift drift = context.getBean(DatabaseDrift.class);
            // The common pool may have one thread only.
            Executor inThreadOfItsOwn = task -> new Thread(task).start();
            shop.execute("CREATE VIEW names AS SELECT name FROM people");
            CompletableFuture<DriftReport> waiting;
            try (Connection holder = shop.dataSource().getConnection();
                    Statement statement = holder.createStatement()) {
                holder.setAutoCommit(false);
                // Whoever reads the definition of the view waits for its table.
                statement.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE");
                waiting = CompletableFuture.supplyAsync(() -> drift.check("default"), inThreadOfItsOwn);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> !shop.values("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND wait_event_type = 'Lock'")
                                .isEmpty());
                assertThat(CompletableFuture.supplyAsync(() -> drift.check("orders"), inThreadOfItsOwn))
                        .succeedsWithin(Duration.ofSeconds(60))
                        .isInstanceOf(DriftReport.InSync.class);
                assertThat(waiting).isNotDone();
                holder.rollback();
            }
            assertThat(waiting).succeedsWithin(Duration.ofSeconds(60)).isInstanceOf(DriftReport.Drifted.class);
        });
    }

    @Test
    void everyDatabaseAndCheckIsLookedAtBeforeOneFailsTheProcess() {
        runner.withPropertyValues(url(), ORDERS)
                .run(context -> assertThat(context).hasNotFailed());
        shop.execute("UPDATE tb_confiture SET checksum = repeat('a', 64) WHERE version = '001'");
        orders.execute("ALTER TABLE orders ADD COLUMN by_hand int");
        runner.withPropertyValues(
                        url(),
                        ORDERS,
                        REPLAY_ORDERS,
                        "confiture.run=verify",
                        "confiture.verify.equivalence=true",
                        "confiture.databases.orders.verify.drift=true")
                .run(context -> {
                    Throwable failure = Objects.requireNonNull(context.getStartupFailure());
                    assertThat(PropertiesTest.exitCode(failure)).isEqualTo(7);
                    assertThat(Objects.requireNonNull(new ConfitureFailureAnalyzer().analyze(failure))
                                    .getDescription())
                            .contains("Database 'default' is not as the migrations say: 001_create_people")
                            .contains("classpath:db/schema of the schema sources does not exist")
                            .contains("Database 'orders' is not known to be as expected")
                            .contains("by_hand");
                });
    }

    @Test
    void aCheckThatCannotBeMadeEndsWithItsOwnCodeUnlessAnotherOneFailed() {
        runner.run(context -> assertThat(context).hasNotFailed());
        runner.withPropertyValues("confiture.run=verify", "confiture.verify.equivalence=true")
                .run(context -> assertThat(PropertiesTest.exitCode(context.getStartupFailure()))
                        .isEqualTo(5));
        runner.withPropertyValues(
                        "confiture.run=verify", "confiture.verify.equivalence=true", "confiture.verify.drift=true")
                .run(context -> assertThat(PropertiesTest.exitCode(context.getStartupFailure()))
                        .as("nothing is said to compare with")
                        .isEqualTo(7));
    }
}
