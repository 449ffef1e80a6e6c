package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.ChildApp;
import io.confiture.boot.fixture.Jvm;
import io.confiture.migrate.MigrationFolder;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGTERM while an application starts and is in the middle of a migration. */
@Tag("conformance")
class SigtermTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BOUND = Duration.ofSeconds(15);

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "ALTER TABLE t ADD COLUMN v int, migrate, 0",
        "CREATE INDEX CONCURRENTLY i ON t (id), migrate, 1",
        "ALTER TABLE t ADD COLUMN v int, migrate-and-exit, 0",
        "CREATE INDEX CONCURRENTLY i ON t (id), migrate-and-exit, 1"
    })
    void theProcessEndsWith143TheLockIsFreeAndTheNextStartFinishes(String statement, String mode, int marksAfter)
            throws Exception {
        new MigrationFolder(folder)
                .write("1_base.up.sql", "CREATE TABLE marks (what text);")
                .write(
                        "2_held.up.sql",
                        "-- confiture: lock-timeout=10min\nINSERT INTO marks VALUES ('2a');\n" + statement + ";\n");
        database.execute("CREATE TABLE t (id int)");
        String[] arguments = Apps.arguments(
                database, "confiture.migrate.locations=file:" + folder, "confiture.migrate.mode=" + mode);
        long took;
        try (Connection other = database.connect();
                Statement block = other.createStatement()) {
            other.setAutoCommit(false);
            block.execute("INSERT INTO t VALUES (1)");
            Jvm.Running app = Jvm.running(ChildApp.class, arguments);
            await().atMost(PATIENCE)
                    .until(() -> !database.values("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND datname = current_database() AND query = '" + statement + "'")
                            .isEmpty());
            long start = System.nanoTime();
            app.process().destroy();
            Jvm.Result result = app.result().join();
            took = (System.nanoTime() - start) / 1_000_000;
            assertThat(result.exitCode()).as(result.output()).isEqualTo(143);
            assertThat(result.output())
                    .contains("the migration under way is cancelled")
                    .contains("the migration lock is free")
                    .doesNotContain("RESULT");
            await().atMost(PATIENCE)
                    .until(() -> database.values("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                                            + " AND backend_type = 'client backend' AND pid <> pg_backend_pid()")
                                    .size()
                            == 1);
            assertThat(database.values("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"
                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .isEmpty();
        }
        assertThat(Duration.ofMillis(took)).isLessThan(BOUND);
        assertThat(database.values("SELECT version FROM tb_confiture")).containsExactly("1");
        assertThat(database.values("SELECT what FROM marks")).hasSize(marksAfter);

        Jvm.Result next = Jvm.run(ChildApp.class, arguments).join();
        assertThat(next.exitCode()).as(next.output()).isZero();
        assertThat(database.values("SELECT version FROM tb_confiture ORDER BY version"))
                .isEqualTo(List.of("1", "2"));
        assertThat(database.values("SELECT what FROM marks")).containsExactly("2a");
        assertThat(database.values("SELECT 1 FROM pg_index WHERE NOT indisvalid"))
                .isEmpty();
        System.out.println("SIGTERM, Spring Boot application, mode " + mode + ", in " + statement + ": exit 143 within "
                + took + " ms, lock free, the next start finished");
    }
}
