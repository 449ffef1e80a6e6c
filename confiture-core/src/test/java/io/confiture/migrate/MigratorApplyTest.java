package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.error.CommittedMigration;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationAlreadyAppliedException;
import io.confiture.error.MigrationException;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigratorApplyTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    Path temp;

    private MigrationFolder folder;
    private Migrator migrator;

    @BeforeEach
    void prepare() {
        folder = new MigrationFolder(temp);
        migrator = Migrator.builder(database.dataSource())
                .locations(folder.location())
                .build();
    }

    @Test
    void applyAllAppliesEverythingOnceAndInOrder() {
        folder.three();
        List<MigrationResult> results = migrator.applyAll();
        assertThat(results).extracting(MigrationResult::version).containsExactly("001", "002", "003");
        assertThat(results).extracting(MigrationResult::action).containsOnly(MigrationAction.APPLIED);
        assertThat(results.get(2).rowsAffected()).isEqualTo(2);
        assertThat(results.get(2).sql()).startsWith("INSERT INTO users");
        assertThat(database.value("SELECT count(*) FROM users")).isEqualTo("2");
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(database.value("SELECT count(*) FROM users")).isEqualTo("2");
    }

    @Test
    void theLedgerHasTheOriginalsColumnsAndOneRowAMigration() {
        folder.three();
        migrator.applyAll();
        assertThat(database.values("SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute"
                        + " WHERE attrelid = 'tb_confiture'::regclass AND attnum > 0 ORDER BY attnum"))
                .containsExactly(
                        "id uuid",
                        "pk_confiture bigint",
                        "slug text",
                        "version character varying(255)",
                        "name character varying(255)",
                        "applied_at timestamp with time zone",
                        "execution_time_ms integer",
                        "checksum character varying(64)");
        assertThat(database.values("SELECT version || ' ' || name FROM tb_confiture ORDER BY pk_confiture"))
                .containsExactly("001 create_users", "002 add_name", "003 seed");
        // Nothing but the ledger is put into the user's database.
        assertThat(database.values("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
                        + " 'public'::regnamespace ORDER BY 1"))
                .containsExactly("tb_confiture", "users");
    }

    @Test
    void statusTellsAppliedAndPendingWithAllFields() {
        folder.three();
        migrator.apply("001");
        MigrationStatus status = migrator.status();
        assertThat(status.ledgerExists()).isTrue();
        assertThat(status.ledger()).isEqualTo("public.tb_confiture");
        assertThat(status.appliedCount()).isEqualTo(1);
        assertThat(status.pendingCount()).isEqualTo(2);
        assertThat(status.lastApplied()).isNotNull();
        AppliedMigration applied = status.lastApplied();
        assertThat(applied.version()).isEqualTo("001");
        assertThat(applied.checksum()).hasSize(64);
        assertThat(applied.executionTimeMs()).isNotNegative();
        assertThat(applied.slug()).startsWith("001_create_users_");
        assertThat(status.pending()).extracting(Migration::id).containsExactly("002_add_name", "003_seed");
        assertThat(status.migrations())
                .extracting(MigrationInfo::state)
                .containsExactly(MigrationState.APPLIED, MigrationState.PENDING, MigrationState.PENDING);
    }

    @Test
    void applyAppliesExactlyOneByVersionNameOrObject() {
        folder.three();
        assertThat(migrator.apply("1").version()).isEqualTo("001");
        assertThat(migrator.apply("002_add_name").version()).isEqualTo("002");
        Migration third = migrator.pending().get(0);
        assertThat(migrator.apply(third).version()).isEqualTo("003");
    }

    @Test
    void applyOfAnAppliedMigrationSaysSo() {
        folder.three();
        migrator.apply("001");
        assertThatThrownBy(() -> migrator.apply("001_create_users"))
                .isInstanceOf(MigrationAlreadyAppliedException.class)
                .hasMessageContaining("001_create_users is applied already");
    }

    @Test
    void applyAboveAPendingOneFallsUnderTheOutOfOrderPolicy() {
        folder.three();
        assertThatThrownBy(() -> migrator.apply("002"))
                .isInstanceOfSatisfying(
                        MigrationException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_ORDER))
                .hasMessageContaining("001_create_users");
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }

    @Test
    void applyAllStopsAtTheTarget() {
        folder.three();
        assertThat(migrator.applyAll("002"))
                .extracting(MigrationResult::version)
                .containsExactly("001", "002");
        assertThatThrownBy(() -> migrator.applyAll("004_seeds")).hasMessageContaining("Did you mean 003_seed?");
    }

    @Test
    void whenApplyAllFailsTheExceptionCarriesWhatIsCommitted() {
        folder.three().write("004_broken.up.sql", "CREATE TABLE t (id int);\n\nINSERT INTO t VALUES ('x');\n");
        MigrationException e = catchThrowableOfType(MigrationException.class, migrator::applyAll);
        assertThat(e.committed()).extracting(CommittedMigration::version).containsExactly("001", "002", "003");
        assertThat(e.migration()).isEqualTo("004_broken");
        assertThat(e.sqlState()).isEqualTo("22P02");
        assertThat(e.file()).endsWith("004_broken.up.sql");
        assertThat(e.line()).isEqualTo(3);
        assertThat(e.column()).isEqualTo(23);
        assertThat(e.position()).isEqualTo(23);
        assertThat(e.sql()).isEqualTo("INSERT INTO t VALUES ('x')");
        assertThat(e).hasMessageContaining("rolled back; nothing of 004_broken is applied");
        assertThat(database.value("SELECT to_regclass('t')")).isNull();
        assertThat(migrator.status().appliedCount()).isEqualTo(3);
    }

    @Test
    void bothFormsOfAMigrationWork() {
        folder.write("1_one_file.sql", "-- migrate:up\nCREATE TABLE a (id int);\n\n-- migrate:down\nDROP TABLE a;\n");
        migrator.applyAll();
        assertThat(database.value("SELECT to_regclass('a')")).isEqualTo("a");
        migrator.rollback("1");
        assertThat(database.value("SELECT to_regclass('a')")).isNull();
        assertThat(migrator.status().appliedCount()).isZero();
    }

    @Test
    void versionsAreComparedAsNumbersNotAsText() {
        folder.write("9_a.up.sql", "CREATE TABLE a (id int)")
                .write("10_b.up.sql", "ALTER TABLE a RENAME TO b")
                .write("20260101120000_c.up.sql", "ALTER TABLE b RENAME TO c")
                .write("20260616000000000000_d.up.sql", "ALTER TABLE c RENAME TO d");
        assertThat(migrator.applyAll())
                .extracting(MigrationResult::version)
                .containsExactly("9", "10", "20260101120000", "20260616000000000000");
    }
}
