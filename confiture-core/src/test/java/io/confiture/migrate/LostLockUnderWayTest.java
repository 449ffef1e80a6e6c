package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.LostLockGround.Means;
import io.confiture.migrate.LostLockGround.Shape;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The lock is lost, each way it can be, while the server carries out a statement of the run, wherever that comes from. */
@Tag("conformance")
class LostLockUnderWayTest {
    /** Waits until the test lets it go on. */
    private static final String GATE = "SELECT pg_advisory_xact_lock(4711)";

    private static final AtomicInteger LOST = new AtomicInteger();

    /** Where the statement comes from. */
    private enum Work {
        STATEMENT,
        CONCURRENTLY,
        COPY,
        JAVA,
        JAVA_ON_A_CONNECTION_OF_ITS_OWN,
        ROLLBACK,
        CALLBACK,
        HOOK
    }

    @AutoClose("shutdownNow")
    private final ExecutorService instances = Executors.newCachedThreadPool();

    @TempDir
    Path temp;

    static List<Arguments> attacks() {
        List<Arguments> attacks = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            for (Means means : Means.values()) {
                for (Work work : Work.values()) {
                    attacks.add(Arguments.of(shape, means, work));
                }
            }
        }
        return attacks;
    }

    @AfterAll
    static void tell() {
        System.out.printf(
                "lost lock under way: %d times, %d kinds of work by %d means, 0 migrations lost, 0 twice%n",
                LOST.get(), Work.values().length, Means.values().length);
    }

    private MigrationFolder folder(Work work) {
        MigrationFolder folder = new MigrationFolder(temp)
                .write("1_t.up.sql", "CREATE TABLE t (id int);")
                .write("1_t.down.sql", "DROP TABLE t;");
        switch (work) {
            case STATEMENT -> folder.write("2_work.up.sql", insert() + GATE + ";\nINSERT INTO t VALUES (2);");
            case CONCURRENTLY -> folder.write("2_work.up.sql", insert() + "CREATE INDEX CONCURRENTLY i ON t (id);");
            case COPY -> folder.write("2_work.up.sql", """
                        CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS
                            'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END';
                        CREATE TRIGGER gate BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION gate();
                        COPY t FROM stdin;
                        """ + "1\n2\n\\.\n");
            case CALLBACK ->
                folder.write("2_work.up.sql", insert())
                        .write("afterMigrate.sql", GATE + ";\nCREATE TABLE IF NOT EXISTS called (id int);");
            case ROLLBACK ->
                folder.write("2_work.up.sql", insert())
                        .write("2_work.down.sql", "DELETE FROM t;\n" + GATE + ";\n" + insert());
            default -> folder.write("2_work.up.sql", insert());
        }
        return folder;
    }

    private static String insert() {
        return "INSERT INTO t VALUES (1);\n";
    }

    private static MigratorBuilder with(Work work, MigratorBuilder builder, LostLockGround ground, boolean loser) {
        return switch (work) {
            case JAVA ->
                builder.javaMigration(
                        java(context -> context.jdbc().sql(GATE).query().listOfRows()));
            case JAVA_ON_A_CONNECTION_OF_ITS_OWN ->
                builder.javaMigration(java(context -> ground.database.execute(GATE)));
            case HOOK ->
                loser
                        ? builder.hook(MigrationHook.at(HookPoint.BEFORE_EXECUTE, context -> {
                            if ("2".equals(context.migrationVersion())) {
                                context.jdbc().sql(GATE).query().listOfRows();
                            }
                        }))
                        : builder;
            default -> builder;
        };
    }

    private static JavaMigration java(InJava.Code up) {
        return InJava.of("3", context -> {
            up.run(context);
            context.jdbc().sql("INSERT INTO t VALUES (3)").update();
        });
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void whileItRuns(Shape shape, Means means, Work work) throws Exception {
        MigrationFolder folder = folder(work);
        try (LostLockGround ground = new LostLockGround(shape);
                Connection gate = ground.database.connect()) {
            if (work == Work.CONCURRENTLY || work == Work.ROLLBACK) {
                ground.other(folder).build().applyAll(work == Work.ROLLBACK ? "2" : "1");
            }
            shut(gate, work);
            Migrator loser = with(work, ground.loser(folder), ground, true).build();
            Future<?> losing = instances.submit(() -> run(work, loser));
            await().until(() -> waits(ground));

            ground.lose(means);
            if (means == Means.VANISHED) {
                Migrator impatient = with(work, ground.other(folder).lockWait(Duration.ofMillis(50)), ground, false)
                        .build();
                if (work != Work.CALLBACK) {
                    assertThatThrownBy(() -> run(work, impatient)).isInstanceOf(LockTimeoutException.class);
                }
                assertThat(losing).isNotDone();
                ground.terminateTheLocksHolder();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> !ground.locked());
            Migrator other = with(work, ground.other(folder), ground, false).build();
            Future<?> winning = instances.submit(() -> run(work, other));
            await().until(() -> winning.isDone() || ground.locked() || ground.fenced());
            gate.rollback();
            if (means == Means.VANISHED) {
                winning.get();
                // At last the client's own system gives the connection up.
                ground.locksNetwork.links().forEach(link -> link.reset());
            }
            requireFailure(shape, work, catchThrowable(losing::get));
            winning.get();
            requireOnce(work, ground);
            ground.requirePoolUsable();
            ground.requireNothingLeft();
            LOST.incrementAndGet();
        }
    }

    @Test
    void aRunIsNotHeldUpByALocksConnectionThroughWhichNothingComes() throws Exception {
        MigrationFolder folder = new MigrationFolder(temp).three();
        try (LostLockGround ground = new LostLockGround(Shape.POOLER)) {
            Migrator migrator = ground.loser(folder)
                    .hook(MigrationHook.at(HookPoint.AFTER_RUN, context -> ground.lose(Means.VANISHED)))
                    .build();
            assertThat(instances.submit(() -> migrator.applyAll()).get(30, TimeUnit.SECONDS))
                    .hasSize(3);
            ground.requirePoolUsable();
        }
    }

    private static void shut(Connection gate, Work work) throws SQLException {
        gate.setAutoCommit(false);
        try (Statement statement = gate.createStatement()) {
            // What builds an index waits for who writes to the table.
            statement.execute(work == Work.CONCURRENTLY ? "LOCK TABLE t IN ROW EXCLUSIVE MODE" : GATE);
        }
    }

    private static boolean waits(LostLockGround ground) {
        return !ground.database
                .values(
                        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .isEmpty();
    }

    private static List<MigrationResult> run(Work work, Migrator migrator) {
        return work == Work.ROLLBACK ? List.of(migrator.rollback("2")) : migrator.applyAll();
    }

    private static void requireFailure(Shape shape, Work work, Throwable thrown) {
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        ConfitureException e = (ConfitureException) Objects.requireNonNull(thrown.getCause());
        if (shape == Shape.SESSION && work == Work.HOOK) {
            // What a hook throws is a veto, whatever it is.
            assertThat(e.code()).isEqualTo(ErrorCode.HOOK_FAILED);
            return;
        }
        assertThat(e.code()).isEqualTo(shape == Shape.SESSION ? ErrorCode.CONNECTION_FAILED : ErrorCode.LOCK_LOST);
        assertThat(e.hint()).startsWith("Start again");
        if (shape == Shape.SESSION) {
            assertThat(e)
                    .hasMessageContaining("State: "
                            + switch (work) {
                                case CONCURRENTLY ->
                                    "of 2_work these are committed and stay: statement 1. Whether statement 2 took"
                                            + " effect as well could not be told before the connection broke; the"
                                            + " next start finds out.";
                                case CALLBACK ->
                                    "it is rolled back; the migrations of this run are committed and stay.";
                                case ROLLBACK -> "rolled back; nothing of 2_work is rolled back.";
                                case JAVA, JAVA_ON_A_CONNECTION_OF_ITS_OWN ->
                                    "rolled back; nothing of 3_in_java is applied.";
                                default -> "rolled back; nothing of 2_work is applied.";
                            });
        } else {
            assertThat(e).hasMessageContaining("What was open was rolled back");
        }
    }

    private static void requireOnce(Work work, LostLockGround ground) {
        assertThat(ground.database.values("SELECT id FROM t ORDER BY id"))
                .containsExactlyElementsOf(
                        switch (work) {
                            case STATEMENT, COPY -> List.of("1", "2");
                            case JAVA, JAVA_ON_A_CONNECTION_OF_ITS_OWN -> List.of("1", "3");
                            default -> List.of("1");
                        });
        assertThat(ground.database.values("SELECT version FROM tb_confiture ORDER BY version"))
                .containsExactlyElementsOf(
                        switch (work) {
                            case ROLLBACK -> List.of("1");
                            case JAVA, JAVA_ON_A_CONNECTION_OF_ITS_OWN -> List.of("1", "2", "3");
                            default -> List.of("1", "2");
                        });
        if (work == Work.CONCURRENTLY) {
            assertThat(ground.database.values("SELECT indisvalid FROM pg_index WHERE indrelid = 't'::regclass"))
                    .containsExactly("t");
        }
    }
}
