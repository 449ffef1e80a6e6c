package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.ChildApp;
import io.confiture.boot.fixture.Jvm;
import io.confiture.migrate.MigrationLock;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The documented exit codes, of processes. */
class ExitCodesTest {
    private static final String AND_EXIT = "confiture.migrate.mode=migrate-and-exit";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void migrateAndExitIs0AndEndsBeforeTheApplicationRuns() {
        Jvm.Result result = start(AND_EXIT).join();
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("HEARD [001_create_people, 002_add_email]")
                .contains("CLOSED")
                .doesNotContain("RESULT");
        assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("2");
    }

    @Test
    void aRunForOneThingEndsWithItsOwnCodeAndNeverGoesOn() {
        assertExitCode(0, start("confiture.run=migrate"));
        var rolledBack = start("confiture.run=rollback-to", "confiture.migrate.target=001");
        Jvm.Result result = rolledBack.join();
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("CLOSED").doesNotContain("RESULT");
        assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("1");
        var verified = start("confiture.run=verify");
        var changed = start("confiture.run=verify", "confiture.migrate.locations=classpath:changed");
        assertExitCode(0, verified);
        assertExitCode(7, changed);
        assertExitCode(5, start("confiture.run=rollback-to"));
    }

    @Test
    void everythingElse() {
        try (TestDatabase failing = TestDatabase.create();
                TestDatabase locked = TestDatabase.create();
                TestDatabase pending = TestDatabase.create();
                TestDatabase migrated = TestDatabase.create();
                MigrationLock lock = Migrator.builder(locked.dataSource())
                        .locations("classpath:db/migrations")
                        .build()
                        .lock()) {
            // Two at a time: as many as there are processors.
            var other = start("broken=true");
            var unreachable =
                    start("spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x", "confiture.connect-retries=1");
            assertExitCode(1, other);
            assertExitCode(3, unreachable);
            var failed = Jvm.run(
                    ChildApp.class, Apps.arguments(failing, AND_EXIT, "confiture.migrate.locations=classpath:failing"));
            var timeout = Jvm.run(ChildApp.class, Apps.arguments(locked, "confiture.migrate.lock-wait=500ms"));
            assertExitCode(4, failed);
            assertExitCode(6, timeout);
            var missing = start("confiture.migrate.locations=classpath:nowhere");
            var unknown = start("confiture.migrate.locatoins=classpath:nowhere");
            assertExitCode(5, missing);
            assertExitCode(5, unknown);
            var duplicate = start("confiture.migrate.locations=classpath:duplicate");
            var invalid = Jvm.run(ChildApp.class, Apps.arguments(pending, "confiture.migrate.mode=validate"));
            assertExitCode(5, duplicate);
            assertExitCode(7, invalid);
            Apps.start(migrated).close();
            assertExitCode(
                    7,
                    Jvm.run(ChildApp.class, Apps.arguments(migrated, "confiture.migrate.locations=classpath:changed")));
        }
    }

    private CompletableFuture<Jvm.Result> start(String... properties) {
        return Jvm.run(ChildApp.class, Apps.arguments(database, properties));
    }

    private static void assertExitCode(int expected, CompletableFuture<Jvm.Result> process) {
        Jvm.Result result = process.join();
        assertThat(result.exitCode()).as(result.output()).isEqualTo(expected);
    }
}
