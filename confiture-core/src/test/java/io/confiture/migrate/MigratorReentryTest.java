package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationAlreadyAppliedException;
import io.confiture.error.MigrationException;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** Calls of a migrator from within its own hooks, its own lock, and transactions of the application. */
class MigratorReentryTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final HikariDataSource poolOfOne = new HikariDataSource();

    @TempDir
    Path temp;

    @BeforeEach
    void prepare() {
        new MigrationFolder(temp).three();
        poolOfOne.setJdbcUrl(database.url());
        poolOfOne.setMaximumPoolSize(1);
        poolOfOne.setConnectionTimeout(2_000);
    }

    @Test
    void aHookMayReadWithTheMigratorAndAWriteIsRefusedAtOnceInsteadOfWaitingForItself() {
        AtomicReference<Migrator> self = new AtomicReference<>();
        AtomicReference<MigrationException> refused = new AtomicReference<>();
        AtomicReference<Integer> seen = new AtomicReference<>();
        Migrator migrator = Migrator.builder(poolOfOne)
                .locations(temp.toString())
                .hook(MigrationHook.at(HookPoint.AFTER_COMMIT, context -> {
                    seen.set(self.get().status().appliedCount());
                    refused.set(catchThrowableOfType(
                            MigrationException.class, () -> self.get().applyAll()));
                }))
                .build();
        self.set(migrator);
        assertThat(migrator.applyAll()).hasSize(3);
        assertThat(seen.get()).isEqualTo(3);
        assertThat(refused.get().code()).isEqualTo(ErrorCode.INSIDE_TRANSACTION);
    }

    @Test
    void applyOfWhatIsAppliedSaysSoUnderTheLockToo() {
        Migrator migrator =
                Migrator.builder(poolOfOne).locations(temp.toString()).build();
        try (MigrationLock lock = migrator.lock()) {
            migrator.applyAll();
            assertThatThrownBy(() -> migrator.apply("001")).isInstanceOf(MigrationAlreadyAppliedException.class);
        }
    }

    @Test
    void readingTheStatusInsideASpringTransactionDoesNotCommitIt() {
        database.execute("CREATE TABLE orders (id int)");
        TransactionAwareDataSourceProxy aware = new TransactionAwareDataSourceProxy(poolOfOne);
        Migrator migrator = Migrator.builder(aware).locations(temp.toString()).build();
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(poolOfOne));
        transaction.executeWithoutResult(status -> {
            new JdbcTemplate(aware).update("INSERT INTO orders VALUES (1)");
            assertThatThrownBy(migrator::status)
                    .isInstanceOfSatisfying(
                            MigrationException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INSIDE_TRANSACTION));
            status.setRollbackOnly();
        });
        assertThat(database.value("SELECT count(*) FROM orders")).isEqualTo("0");
    }

    @Test
    void aVolumeMountedByKubernetesHasEachFileOnce() throws IOException {
        Path volume = Files.createDirectory(temp.resolve("volume"));
        Path real = Files.createDirectory(volume.resolve("..2026_01"));
        Files.writeString(real.resolve("001_a.up.sql"), "CREATE TABLE a (id int);");
        Files.createSymbolicLink(volume.resolve("..data"), Path.of("..2026_01"));
        Files.createSymbolicLink(volume.resolve("001_a.up.sql"), Path.of("..data", "001_a.up.sql"));
        assertThat(Migrator.builder(poolOfOne)
                        .locations(volume.toString())
                        .build()
                        .applyAll())
                .hasSize(1);
    }

    @Test
    void aVetoBeforeTheRunLeavesNothingOfWhatAnotherHookHadWritten() {
        database.execute("CREATE TABLE told (id int)");
        Migrator migrator = Migrator.builder(poolOfOne)
                .locations(temp.toString())
                .hook(MigrationHook.at(
                        HookPoint.BEFORE_RUN,
                        context -> context.jdbc()
                                .sql("INSERT INTO told VALUES (1)")
                                .update()))
                .hook(MigrationHook.at(HookPoint.BEFORE_RUN, context -> {
                    throw new IllegalStateException("not today");
                }))
                .build();
        assertThatThrownBy(migrator::applyAll).hasMessageContaining("not today");
        assertThat(database.value("SELECT count(*) FROM told")).isEqualTo("0");
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }
}
