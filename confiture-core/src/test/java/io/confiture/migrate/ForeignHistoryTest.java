package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A run that finds what another tool has done does not pass over it. */
class ForeignHistoryTest extends FlywayTestCase {
    private static final int INSTANCES = 8;

    @AutoClose("shutdownNow")
    private final ExecutorService executor = Executors.newFixedThreadPool(INSTANCES);

    @Test
    void theHistoryOfFlywayStopsARunWhichTellsWhatItWouldAdopt() {
        shop();
        flyway().migrate();
        folder.write("V2__new.sql", "CREATE TABLE new_one ();");
        MigrationException failure = refused(
                MigrationException.class,
                ErrorCode.FOREIGN_HISTORY,
                () -> migrator().applyAll());
        assertThat(failure)
                .hasMessageContaining("public.flyway_schema_history exists, and nothing was ever written to"
                        + " public.tb_confiture: Flyway has migrated this database. Nothing was run.")
                .hasMessageContaining("Would adopt 3 of public.flyway_schema_history")
                .hasMessageContaining("Pending after it: 2_new");
        assertThat(failure.hint()).contains("confiture.migrate.adopt=flyway").contains("confiture.migrate.adopt=none");
    }

    @Test
    void alsoARunOfOneMigrationAndOneWithNothingToApply() {
        shop();
        flyway().migrate();
        refused(
                MigrationException.class,
                ErrorCode.FOREIGN_HISTORY,
                () -> migrator().apply("1"));
        folder.delete("V1__create_users.sql");
        folder.delete("V1_1__add_name.sql");
        folder.delete("R__names.sql");
        refused(
                MigrationException.class,
                ErrorCode.FOREIGN_HISTORY,
                () -> migrator().applyAll());
    }

    @Test
    void anEmptyLedgerDoesNotHideIt() {
        shop();
        flyway().migrate();
        migrator().initialize();
        refused(
                MigrationException.class,
                ErrorCode.FOREIGN_HISTORY,
                () -> migrator().applyAll());
    }

    @Test
    void thePlanSaysSo() {
        shop();
        flyway().migrate();
        assertThat(migrator().plan().blockers())
                .singleElement()
                .asString()
                .contains("flyway_schema_history exists")
                .contains("planAdoption()");
    }

    @Test
    void eightInstancesThatAreToldToAdoptDoSoOnceAndGoOn() {
        shop();
        flyway().migrate();
        folder.write("V2__new.sql", "CREATE TABLE new_one ();");
        List<CompletableFuture<List<MigrationResult>>> runs = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            runs.add(builder().adopt(Adoption.FLYWAY).build().async(executor).applyAll());
        }
        assertThat(runs.stream().flatMap(run -> run.join().stream())).hasSize(1);
        assertThat(ledger()).containsExactly("1", "1.1", "2");
        assertThat(value("SELECT count(*) FROM tb_confiture_run WHERE kind = 'adopted'"))
                .isEqualTo("3");
        assertThat(builder().adopt(Adoption.FLYWAY).build().applyAll()).isEmpty();
        assertThat(migrator().validate().valid()).isTrue();
    }

    @Test
    void theCallsOfTheGuideRun() {
        shop();
        flyway().migrate();
        var dataSource = database.dataSource();
        String folderOfFlyway = folder.location();
        // adopt
        Migrator migrator = Migrator.builder(dataSource)
                .locations(folderOfFlyway)
                .naming(Naming.FLYWAY)
                .build();
        AdoptionReport report = migrator.planAdoption(); // changes nothing
        if (report.possible()) {
            migrator.adopt(); // all in one transaction; runs nothing again
        }
        migrator.applyAll(); // what Flyway had not applied
        // end
        assertThat(ledger()).containsExactly("1", "1.1");
    }

    @Test
    void aNewDatabaseIsMigratedWhereTheHistoryIsToBeAdopted() {
        shop();
        assertThat(builder().adopt(Adoption.FLYWAY).build().applyAll()).hasSize(3);
    }

    @Test
    void whatStandsInTheWayStopsTheRun() {
        shop();
        flyway().migrate();
        folder.write("V1__create_users.sql", "CREATE TABLE other ();");
        Migrator migrator = builder().adopt(Adoption.FLYWAY).build();
        assertThat(refused(MigrationException.class, ErrorCode.ADOPTION_BLOCKED, migrator::applyAll))
                .hasMessageContaining("V1__create_users.sql: ");
    }

    @Test
    void bothToolsBesideEachOtherWhenToldSo() {
        folder.write("001_own.up.sql", "CREATE TABLE own ()");
        Migrator beside = builder().adopt(Adoption.NONE).build();
        database.execute("CREATE TABLE " + HISTORY + " (anything int)");
        assertThat(beside.applyAll()).hasSize(1);
        // Once Confiture has written something itself, there is nothing to ask any more.
        folder.write("002_own.up.sql", "CREATE TABLE own2 ()");
        assertThat(migrator().applyAll()).hasSize(1);
    }

    @Test
    void rollingEverythingBackDoesNotAskAgain() {
        shop().write("U1__x.sql", "DROP TABLE users CASCADE;").write("U1_1__x.sql", "SELECT 1;");
        flyway().migrate();
        migrator().adopt();
        migrator().rollback("1.1");
        migrator().rollback("1");
        assertThat(ledger()).isEmpty();
        assertThat(migrator().applyAll()).hasSize(2);
    }

    @Test
    void aHistoryInASchemaThatIsNotOursIsNone() {
        database.execute("CREATE SCHEMA other", "CREATE TABLE other." + HISTORY + " (anything int)");
        shop();
        assertThat(migrator().applyAll()).hasSize(3);
    }

    /** Made by hand, with the columns that Liquibase gives it. */
    @Test
    void theHistoryOfLiquibaseStopsARunWhichTellsWhatIsNeeded() {
        database.execute("""
                CREATE TABLE databasechangelog (id varchar(255) NOT NULL, author varchar(255) NOT NULL, \
                filename varchar(255) NOT NULL, dateexecuted timestamp NOT NULL, orderexecuted int NOT NULL, \
                exectype varchar(10) NOT NULL, md5sum varchar(35), description varchar(255), comments varchar(255), \
                tag varchar(255), liquibase varchar(20), contexts varchar(255), labels varchar(255), \
                deployment_id varchar(10))""", """
                INSERT INTO databasechangelog SELECT i::text, 'a', CASE WHEN i < 4 THEN 'db/b.xml' ELSE 'db/a.sql' END, \
                now(), i, 'EXECUTED' FROM generate_series(1, 5) i""");
        shop();
        MigrationException failure = refused(
                MigrationException.class,
                ErrorCode.FOREIGN_HISTORY,
                () -> migrator().applyAll());
        assertThat(failure)
                .hasMessageContaining("Liquibase has migrated this database")
                .hasMessageContaining("db/b.xml: left_out (3 change sets)")
                .hasMessageContaining("db/a.sql: left_out (2 change sets)");
        assertThat(failure.hint()).contains("baseline(version)").contains("confiture.migrate.adopt=none");
        refused(
                MigrationException.class,
                ErrorCode.FOREIGN_HISTORY,
                () -> builder().adopt(Adoption.FLYWAY).build().applyAll());
        refused(
                MigrationException.class,
                ErrorCode.ADOPTION_BLOCKED,
                () -> migrator().adopt());
        migrator().baseline("1.1");
        folder.delete("R__names.sql");
        assertThat(migrator().applyAll()).isEmpty();
    }
}
