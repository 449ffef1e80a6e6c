package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of a migration in Java that fails, or does what only the run may do. */
class JavaMigrationFailureTest extends MigratorTestCase {
    /** Without scripts of the test, at the default location, which need not exist. */
    private Migrator migrator(JavaMigration migration) {
        MigratorBuilder builder =
                Files.exists(Path.of(folder.location())) ? builder() : Migrator.builder(database.dataSource());
        return builder.javaMigration(migration).build();
    }

    @Test
    void whatItWroteIsRolledBackWhenItThrows() {
        Migrator migrator = migrator(InJava.of("1", context -> {
            context.jdbc().sql("CREATE TABLE half (id int)").update();
            throw new IllegalArgumentException("no such tenant");
        }));
        migrator.initialize();
        MigrationException e = refused(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(e)
                .hasMessageContaining("no such tenant")
                .hasMessageContaining(InJava.class.getName())
                .hasMessageContaining("nothing of 1_in_java is applied")
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSqlStateOfAStatementThatFailedInItIsTold() {
        Migrator migrator = migrator(InJava.of(
                "1",
                context -> context.jdbc().sql("SELECT * FROM nowhere").query().listOfRows()));
        migrator.initialize();
        MigrationException e = refused(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(e.sqlState()).isEqualTo("42P01");
        assertThat(e).hasMessageContaining("relation \"nowhere\" does not exist");
    }

    @Test
    void aFailureThatItSwallowsIsNotTakenForSuccess() {
        Migrator migrator = migrator(InJava.of("1", context -> {
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
        Migrator migrator = migrator(InJava.of("1", context -> {
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
                    .javaMigration(
                            InJava.of("4", context -> context.connection().setAutoCommit(false)))
                    .build();
            assertThat(fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll))
                    .hasMessageContaining("auto-commit");
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(ledger()).containsExactly("001", "002", "003");
    }

    @Test
    void oneThatEndedTheTransactionIsNotSaidToBeRolledBack() {
        Migrator migrator =
                migrator(InJava.of("1", context -> context.jdbc().sql("COMMIT").update()));
        MigrationException e = fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(e).hasMessageNotContaining("nothing of 1_in_java").hasMessageContaining("State: what 1_in_java");
    }

    @Test
    void oneThatThrowsBehindItsOwnCommitIsNotSaidToBeRolledBack() {
        Migrator migrator = migrator(InJava.of("1", context -> {
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
        Migrator migrator = migrator(InJava.of(
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
    void oneThatIsInterruptedIsCancelledAndNotToBeCorrected() {
        Migrator migrator = migrator(InJava.of("1", context -> {
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
    void anErrorBehindSwitchedOffAutoCommitGivesTheConnectionBackAsItWas() throws SQLException {
        try (Connection connection = database.connect()) {
            Migrator migrator = Migrator.builder(connection)
                    .locations(folder.three().location())
                    .javaMigration(InJava.of("4", context -> {
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
    void oneThatRepeatsIsNotRepeatedOnceItHasEndedTheTransaction() {
        AtomicInteger calls = new AtomicInteger();
        Migrator migrator = migrator(InJava.of("1", context -> {
                    calls.incrementAndGet();
                    context.jdbc().sql("COMMIT").update();
                    throw new SQLException("deadlock detected", "40P01");
                })
                .repeated());
        fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, migrator::applyAll);
        assertThat(calls).hasValue(1);
    }

    @Test
    void oneWhoseConnectionBreaksIsNamedWithWhatTheServerSaid() {
        Migrator migrator = migrator(InJava.of(
                "1",
                context -> context.jdbc()
                        .sql("SELECT pg_terminate_backend(pg_backend_pid())")
                        .query()
                        .singleRow()));
        MigrationException e = fails(MigrationException.class, ErrorCode.CONNECTION_FAILED, migrator::applyAll);
        assertThat(e).hasMessageContaining("by " + InJava.class.getName()).hasMessageContaining("[57P01]");
        assertThat(e).hasMessageContaining("nothing of 1_in_java is applied");
        assertThat(e.hint()).startsWith("Start again");
    }
}
