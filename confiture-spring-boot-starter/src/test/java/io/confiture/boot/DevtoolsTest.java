package io.confiture.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.Jvm;
import io.confiture.boot.fixture.RestartedApp;
import io.confiture.test.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart by the devtools is another start, with other classes, in the same process. */
class DevtoolsTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void aRestartAppliesWhatIsNewAndNothingTwice(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("001_first.up.sql"), "CREATE TABLE first ()");
        Jvm.Result result = Jvm.runWithDevtools(
                        RestartedApp.class,
                        Apps.arguments(database, "folder=" + folder, "confiture.migrate.locations=file:" + folder))
                .join();
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines().filter(line -> line.startsWith("START")))
                .hasSize(2)
                .allMatch(line -> line.contains("by RestartClassLoader"))
                .satisfiesExactly(
                        first -> assertThat(first).contains("001_first").doesNotContain("002_second"),
                        second -> assertThat(second).contains("002_second").doesNotContain("001_first"));
        assertThat(database.values("SELECT version FROM tb_confiture ORDER BY version"))
                .containsExactly("001", "002");
    }
}
