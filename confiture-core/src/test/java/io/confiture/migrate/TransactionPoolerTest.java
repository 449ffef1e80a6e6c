package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.test.PidChangingProxy;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shape of the lock behind a transaction pooler, seen through a proxy that gives itself away as one does. */
class TransactionPoolerTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final PidChangingProxy proxy = new PidChangingProxy();

    @TempDir
    Path temp;

    private MigrationFolder folder;

    @BeforeEach
    void prepare() {
        folder = new MigrationFolder(temp)
                .three()
                .write("004_idx.up.sql", "CREATE INDEX CONCURRENTLY users_name ON users (name);\nSELECT 1;");
    }

    @Test
    void theLockIsHeldByATransactionOnAConnectionOfItsOwnAndConcurrentlyStillWorks() {
        Migrator migrator = Migrator.builder(proxy.url(database))
                .locations(folder.location())
                .build();
        assertThat(migrator.applyAll()).hasSize(4);
        assertThat(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_name'::regclass"))
                .isEqualTo("t");
        try (MigrationLock lock = migrator.lock()) {
            assertThat(database.values("SELECT a.state FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                            + " WHERE l.locktype = 'advisory' AND a.datname = current_database()"))
                    .containsExactly("idle in transaction");
        }
        assertThat(migrator.lockHolder()).isEmpty();
        assertThat(migrator.applyAll()).isEmpty();
    }

    @Test
    void aBaselineAndARepairCheckTheLockThatAnotherConnectionHolds() {
        Migrator migrator = Migrator.builder(proxy.url(database))
                .locations(folder.location())
                .build();
        assertThat(migrator.baseline("002")).hasSize(2);
        folder.write("001_create_users.up.sql", "");
        assertThat(migrator.repair(Repair.nothing().realignChecksums()).steps()).hasSize(1);
        assertThat(migrator.status().problems()).isEmpty();
    }

    @Test
    void aBaselineOrRepairThatHasLostTheLockRecordsNothing() {
        Migrator migrator = Migrator.builder(proxy.url(database))
                .locations(folder.location())
                .build();
        migrator.baseline("001");
        folder.write("001_create_users.up.sql", "");
        String before = database.value("SELECT t::text FROM tb_confiture t");
        try (MigrationLock lock = migrator.lock()) {
            database.execute("SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                    + " WHERE l.locktype = 'advisory' AND a.datname = current_database()");
            for (Runnable call : new Runnable[] {
                () -> migrator.baseline("002"),
                () -> migrator.repair(Repair.nothing().realignChecksums())
            }) {
                MigrationException e = catchThrowableOfType(MigrationException.class, call::run);
                assertThat(e.code()).isEqualTo(ErrorCode.LOCK_LOST);
            }
        }
        assertThat(database.values("SELECT t::text FROM tb_confiture t")).containsExactly(before);
        assertThat(database.value("SELECT count(*) FROM tb_confiture_run")).isEqualTo("1");
    }

    @Test
    void aPoolThatDoesNotTellHowToOpenAConnectionIsRefusedNamingTheSetting() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(proxy.url(database));
            Migrator migrator =
                    Migrator.builder(pool).locations(folder.location()).build();
            ConfigurationException e = catchThrowableOfType(ConfigurationException.class, migrator::applyAll);
            assertThat(e.code()).isEqualTo(ErrorCode.LOCK_CONNECTION_UNKNOWN);
            assertThat(e).hasMessageContaining("confiture.url");
            assertThat(database.value("SELECT to_regclass('users')")).isNull();

            Migrator told = Migrator.builder(pool)
                    .locations(folder.location())
                    .lockDataSource(database.dataSource())
                    .build();
            assertThat(told.applyAll()).hasSize(4);
        }
    }

    @Test
    void aSessionSettingAcrossSegmentsIsRefusedBecauseItWouldNotLast() {
        folder.write("005_set.up.sql", "SET search_path = public;\nCREATE INDEX CONCURRENTLY i ON users (email);");
        Migrator migrator = Migrator.builder(proxy.url(database))
                .locations(folder.location())
                .build();
        MigrationException e = catchThrowableOfType(MigrationException.class, migrator::applyAll);
        assertThat(e.code()).isEqualTo(ErrorCode.REFUSED_SETTING);
        assertThat(e.committed()).hasSize(4);
    }

    @Test
    void whateverAMigrationIsMadeOfRunsThroughIt() {
        folder.write("beforeMigrate.sql", "SET search_path = pg_catalog; CREATE TABLE public.before_it (id int);")
                .write(
                        "R__emails.sql",
                        "SET ROLE pg_monitor; RESET ROLE; CREATE OR REPLACE VIEW emails AS SELECT email FROM users;")
                .write("006_check.up.sql", "-- confiture: verify=always\nCREATE TABLE ${name} (id int);")
                .write("006_check.verify.sql", "SELECT count(*) = 0 FROM ${name};");
        Migrator migrator = Migrator.builder(proxy.url(database))
                .locations(folder.location())
                .placeholders(Map.of("name", "checked"))
                .javaMigration(InJava.of("5", context -> {
                    context.jdbc().sql("SET search_path = pg_catalog").update();
                    context.jdbc().sql("SET ROLE pg_monitor").update();
                }))
                .build();
        assertThat(migrator.applyAll()).hasSize(7);
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(database.value("SELECT to_regclass('public.checked')")).isNotNull();
    }
}
