package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.migrate.Repair.Decision;
import io.confiture.migrate.RepairReport.Step;
import io.confiture.migrate.RepairReport.What;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of a migration that may have been applied or not, somebody says which it is. */
class RepairInDoubtTest extends RepairTestCase {
    /** Commits, then takes its own connection away, the first time only. */
    private static final String CRASHING = """
            -- confiture: transactional=false
            CREATE TABLE done (id int);
            CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO done VALUES (1);
                COMMIT;
                IF (SELECT count(*) FROM done) = 1 THEN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                END IF;
            END $$;
            CALL fill();
            CREATE TABLE after_it (id int);
            """;

    private void crash() {
        folder.write("1_fill.up.sql", CRASHING);
        fails(
                MigrationException.class,
                ErrorCode.CONNECTION_FAILED,
                () -> migrator().applyAll());
        assertThat(migrator().status().migrations().get(0).state()).isEqualTo(MigrationState.IN_DOUBT);
    }

    @Test
    void aCallThatCommittedAndCrashedIsNotRunAgainIfItWasDone() {
        crash();
        RepairReport report = repairAsPlanned(Repair.nothing().decide("1_fill", Decision.DONE));
        assertThat(report.steps()).singleElement().satisfies(step -> {
            assertThat(step.what()).isEqualTo(What.IN_DOUBT);
            assertThat(step.statement()).isEqualTo(3);
            assertThat(step.before()).contains("statement 3 of its up part, CALL fill()");
            assertThat(step.after()).startsWith("done");
        });
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(value("SELECT count(*) FROM done")).isEqualTo("1");
        assertThat(exists("after_it")).isTrue();
        assertThat(migrator().status().upToDate()).isTrue();
        assertThat(audit())
                .singleElement()
                .asString()
                .contains("1 done: was statement 3")
                .contains("by role postgres");
        assertThat(database.values("SELECT direction || from_statement || to_statement || length(checksum)"
                        + " FROM tb_confiture_run WHERE kind = 'repair'"))
                .containsExactly("up3364");
    }

    @Test
    void aCallThatCommittedAndCrashedIsRunAgainIfItIsToBe() {
        crash();
        RepairReport report = repairAsPlanned(Repair.nothing().decide("001", Decision.RETRY));
        assertThat(report.steps().get(0).after()).startsWith("not done");
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(value("SELECT count(*) FROM done")).isEqualTo("2");
        assertThat(audit()).singleElement().asString().startsWith("1 retry: ");
    }

    @ParameterizedTest
    @EnumSource(Decision.class)
    void aRollbackInDoubtIsDecidedTheSameWay(Decision decision) {
        database.execute("CREATE TABLE undone (id int)");
        folder.write("1_a.up.sql", "CREATE TABLE a ()")
                .write(
                        "1_a.down.sql",
                        "-- confiture: transactional=false\nDO $$ BEGIN INSERT INTO undone VALUES (1); COMMIT;"
                                + " IF (SELECT count(*) FROM undone) = 1 THEN RAISE 'crash'; END IF; END $$;\n"
                                + "DROP TABLE a;");
        migrator().applyAll();
        assertThatThrownBy(() -> migrator().rollback("1")).hasMessageContaining("crash");
        assertThat(migrator().status().migrations().get(0))
                .satisfies(info -> assertThat(info.state()).isEqualTo(MigrationState.IN_DOUBT))
                .satisfies(info ->
                        assertThat(info.detail()).contains("statement 1").contains("rollback"));
        fails(
                MigrationException.class,
                ErrorCode.PARTIALLY_ROLLED_BACK,
                () -> migrator().applyAll());
        MigrationException e = fails(
                MigrationException.class, ErrorCode.IN_DOUBT, () -> migrator().rollback("1"));
        assertThat(e.hint()).contains("repair(Repair.nothing().decide(\"1_a\", DONE))");

        RepairReport report = repairAsPlanned(Repair.nothing().decide("1", decision));

        assertThat(report.steps().get(0).before()).contains("of its down part");
        migrator().rollback("1");
        assertThat(exists("a")).isFalse();
        assertThat(ledger()).isEmpty();
        assertThat(value("SELECT count(*) FROM undone")).isEqualTo(decision == Decision.DONE ? "1" : "2");
    }

    @Test
    void aDecisionAboutAnUnknownMigrationNamesTheNearestAndNothingIsRepaired() {
        folder.three();
        migrator().applyAll();
        folder.write("003_seed.up.sql", "");
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.MIGRATION_UNKNOWN,
                () -> migrator().repair(Repair.nothing().realignChecksums().decide("003_sed", Decision.DONE)));
        assertThat(e.hint()).contains("003_seed");
    }

    @Test
    void aDecisionAboutWhatIsNotInDoubtIsRefusedAndNothingIsRepaired() {
        folder.three();
        migrator().applyAll();
        folder.write("001_create_users.up.sql", "")
                .write("004_d.up.sql", "-- confiture: transactional=false\nDO $$ BEGIN COMMIT; PERFORM 1/0; END $$;");
        assertThatThrownBy(() -> builder().changed(Policy.ALLOW).build().applyAll())
                .hasMessageContaining("division");
        Repair repair = Repair.nothing().realignChecksums().decide("002", Decision.DONE);
        MigrationException e = refused(
                MigrationException.class,
                ErrorCode.NOT_IN_DOUBT,
                () -> migrator().repair(repair));
        assertThat(e).hasMessageContaining("002_add_name").hasMessageContaining("it is applied");
        assertThat(e.hint()).contains("004_d");
        refused(
                MigrationException.class,
                ErrorCode.NOT_IN_DOUBT,
                () -> migrator().planRepair(repair));
        refused(
                MigrationException.class,
                ErrorCode.NOT_IN_DOUBT,
                () -> migrator()
                        .repair(Repair.nothing().decide("4", Decision.DONE).decide("004_d", Decision.RETRY)));
    }

    @Test
    void whatAServerProcessStillCarriesOutIsNotForAnybodyToDecide() throws Exception {
        crash();
        database.execute("CREATE OR REPLACE PROCEDURE fill() LANGUAGE plpgsql AS"
                + " $$ BEGIN LOCK TABLE done IN SHARE ROW EXCLUSIVE MODE; COMMIT; END $$");
        try (Connection blocker = database.connect();
                Connection orphan = database.connect()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("LOCK TABLE done IN SHARE ROW EXCLUSIVE MODE");
            Future<Boolean> call = others.submit(() -> orphan.createStatement().execute("CALL fill()"));
            await().until(() ->
                    value("SELECT count(*) FROM pg_locks WHERE NOT granted").equals("1"));
            for (Decision decision : Decision.values()) {
                LockTimeoutException e = refused(
                        LockTimeoutException.class,
                        ErrorCode.LOCK_TIMEOUT,
                        () -> migrator().repair(Repair.nothing().decide("1", decision)));
                assertThat(e).hasMessageContaining("still being carried out");
            }
            fails(
                    LockTimeoutException.class,
                    ErrorCode.LOCK_TIMEOUT,
                    () -> builder().lockWait(Duration.ZERO).build().applyAll());
            blocker.rollback();
            call.get();
        }
        assertThat(migrator()
                        .repair(Repair.nothing().decide("1", Decision.DONE))
                        .steps())
                .hasSize(1);
    }

    @Test
    void anIndexOfWhichTheCatalogCannotTellIsDecidedToo() {
        database.execute("CREATE TABLE p (id int) PARTITION BY RANGE (id)");
        folder.write("1_i.up.sql", "CREATE INDEX CONCURRENTLY i ON p (id);");
        assertThatThrownBy(migrator()::applyAll).hasMessageContaining("partitioned");
        // Invalid until every partition has its own, and no leftover of ours to drop.
        database.execute("CREATE INDEX i ON ONLY p (id)", "CREATE TABLE p1 PARTITION OF p DEFAULT");
        database.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass");
        fails(MigrationException.class, ErrorCode.IN_DOUBT, () -> migrator().applyAll());
        assertThat(migrator().planRepair(Repair.nothing()).open())
                .extracting(Step::what)
                .containsExactly(What.IN_DOUBT);
        repairAsPlanned(Repair.nothing().decide("1", Decision.DONE));
        assertThat(migrator().applyAll()).hasSize(1);
    }
}
