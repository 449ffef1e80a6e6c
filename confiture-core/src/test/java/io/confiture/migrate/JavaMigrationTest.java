package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ChecksumMismatchException;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JavaMigrationTest extends MigratorTestCase {

    private interface Code {
        void run(MigrationContext context) throws Exception;
    }

    /** A Java migration of this test; {@code down}, checksum and repetition are those of the interface unless given. */
    private static class Written implements JavaMigration {
        private final String version;
        private final Code up;
        private final @Nullable String checksum;

        Written(String version, @Nullable String checksum, Code up) {
            this.version = version;
            this.checksum = checksum;
            this.up = up;
        }

        @Override
        public String version() {
            return version;
        }

        @Override
        public String name() {
            return "in_java";
        }

        @Override
        public void up(MigrationContext context) throws Exception {
            up.run(context);
        }

        @Override
        public @Nullable String checksum() {
            return checksum;
        }
    }

    private static JavaMigration java(String version, Code up) {
        return new Written(version, null, up);
    }

    private static JavaMigration reversible(String version, Code up, Code down) {
        return new Written(version, null, up) {
            @Override
            public boolean reversible() {
                return true;
            }

            @Override
            public void down(MigrationContext context) throws Exception {
                down.run(context);
            }
        };
    }

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
        assertThat(migrator(java("4", JavaMigrationTest::upperCase)).applyAll())
                .extracting(MigrationResult::version)
                .containsExactly("001", "002", "003", "4", "005");
        assertThat(database.values("SELECT email FROM after_it ORDER BY 1")).containsExactly("A@B.C", "D@E.F");
        assertThat(ledger()).containsExactly("001", "002", "003", "4", "005");
    }

    @Test
    void oneWithoutChecksumIsReportedAsNotCheckedAndNeverAsOk() {
        Migrator migrator = migrator(java("1", context -> {}));
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
        migrator(new Written("1", "v1", context -> {})).applyAll();
        assertThat(value("SELECT checksum FROM tb_confiture")).isEqualTo("v1");
        assertThat(migrator(new Written("1", "v1", context -> {})).validate().valid())
                .isTrue();
        Migrator changed = migrator(new Written("1", "v2", context -> {}));
        assertThat(refused(ChecksumMismatchException.class, ErrorCode.CHECKSUM_MISMATCH, changed::applyAll))
                .hasMessageContaining("1_in_java");
    }

    @Test
    void whatItWroteIsRolledBackWhenItThrows() {
        Migrator migrator = migrator(java("1", context -> {
            context.jdbc().sql("CREATE TABLE half (id int)").update();
            throw new IllegalArgumentException("no such tenant");
        }));
        migrator.initialize();
        MigrationException e = refused(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(e)
                .hasMessageContaining("no such tenant")
                .hasMessageContaining(getClass().getName())
                .hasMessageContaining("nothing of 1_in_java is applied")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSqlStateOfAStatementThatFailedInItIsTold() {
        Migrator migrator = migrator(java(
                "1",
                context -> context.jdbc().sql("SELECT * FROM nowhere").query().listOfRows()));
        migrator.initialize();
        MigrationException e = refused(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(e.sqlState()).isEqualTo("42P01");
        assertThat(e).hasMessageContaining("relation \"nowhere\" does not exist");
    }

    @Test
    void aFailureThatItSwallowsIsNotTakenForSuccess() {
        Migrator migrator = migrator(java("1", context -> {
            try {
                context.jdbc().sql("SELECT 1 / 0").query().singleRow();
            } catch (RuntimeException e) {
                // As code does that tries one thing and then another.
            }
        }));
        migrator.initialize();
        assertThat(refused(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll))
                .hasMessageContaining("went on as if nothing had happened");
    }

    @Test
    void oneThatEndsTheTransactionItselfIsNotRecordedAsApplied() {
        Migrator migrator = migrator(java("1", context -> {
            context.jdbc().sql("CREATE TABLE kept (id int)").update();
            context.jdbc().sql("COMMIT").update();
            context.jdbc().sql("BEGIN").update();
        }));
        assertThat(fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll))
                .hasMessageContaining("ended the transaction")
                .hasMessageContaining("may be committed");
        assertThat(ledger()).isEmpty();
    }

    @Test
    void oneThatSwitchesAutoCommitOffFailsAndThePoolGetsTheConnectionBackAsItWas() throws SQLException {
        try (Connection connection = database.connect()) {
            Migrator migrator = Migrator.builder(connection)
                    .locations(folder.three().location())
                    .javaMigration(java("4", context -> context.connection().setAutoCommit(false)))
                    .build();
            assertThat(fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll))
                    .hasMessageContaining("auto-commit");
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(ledger()).containsExactly("001", "002", "003");
    }

    @Test
    void itCanBeRolledBackIfItSaysSo() {
        folder.three();
        Migrator migrator = migrator(reversible(
                "4",
                JavaMigrationTest::upperCase,
                context -> context.jdbc()
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
        Migrator migrator = migrator(java("4", context -> {}));
        migrator.applyAll();
        refused(MigrationException.class, ErrorCode.IRREVERSIBLE, () -> migrator.rollback("4"));
    }

    @Test
    void itIsTriedOnceAfterALockTimeoutUnlessItSaysThatItMayBeRepeated() throws SQLException {
        folder.three();
        migrator().applyAll();
        AtomicInteger calls = new AtomicInteger();
        Code code = context -> {
            calls.incrementAndGet();
            upperCase(context);
        };
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE users");
            Migrator once = builder()
                    .lockTimeout(Duration.ofMillis(50))
                    .javaMigration(java("4", code))
                    .build();
            fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, once::applyAll);
            assertThat(calls).hasValue(1);
            Migrator again = builder()
                    .lockTimeout(Duration.ofMillis(50))
                    .retries(2)
                    .javaMigration(new Written("4", null, code) {
                        @Override
                        public boolean retryable() {
                            return true;
                        }
                    })
                    .build();
            fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, again::applyAll);
            assertThat(calls).hasValue(1 + 3);
            other.rollback();
        }
    }

    @Test
    void whatItSetsInTheSessionEndsWithIt() {
        folder.write("002_where.up.sql", "CREATE TABLE here (id int);");
        migrator(java("1", context -> {
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
                        java("4", context -> seen.append(context.metadata().get("ticket"))))
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
                        () -> migrator(java("2.0", context -> {})).status()))
                .hasMessageContaining("002_add_name.up.sql")
                .hasMessageContaining(Written.class.getName());
    }

    @Test
    void aVersionThatIsNoNumberIsRefused() {
        assertThat(refused(
                        ConfigurationException.class,
                        ErrorCode.BAD_FILE_NAME,
                        () -> migrator(java("V1", context -> {})).status()))
                .hasMessageContaining("V1");
    }

    @Test
    void oneThatEndedTheTransactionIsNotSaidToBeRolledBack() {
        Migrator migrator =
                migrator(java("1", context -> context.jdbc().sql("COMMIT").update()));
        MigrationException e = fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(e).hasMessageNotContaining("nothing of 1_in_java").hasMessageContaining("State: what 1_in_java");
    }

    @Test
    void oneThatThrowsBehindItsOwnCommitIsNotSaidToBeRolledBack() {
        Migrator migrator = migrator(java("1", context -> {
            context.jdbc().sql("CREATE TABLE kept (id int)").update();
            context.jdbc().sql("COMMIT").update();
            throw new IllegalStateException("too late");
        }));
        MigrationException e = fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(e)
                .hasMessageContaining("too late")
                .hasMessageNotContaining("nothing of 1_in_java")
                .hasMessageContaining("State: what 1_in_java");
    }

    @Test
    void aPasswordInAStatementThatFailedIsToldNeitherInTheMessageNorInACause() {
        Migrator migrator = migrator(java(
                "1",
                context -> context.jdbc()
                        .sql("ALTER ROLE nobody_of_that_name PASSWORD 'CANARY'")
                        .update()));
        Throwable e = fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).contains("nobody_of_that_name").doesNotContain("CANARY");
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
                    .javaMigration(java("4", JavaMigrationTest::upperCase))
                    .build();
            LockTimeoutException e =
                    fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, migrator::applyAll);
            assertThat(e.hint()).contains("SET LOCAL lock_timeout").doesNotContain("-- confiture:");
        }
    }

    @Test
    void oneThatIsInterruptedIsCancelledAndNotToBeCorrected() {
        Migrator migrator = migrator(java("1", context -> {
            Thread.currentThread().interrupt();
            new CountDownLatch(1).await();
        }));
        try {
            MigrationException e = fails(MigrationException.class, ErrorCode.CANCELLED, migrator::applyAll);
            assertThat(e.hint()).doesNotContain("Correct");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void theLedgerIsWrittenByTheRoleOfTheRunWhateverRoleItTookOn() {
        Migrator migrator = migrator(java("1", context -> {
            context.jdbc().sql("SET ROLE pg_monitor").update();
            context.jdbc().sql("SET search_path = pg_catalog").update();
        }));
        migrator.applyAll();
        assertThat(ledger()).containsExactly("1");
    }

    @Test
    void anErrorBehindSwitchedOffAutoCommitGivesTheConnectionBackAsItWas() throws SQLException {
        try (Connection connection = database.connect()) {
            Migrator migrator = Migrator.builder(connection)
                    .locations(folder.three().location())
                    .javaMigration(java("4", context -> {
                        context.connection().setAutoCommit(false);
                        throw new StackOverflowError("deep");
                    }))
                    .build();
            assertThatThrownBy(migrator::applyAll).isInstanceOf(StackOverflowError.class);
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.isClosed()).isFalse();
        }
    }

    @Test
    void aChecksumThatIsNoLongerDeclaredIsReportedAsNotChecked() {
        migrator(new Written("1", "v1", context -> {})).applyAll();
        Migrator without = migrator(java("1", context -> {}));
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
                .javaMigration(java("4", context -> {
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

    @Test
    void oneThatRepeatsIsNotRepeatedOnceItHasEndedTheTransaction() {
        AtomicInteger calls = new AtomicInteger();
        Migrator migrator = migrator(
                new Written("1", null, context -> {
                    calls.incrementAndGet();
                    context.jdbc().sql("COMMIT").update();
                    throw new SQLException("deadlock detected", "40P01");
                }) {
                    @Override
                    public boolean retryable() {
                        return true;
                    }
                });
        fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(calls).hasValue(1);
    }

    @Test
    void oneWhoseConnectionBreaksIsNamedWithWhatTheServerSaid() {
        Migrator migrator = migrator(java(
                "1",
                context -> context.jdbc()
                        .sql("SELECT pg_terminate_backend(pg_backend_pid())")
                        .query()
                        .singleRow()));
        MigrationException e = fails(MigrationException.class, ErrorCode.CONNECTION_FAILED, migrator::applyAll);
        assertThat(e).hasMessageContaining("by " + Written.class.getName()).hasMessageContaining("[57P01]");
        assertThat(e).hasMessageContaining("nothing of 1_in_java is applied");
        assertThat(e.hint()).startsWith("Start again");
    }
}
