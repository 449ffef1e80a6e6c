package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.error.ChecksumMismatchException;
import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.HookException;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.MigrationLock;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What stands on the screen of the person whose start has failed. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void databaseUnreachable(CapturedOutput output) {
        assertThat(fail(
                        output,
                        "confiture.connect-retries=0",
                        "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/shop?password=hunter2",
                        "spring.datasource.username=shop"))
                .contains("The database to migrate cannot be reached:")
                .contains("CONFIG_006")
                .contains("Connection to 127.0.0.1:1 refused")
                .contains("Check that the server runs")
                .contains("spring.datasource.*")
                .doesNotContain("hunter2");
    }

    @Test
    void wrongPassword(CapturedOutput output) {
        assertThat(fail(output, "spring.datasource.url=" + database.url("nobody_at_all")))
                .contains("The database to migrate cannot be reached:")
                .contains("28000")
                .contains("Check user and password");
    }

    @Test
    void lockTimeoutNamesTheHolder(CapturedOutput output) {
        try (MigrationLock lock = Migrator.builder(database.dataSource())
                .locations("classpath:db/migrations")
                .build()
                .lock()) {
            assertThat(fail(output, "confiture.migrate.lock-wait=300ms"))
                    .contains("Another instance is still migrating this database:")
                    .contains("LOCK_1300")
                    .containsPattern("held by backend pid \\d+")
                    .containsPattern("pg_terminate_backend\\(\\d+\\)");
        }
    }

    @Test
    void tableLockTimeout(CapturedOutput output) throws SQLException {
        Apps.start(database, "confiture.migrate.target=001").close();
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE people IN ACCESS SHARE MODE");
            assertThat(fail(output, "confiture.migrate.lock-timeout=100ms", "confiture.migrate.retries=1"))
                    .contains("A migration did not get a lock that other sessions hold:")
                    .contains("LOCK_1302")
                    .contains("002_add_email");
            other.rollback();
        }
    }

    @Test
    void checksumMismatch(CapturedOutput output) {
        Apps.start(database).close();
        assertThat(fail(output, "confiture.migrate.locations=classpath:changed"))
                .contains("A migration that is applied has been changed since:")
                .contains("MIGR_113")
                .contains("001_create_people")
                .contains("changed/001_create_people.up.sql")
                .contains("confiture.migrate.changed=warn");
    }

    @Test
    void failedMigration(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.locations=classpath:failing"))
                .contains("A migration failed:")
                .contains("MIGR_106")
                .contains("Migration 002_fill_things")
                .contains("failing/002_fill_things.up.sql:3:1")
                .contains("[23505]")
                .containsOnlyOnce("INSERT INTO things")
                .contains("Correct the script and start again")
                .contains("Already done by this start, and kept:")
                .contains("001_create_things applied");
        assertThat(database.values("SELECT version FROM tb_confiture")).containsExactly("001");
    }

    @Test
    void missingLocation(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.locations=classpath:nowhere"))
                .contains("The migrations cannot be found:")
                .contains("CONFIG_002")
                .contains("classpath:nowhere");
    }

    @Test
    void duplicateVersion(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.locations=classpath:duplicate"))
                .contains("Two migrations have the same version:")
                .contains("MIGR_103")
                .contains("001_a")
                .contains("001_b");
    }

    @Test
    void inDoubt(CapturedOutput output) {
        assertThat(Apps.failure(database, "confiture.migrate.locations=classpath:doubtful"))
                .isNotNull();
        assertThat(fail(output, "confiture.migrate.locations=classpath:doubtful"))
                .contains("Somebody has to say whether a statement took effect:")
                .contains("MIGR_115")
                .contains("001_commits_itself");
        assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("0");
    }

    @Test
    void wrongPrivilege(CapturedOutput output) {
        TestServer.execute("CREATE ROLE poor_" + database.name() + " LOGIN");
        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC"); // PostgreSQL 14 grants it
        try {
            assertThat(fail(output, "spring.datasource.url=" + database.url("poor_" + database.name())))
                    .contains("The role that migrates lacks a privilege:")
                    .contains("MIGR_117")
                    .contains("GRANT CREATE ON SCHEMA public TO poor_" + database.name());
        } finally {
            TestServer.execute("DROP ROLE poor_" + database.name());
        }
    }

    @Test
    void ledgerOffTheSearchPath(CapturedOutput output) {
        Apps.start(database).close();
        database.execute("CREATE SCHEMA hidden", "ALTER TABLE tb_confiture SET SCHEMA hidden");
        assertThat(fail(output))
                .contains("The record of what is applied is where this application does not look:")
                .contains("CONFIG_003");
    }

    @Test
    void tableThatIsNoLedger(CapturedOutput output) {
        database.execute("CREATE TABLE tb_confiture (id int)");
        assertThat(fail(output))
                .contains("The table that is to record what is applied is another one:")
                .contains("CONFIG_004");
    }

    @Test
    void unknownTarget(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.target=003_add_email"))
                .contains("There is no such migration:")
                .contains("MIGR_100")
                .contains("002_add_email");
    }

    /** A failure without a name of its own would be met by somebody who does not know where to look. */
    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SCHEMA_INVALID", "SYNC_FAILED", "ANONYMIZATION_FAILED", "ALREADY_APPLIED", "INSIDE_TRANSACTION"})
    void everyFailureOfAStartHasAHeadline(ErrorCode code) {
        ConfitureException failure = switch (code) {
            case CONNECTION_FAILED -> new DatabaseConnectionException(code, "?", null, null);
            case LOCK_TIMEOUT, STATEMENT_LOCK_TIMEOUT ->
                new LockTimeoutException(code, "?", null, MigrationException.Place.UNKNOWN);
            case CHECKSUM_MISMATCH -> new ChecksumMismatchException(code, "?", null, MigrationException.Place.UNKNOWN);
            case HOOK_FAILED -> new HookException(code, "?", null, null);
            default -> new ConfitureException(code, "?", null);
        };
        assertThat(Objects.requireNonNull(
                                new ConfitureFailureAnalyzer().analyze(new ConfitureStartupException(failure)))
                        .getDescription())
                .doesNotContain("The database could not be migrated:");
    }

    @Test
    void outOfOrder(CapturedOutput output) {
        Apps.start(database).close();
        database.execute("DELETE FROM tb_confiture WHERE version = '001'");
        assertThat(fail(output))
                .contains("The database is not where this application needs it:")
                .contains("MIGR_111")
                .contains("001_create_people");
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce(CapturedOutput output) {
        Apps.start(database).close();
        database.execute("INSERT INTO tb_confiture (id, slug, version, name, checksum)"
                + " VALUES (gen_random_uuid(), 'gone', '000', 'gone', repeat('a', 64))");
        assertThat(fail(output, "confiture.migrate.locations=classpath:changed"))
                .contains("MIGR_113")
                .contains("And:")
                .contains("MIGR_112")
                .contains("000_gone");
    }

    @Test
    void pending(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.mode=validate"))
                .contains("The database is not where this application needs it:")
                .contains("MIGR_120")
                .contains("pending: 001_create_people, 002_add_email")
                .contains("migrate-and-exit");
    }

    @Test
    void hookVetoLeavesTheDatabaseAsItWas(CapturedOutput output) {
        Throwable failure = Apps.failure(database, Vetoing.class);
        assertThat(failure).isNotNull();
        assertThat(report(output))
                .contains("A hook of this application stopped the migrations:")
                .contains("HOOK_1100")
                .contains("backup is older than a day")
                .contains("002_add_email")
                .contains("001_create_people applied");
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(4);
        assertThat(database.values("SELECT version FROM tb_confiture")).containsExactly("001");
        assertThat(database.values("SELECT column_name FROM information_schema.columns WHERE table_name = 'people'"))
                .containsExactlyInAnyOrder("id", "name");
    }

    @Test
    void hookVetoOfTheRunLeavesAnEmptyDatabaseEmpty() {
        assertThat(Apps.failure(database, VetoingAll.class)).isNotNull();
        assertThat(database.values("SELECT relname FROM pg_class WHERE relname = 'people'"))
                .isEmpty();
    }

    @Test
    void invalidSetting(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.retries=-1"))
                .contains("A setting of the migrations cannot work:")
                .contains("CONFIG_001");
    }

    @Test
    void unknownProperty(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.locatoins=classpath:x"))
                .contains("Confiture has no property of this name:")
                .contains("confiture.migrate.locatoins, set in \"confiture.migrate.locatoins\" from property source")
                .contains("confiture.migrate.locations (instead of confiture.migrate.locatoins)");
    }

    @Test
    void invalidValueNamesTheNearest(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.mode=valdate"))
                .contains("confiture.migrate.mode cannot be 'valdate', set in \"confiture.migrate.mode\" from property")
                .contains("Probably meant: validate. It can be migrate, validate, wait, off, migrate-and-exit.");
    }

    @Test
    void invalidNumber(CapturedOutput output) {
        assertThat(fail(output, "confiture.migrate.retries=many"))
                .contains("Failed to bind properties under 'confiture.migrate.retries'");
    }

    private String fail(CapturedOutput output, String... properties) {
        assertThat(Apps.failure(database, properties)).isNotNull();
        return report(output);
    }

    static String report(CapturedOutput output) {
        String all = output.getAll();
        int start = all.indexOf("APPLICATION FAILED TO START");
        assertThat(start).as(all).isPositive();
        return all.substring(start);
    }

    @Configuration(proxyBeanMethods = false)
    static class Vetoing {
        @Bean
        MigrationHook veto() {
            return MigrationHook.at(HookPoint.AFTER_EXECUTE, context -> {
                if ("002".equals(context.migrationVersion())) {
                    throw new IllegalStateException("backup is older than a day");
                }
            });
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class VetoingAll {
        @Bean
        MigrationHook veto() {
            return MigrationHook.at(HookPoint.BEFORE_RUN, context -> {
                throw new IllegalStateException("not on a Friday");
            });
        }
    }
}
