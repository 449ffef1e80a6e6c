package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ErrorCode;
import io.confiture.error.LockTimeoutException;
import io.confiture.error.MigrationException;
import io.confiture.migrate.AdoptionReport.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;

/** What keeps a history of Flyway from being taken over, and what is not taken over of it. */
class FlywayAdoptionBlockedTest extends FlywayTestCase {
    @Test
    void aRowThatFailedBlocksAndTellsWhatToDo() {
        shop().write("V2__vacuum.sql", "VACUUM no_such_table;");
        // With the other kind of its lock, Flyway rolls back what it says of the failure as well.
        assertThatThrownBy(() -> configure()
                        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                        .load()
                        .migrate())
                .isInstanceOf(FlywayException.class);
        assertThat(value("SELECT success FROM " + HISTORY + " WHERE version = '2'"))
                .isEqualTo("f");
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.ADOPTION_BLOCKED,
                        () -> migrator().adopt()))
                .hasMessageContaining("V2__vacuum.sql: failed in Flyway")
                .hasMessageContaining("run Flyway's repair");
        flyway().repair();
        assertThat(done(migrator().adopt())).containsExactly("1 create_users adopted", "1.1 add_name adopted");
        assertThat(migrator().pending()).hasToString("[2_vacuum, R__names]");
    }

    @Test
    void aFileThatHasChangedSinceBlocksUnlessThePolicyAllowsIt() {
        shop();
        flyway().migrate();
        folder.write("V1__create_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n");
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.ADOPTION_BLOCKED,
                        () -> migrator().adopt()))
                .hasMessageContaining("V1__create_users.sql is not what Flyway ran")
                .hasMessageContaining("confiture.migrate.changed=warn");
        builder().changed(Policy.WARN).build().adopt();
        assertThat(states()).contains("1_create_users changed");
        fails(
                io.confiture.error.ChecksumMismatchException.class,
                ErrorCode.CHECKSUM_MISMATCH,
                () -> migrator().applyAll());
        migrator().repair(Repair.nothing().realignChecksums());
        assertThat(migrator().validate().valid()).isTrue();
    }

    @Test
    void anAppliedMigrationWithoutFileBlocksUnlessThePolicyAllowsIt() {
        shop().write("V2__new.sql", "CREATE TABLE new_one ();");
        flyway().migrate();
        folder.delete("V1_1__add_name.sql");
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.ADOPTION_BLOCKED,
                        () -> migrator().adopt()))
                .hasMessageContaining("V1_1__add_name.sql: no file of it is here")
                .hasMessageContaining("confiture.migrate.missing=warn");
        builder().missing(Policy.WARN).build().adopt();
        assertThat(states()).contains("1.1_add_name missing");
    }

    @Test
    void rowsAboveAllFilesAreThoseOfANewerBuild() {
        shop().write("V2__new.sql", "CREATE TABLE new_one ();");
        flyway().migrate();
        folder.delete("V2__new.sql");
        migrator().adopt();
        assertThat(states()).contains("2_new future");
        assertThat(migrator().applyAll()).isEmpty();
    }

    @Test
    void withoutFilesNothingIsTakenOver() {
        shop();
        flyway().migrate();
        Migrator elsewhere =
                builder().defaultLocations(temp.resolve("empty").toString()).build();
        assertThat(refused(MigrationException.class, ErrorCode.ADOPTION_BLOCKED, elsewhere::adopt))
                .hasMessageContaining("no migration was found in")
                .hasMessageContaining("confiture.migrate.naming=flyway");
    }

    @Test
    void whatFlywayWasToldToForgetIsLeftOut() {
        shop().write("V2__new.sql", "CREATE TABLE new_one ();");
        flyway().migrate();
        folder.delete("V1_1__add_name.sql");
        folder.delete("R__names.sql");
        flyway().repair();
        assertThat(value("SELECT count(*) FROM " + HISTORY + " WHERE type = 'DELETE'"))
                .isEqualTo("2");
        AdoptionReport report = migrator().planAdoption();
        assertThat(report.possible()).isTrue();
        assertThat(report.count(Outcome.LEFT_OUT)).isEqualTo(2);
        assertThat(done(migrator().adopt())).containsExactly("1 create_users adopted", "2 new adopted");
    }

    @Test
    void aLedgerWithRowsOfItsOwnIsNotPutTogetherWithFlyways() {
        folder.write("001_own.up.sql", "SELECT 1");
        migrator().applyAll();
        folder.delete("001_own.up.sql");
        shop();
        configure().baselineOnMigrate(true).baselineVersion("0").load().migrate();
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.ADOPTION_BLOCKED,
                        () -> migrator().adopt()))
                .hasMessageContaining("rows of its own already");
    }

    @Test
    void aTableOfThatNameAndOtherColumnsIsNamed() {
        folder.write("V1__a.sql", "SELECT 1");
        database.execute("CREATE TABLE " + HISTORY + " (id int)");
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.ADOPTION_BLOCKED,
                        () -> migrator().adopt()))
                .hasMessageContaining("is no history of Flyway");
    }

    @Test
    void whileFlywayWritesItWaitsNoLongerThanTheLockTimeout() throws SQLException {
        shop();
        flyway().migrate();
        try (Connection writer = database.connect()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("UPDATE " + HISTORY + " SET description = description");
            Migrator migrator = builder().lockTimeout(Duration.ofMillis(100)).build();
            fails(LockTimeoutException.class, ErrorCode.STATEMENT_LOCK_TIMEOUT, migrator::adopt);
            writer.rollback();
        }
        assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("0");
        assertThat(migrator().adopt()).hasSize(3);
    }

    @Test
    void withoutThePrivilegeTheHintHasTheGrant() {
        shop();
        flyway().migrate();
        String role = database.name() + "_role";
        database.execute("CREATE ROLE " + role + " LOGIN", "GRANT CREATE, USAGE ON SCHEMA public TO " + role);
        Migrator migrator = Migrator.builder(database.url(role))
                .locations(folder.location())
                .naming(Naming.FLYWAY)
                .build();
        assertThat(refused(MigrationException.class, ErrorCode.INSUFFICIENT_PRIVILEGE, migrator::adopt))
                .hasMessageContaining("GRANT SELECT, UPDATE ON");
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
}
