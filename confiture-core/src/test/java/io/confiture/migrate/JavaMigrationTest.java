package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ChecksumMismatchException;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class JavaMigrationTest extends MigratorTestCase {
    /** Without scripts of the test, at the default location, which need not exist. */
    private Migrator migrator(JavaMigration migration) {
        MigratorBuilder builder =
                Files.exists(Path.of(folder.location())) ? builder() : Migrator.builder(database.dataSource());
        return builder.javaMigration(migration).build();
    }

    private static void upperCase(MigrationContext context) {
        context.jdbc().sql("UPDATE users SET email = upper(email)").update();
    }

    @Test
    void itTakesItsPlaceAmongTheScriptsByVersion() {
        folder.three().write("005_after.up.sql", "CREATE TABLE after_it AS SELECT email FROM users;");
        assertThat(migrator(InJava.of("4", JavaMigrationTest::upperCase)).applyAll())
                .extracting(MigrationResult::version)
                .containsExactly("001", "002", "003", "4", "005");
        assertThat(database.values("SELECT email FROM after_it ORDER BY 1")).containsExactly("A@B.C", "D@E.F");
        assertThat(ledger()).containsExactly("001", "002", "003", "4", "005");
    }

    @Test
    void oneWithoutChecksumIsReportedAsNotCheckedAndNeverAsOk() {
        Migrator migrator = migrator(InJava.of("1", context -> {}));
        migrator.applyAll();
        assertThat(migrator.status().migrations())
                .extracting(MigrationInfo::state)
                .containsExactly(MigrationState.APPLIED_UNVERIFIED);
        assertThat(migrator.validate().count(ValidationReport.Outcome.NOT_CHECKED))
                .isEqualTo(1);
        assertThat(migrator.validate().valid()).isFalse();
        assertThat(migrator.applyAll()).isEmpty();
    }

    @Test
    void aDeclaredChecksumIsKeptAndCompared() {
        migrator(InJava.of("1", context -> {}).withChecksum("v1")).applyAll();
        assertThat(value("SELECT checksum FROM tb_confiture")).isEqualTo("v1");
        assertThat(migrator(InJava.of("1", context -> {}).withChecksum("v1"))
                        .validate()
                        .valid())
                .isTrue();
        Migrator changed = migrator(InJava.of("1", context -> {}).withChecksum("v2"));
        assertThat(refused(ChecksumMismatchException.class, ErrorCode.CHECKSUM_MISMATCH, changed::applyAll))
                .hasMessageContaining("1_in_java");
    }

    @Test
    void itCanBeRolledBackIfItSaysSo() {
        folder.three();
        Migrator migrator = migrator(InJava.of("4", JavaMigrationTest::upperCase)
                .withDown(context -> context.jdbc()
                        .sql("UPDATE users SET email = lower(email)")
                        .update()));
        migrator.applyAll();
        assertThat(migrator.rollback("4").action()).isEqualTo(MigrationAction.ROLLED_BACK);
        assertThat(database.values("SELECT email FROM users ORDER BY 1")).containsExactly("a@b.c", "d@e.f");
        assertThat(migrator.pending()).extracting(Migration::id).containsExactly("4_in_java");
    }

    @Test
    void oneWithoutDownPartCannotBeRolledBack() {
        folder.three();
        Migrator migrator = migrator(InJava.of("4", context -> {}));
        migrator.applyAll();
        refused(MigrationException.class, ErrorCode.IRREVERSIBLE, () -> migrator.rollback("4"));
    }

    @Test
    void itIsTriedOnceAfterALockTimeoutUnlessItSaysThatItMayBeRepeated() throws SQLException {
        folder.three();
        migrator().applyAll();
        AtomicInteger calls = new AtomicInteger();
        InJava.Code code = context -> {
            calls.incrementAndGet();
            upperCase(context);
        };
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE users");
            Migrator once = builder()
                    .lockTimeout(Duration.ofMillis(50))
                    .javaMigration(InJava.of("4", code))
                    .build();
            fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, once::applyAll);
            assertThat(calls).hasValue(1);
            Migrator again = builder()
                    .lockTimeout(Duration.ofMillis(50))
                    .retries(2)
                    .javaMigration(InJava.of("4", code).repeated())
                    .build();
            fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, again::applyAll);
            assertThat(calls).hasValue(1 + 3);
            other.rollback();
        }
    }

    @Test
    void whatItSetsInTheSessionEndsWithIt() {
        folder.write("002_where.up.sql", "CREATE TABLE here (id int);");
        migrator(InJava.of("1", context -> {
                    context.jdbc().sql("CREATE SCHEMA elsewhere").update();
                    context.jdbc().sql("SET search_path = elsewhere").update();
                }))
                .applyAll();
        assertThat(exists("public.here")).isTrue();
    }

    @Test
    void itSharesWhatHooksOfTheRunHaveLeftForIt() {
        StringBuilder seen = new StringBuilder();
        folder.three();
        Migrator migrator = builder()
                .javaMigration(
                        InJava.of("4", context -> seen.append(context.metadata().get("ticket"))))
                .hook(MigrationHook.at(
                        HookPoint.BEFORE_RUN, context -> context.metadata().put("ticket", "OPS-1")))
                .build();
        migrator.applyAll();
        assertThat(seen).hasToString("OPS-1");
    }

    @Test
    void aVersionThatAScriptHasTooIsRefusedWithBothNamed() {
        folder.three();
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.DUPLICATE_VERSION,
                        () -> migrator(InJava.of("2.0", context -> {})).status()))
                .hasMessageContaining("002_add_name.up.sql")
                .hasMessageContaining(InJava.class.getName());
    }

    @Test
    void aVersionThatIsNoNumberIsRefused() {
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator(InJava.of("V1", context -> {})).status()))
                .hasMessageContaining("V1");
    }

    @Test
    void theHintOfALockTimeoutNamesNoDirectiveThatOnlyScriptsHave() throws SQLException {
        folder.three();
        migrator().applyAll();
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE users");
            Migrator migrator = builder()
                    .lockTimeout(Duration.ofMillis(50))
                    .javaMigration(InJava.of("4", JavaMigrationTest::upperCase))
                    .build();
            LockTimeoutException e =
                    fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, migrator::applyAll);
            assertThat(e.hint()).contains("SET LOCAL lock_timeout").doesNotContain("-- confiture:");
        }
    }

    @Test
    void theLedgerIsWrittenByTheRoleOfTheRunWhateverRoleItTookOn() {
        Migrator migrator = migrator(InJava.of("1", context -> {
            context.jdbc().sql("SET ROLE pg_monitor").update();
            context.jdbc().sql("SET search_path = pg_catalog").update();
        }));
        migrator.applyAll();
        assertThat(ledger()).containsExactly("1");
    }

    @Test
    void aChecksumThatIsNoLongerDeclaredIsReportedAsNotChecked() {
        migrator(InJava.of("1", context -> {}).withChecksum("v1")).applyAll();
        Migrator without = migrator(InJava.of("1", context -> {}));
        assertThat(without.applyAll()).isEmpty();
        assertThat(without.status().migrations()).singleElement().satisfies(info -> {
            assertThat(info.state()).isEqualTo(MigrationState.APPLIED_UNVERIFIED);
            assertThat(info.detail()).contains("declares no checksum");
        });
    }

    @Test
    void aCancelledOneIsRolledBackAndSaidToBeCancelled() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        folder.three();
        Migrator migrator = builder()
                .javaMigration(InJava.of("4", context -> {
                    upperCase(context);
                    begun.countDown();
                    context.jdbc().sql("SELECT pg_sleep(600)").query().singleRow();
                }))
                .hook(MigrationHook.at(
                        HookPoint.ON_ERROR, context -> failure.set(Objects.requireNonNull(context.error()))))
                .build();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<List<MigrationResult>> run =
                    migrator.async(executor).applyAll();
            begun.await();
            run.cancel(true);
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        MigrationException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(database.values("SELECT email FROM users ORDER BY 1")).containsExactly("a@b.c", "d@e.f");
        assertThat(migrator().lockHolder()).isEmpty();
    }
}
