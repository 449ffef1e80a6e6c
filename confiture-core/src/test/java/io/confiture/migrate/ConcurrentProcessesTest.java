package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentProcessesTest {
    private static final int PROCESSES = 8;
    private static final int MIGRATIONS = 12;

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path temp;

    private MigrationFolder folder;

    @BeforeEach
    void prepare() {
        folder = new MigrationFolder(temp);
    }

    @RepeatedTest(4)
    @Tag("conformance")
    void soItIsEveryTime() throws Exception {
        startTogether();
    }

    @Test
    void eightJvmsOnAnEmptyDatabaseApplyEachMigrationOnceAndAllSucceed() throws Exception {
        startTogether();
    }

    private void startTogether() throws Exception {
        folder.write(
                "001_output.up.sql", "CREATE TABLE output (version int, at timestamptz DEFAULT clock_timestamp());");
        for (int i = 2; i <= MIGRATIONS; i++) {
            String concurrently = i % 4 == 0 ? "CREATE INDEX CONCURRENTLY output_" + i + " ON output (version);" : "";
            folder.write(
                    "%03d_step.up.sql".formatted(i), concurrently + "INSERT INTO output (version) VALUES (" + i + ");");
        }
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(MigrateProcess.start(database.url(), folder.location()));
        }
        List<String> outputs = new ArrayList<>();
        for (Process process : processes) {
            String output = MigrateProcess.output(process);
            assertThat(process.waitFor()).as(output).isZero();
            outputs.add(output.strip().lines().reduce((a, b) -> b).orElse(""));
        }
        assertThat(outputs).filteredOn("applied 0"::equals).hasSize(PROCESSES - 1);
        assertThat(outputs).filteredOn(("applied " + MIGRATIONS)::equals).hasSize(1);
        assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo(String.valueOf(MIGRATIONS));
        assertThat(database.values("SELECT version FROM output GROUP BY version HAVING count(*) <> 1"))
                .isEmpty();
        assertThat(database.value("SELECT count(*) FROM output")).isEqualTo(String.valueOf(MIGRATIONS - 1));
        assertThat(database.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isEqualTo("0");
    }

    @Test
    void aProcessToldToStopRollsBackFreesTheLockAndExits() throws Exception {
        folder.write("001_slow.up.sql", "CREATE TABLE half (id int); SELECT pg_sleep(600);");
        Process process = MigrateProcess.start(database.url(), folder.location());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !database.values(
                                "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()")
                        .isEmpty());
        process.toHandle().destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(MigrateProcess.output(process)).contains("rolled back and the migration lock is free");
        assertThat(database.value("SELECT to_regclass('half')")).isNull();
        assertThat(database.values("SELECT pid FROM pg_locks WHERE locktype = 'advisory'"))
                .isEmpty();
    }
}
