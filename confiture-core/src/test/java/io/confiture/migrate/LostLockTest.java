package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.error.CommittedMigration;
import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One instance loses the lock before each of its messages to the server, one message a run, and at that moment another one
 * sets out to do everything. The other one succeeds, the first one knows what it has done, and every migration took effect
 * once.
 */
@Tag("conformance")
class LostLockTest {
    private static final List<String> EFFECTS = List.of("1", "2.1", "2.3", "3", "3", "4", "5.1", "5.3", "R");

    @AutoClose("shutdownNow")
    private final ExecutorService instances = Executors.newCachedThreadPool();

    @TempDir
    Path temp;

    private MigrationFolder folder;

    @BeforeEach
    void history() {
        folder = new MigrationFolder(temp)
                .write("beforeMigrate.sql", "CREATE TABLE IF NOT EXISTS log (what text);")
                .write("1_users.up.sql", "CREATE TABLE users (id int PRIMARY KEY);\nINSERT INTO log VALUES ('1');")
                .write("2_index.up.sql", """
                        INSERT INTO log VALUES ('2.1');
                        CREATE INDEX CONCURRENTLY users_id ON users (id);
                        INSERT INTO log VALUES ('2.3');
                        """)
                .write("3_rows.up.sql", "COPY log FROM stdin;\n3\n3\n\\.\n")
                .write("5_alone.up.sql", """
                        -- confiture: transactional=false
                        INSERT INTO log VALUES ('5.1');
                        VACUUM log;
                        INSERT INTO log VALUES ('5.3');
                        """)
                .write("R__again.sql", "INSERT INTO log VALUES ('R');")
                .write("afterMigrate.sql", "SELECT 1;");
    }

    private static MigratorBuilder withJava(MigratorBuilder builder) {
        return builder.javaMigration(InJava.of(
                "4",
                context -> context.jdbc().sql("INSERT INTO log VALUES ('4')").update()));
    }

    /** What became of one run. */
    private record Attack(@Nullable ConfitureException failure, List<String> first, List<String> second) {}

    @ParameterizedTest
    @EnumSource(LostLockGround.Shape.class)
    void beforeEachMessage(LostLockGround.Shape shape) throws Exception {
        int messages = messages(shape);
        Map<ErrorCode, Integer> codes = new EnumMap<>(ErrorCode.class);
        int others = 0;
        int reached = 0;
        for (int message = 1; message <= messages; message++) {
            Attack attack = attack(shape, message);
            if (attack == null) {
                break;
            }
            reached = message;
            if (attack.failure() != null) {
                codes.merge(attack.failure().code(), 1, Integer::sum);
            }
            others += attack.second().isEmpty() ? 0 : 1;
        }
        int failed = codes.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf(
                "lost lock (%s): before %d messages, %d runs failed as they should %s, in %d the other instance went"
                        + " on, 0 migrations lost, 0 twice%n",
                shape.name().toLowerCase(Locale.ROOT), reached, failed, codes, others);
        assertThat(messages).isGreaterThan(50);
        // What the pool sends by itself may differ.
        assertThat(reached).isGreaterThanOrEqualTo(messages - 3);
        assertThat(failed).isGreaterThan(messages / 2);
        assertThat(codes)
                .containsKey(shape == LostLockGround.Shape.SESSION ? ErrorCode.CONNECTION_FAILED : ErrorCode.LOCK_LOST);
    }

    private int messages(LostLockGround.Shape shape) {
        try (LostLockGround ground = new LostLockGround(shape)) {
            AtomicInteger messages = new AtomicInteger();
            ground.network.watch((link, sql) -> messages.incrementAndGet() > 0);
            assertThat(withJava(ground.loser(folder)).build().applyAll()).hasSize(6);
            return messages.get();
        }
    }

    /** Null if the run was done before. */
    private @Nullable Attack attack(LostLockGround.Shape shape, int message) throws Exception {
        try (LostLockGround ground = new LostLockGround(shape)) {
            CompletableFuture<Future<List<MigrationResult>>> other = new CompletableFuture<>();
            AtomicInteger messages = new AtomicInteger();
            StringBuilder at = new StringBuilder();
            ground.network.watch((link, sql) -> {
                if (messages.incrementAndGet() == message) {
                    at.append(message).append(" of ").append(shape).append(": ").append(sql);
                    ground.terminateTheLocksHolder();
                    Future<List<MigrationResult>> run = instances.submit(
                            () -> withJava(ground.other(folder)).build().applyAll());
                    // A statement without a transaction that is on its way to the server can be told from none by
                    // nobody.
                    boolean alone = sql.startsWith("CREATE INDEX CONCURRENTLY") || sql.startsWith("VACUUM");
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> run.isDone() || !alone && (ground.locked() || ground.fenced()));
                    other.complete(run);
                }
                return true;
            });
            ConfitureException failure = null;
            List<String> first;
            try {
                first = names(withJava(ground.loser(folder)).build().applyAll());
            } catch (ConfitureException e) {
                failure = e;
                first = e.committed().stream().map(CommittedMigration::name).toList();
            }
            if (messages.get() < message) {
                assertThat(failure).isNull();
                return null;
            }
            List<String> second = names(other.get(60, TimeUnit.SECONDS).get());
            assertThat(Stream.concat(first.stream(), second.stream()).sorted())
                    .as(at::toString)
                    .containsExactly("again", "alone", "in_java", "index", "rows", "users");
            assertThat(ground.database.values("SELECT what FROM log ORDER BY what"))
                    .as(at::toString)
                    .isEqualTo(EFFECTS);
            assertThat(ground.database.values("SELECT version FROM tb_confiture ORDER BY version"))
                    .containsExactly("1", "2", "3", "4", "5");
            assertThat(ground.database.values("SELECT version FROM tb_confiture_run WHERE kind = 'segment'"))
                    .as(at::toString)
                    .isEmpty();
            ground.requirePoolUsable();
            ground.requireNothingLeft();
            return new Attack(failure, first, second);
        }
    }

    private static List<String> names(List<MigrationResult> results) {
        return results.stream().map(MigrationResult::name).toList();
    }
}
