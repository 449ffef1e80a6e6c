package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.sql.Connection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** The data sources and settings that applications come with. */
class DataSourceTest extends MigratorTestCase {

    private Migrator on(DataSource dataSource) {
        return Migrator.builder(dataSource).locations(folder.location()).build();
    }

    /** Three migrations, a segmented one, one that sets something, a rollback, and reads. */
    private void worksOn(DataSource dataSource) {
        folder.three()
                .write(
                        "004_index.up.sql",
                        "CREATE INDEX CONCURRENTLY ui ON users (email);\nANALYZE users;\nVACUUM users;")
                .write(
                        "005_sets.up.sql",
                        "SET search_path = pg_catalog; SET statement_timeout = '1min'; SET LOCAL role = none;")
                .write("005_sets.down.sql", "");
        Migrator migrator = on(dataSource);
        assertThat(migrator.status().pendingCount()).isEqualTo(5);
        assertThat(migrator.applyAll()).hasSize(5);
        assertThat(migrator.applyAll()).isEmpty();
        assertThat(migrator.rollback("005").version()).isEqualTo("005");
        assertThat(migrator.validate().valid()).isTrue();
        try (MigrationLock lock = migrator.lock()) {
            assertThat(lock).isNotNull();
            assertThat(migrator.applyAll()).hasSize(1);
            assertThat(migrator.lockHolder()).isPresent();
        }
        assertThat(migrator.lockHolder()).isEmpty();
    }

    private HikariDataSource pool(Consumer<HikariDataSource> settings) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setMaximumPoolSize(1);
        pool.setConnectionTimeout(2_000);
        settings.accept(pool);
        return pool;
    }

    @Test
    void aPoolOfOneWithEverySettingAgainstUsWorksAndStaysAsItWas() {
        database.execute("CREATE SCHEMA app");
        try (HikariDataSource pool = pool(p -> {
            p.setAutoCommit(false);
            p.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
            p.setReadOnly(true);
            p.setConnectionInitSql("SET search_path = app, public; SET lock_timeout = '3s'");
        })) {
            worksOn(pool);
            Map<String, @Nullable Object> now = new JdbcTemplate(pool)
                    .queryForMap("SELECT current_setting('search_path') AS path, current_setting('lock_timeout') AS t,"
                            + " current_setting('transaction_read_only') AS ro,"
                            + " current_setting('transaction_isolation') AS iso, pg_backend_pid() AS pid,"
                            + " current_setting('statement_timeout') AS st");
            assertThat(now)
                    .containsEntry("path", "app, public")
                    .containsEntry("t", "3s")
                    .containsEntry("st", "0")
                    .containsEntry("ro", "on")
                    .containsEntry("iso", "repeatable read");
            assertThat(value("SELECT to_regclass('app.tb_confiture')")).isEqualTo("app.tb_confiture");
        }
    }

    @Test
    void theSchemaOfAPoolIsWhereTheLedgerGoes() {
        database.execute("CREATE SCHEMA app");
        try (HikariDataSource pool = pool(p -> p.setSchema("app"))) {
            worksOn(pool);
            assertThat(new JdbcTemplate(pool).queryForObject("SHOW search_path", String.class))
                    .isEqualTo("app");
            assertThat(value("SELECT to_regclass('app.users')")).isEqualTo("app.users");
        }
    }

    @Test
    void aFailedMigrationLeavesThePoolUsable() {
        folder.write("1_a.up.sql", "SET search_path = pg_catalog; SELECT 1/0;");
        try (HikariDataSource pool = pool(p -> p.setAutoCommit(false))) {
            for (int i = 0; i < 3; i++) {
                fails(MigrationException.class, ErrorCode.STATEMENT_FAILED, () -> on(pool).applyAll());
            }
            assertThat(new JdbcTemplate(pool).queryForObject("SHOW search_path", String.class))
                    .contains("public");
        }
    }

    @Test
    void aLazyProxyWorks() {
        LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy(database.dataSource());
        lazy.setDefaultAutoCommit(false);
        worksOn(lazy);
    }

    @Test
    void aTransactionAwareProxyWorks() {
        worksOn(new TransactionAwareDataSourceProxy(database.dataSource()));
    }

    @Test
    void aSingleConnectionWorksAndIsKept() throws Exception {
        SingleConnectionDataSource single = new SingleConnectionDataSource(database.url(), true);
        worksOn(single);
        try (Connection connection = single.getConnection()) {
            assertThat(connection.isClosed()).isFalse();
        }
        single.destroy();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "autosave=always",
                "autosave=conservative&cleanupSavepoints=true",
                "preferQueryMode=simple",
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "prepareThreshold=-1",
                "defaultRowFetchSize=1",
                "readOnly=true&readOnlyMode=always",
                "readOnly=true",
                "currentSchema=public",
                "binaryTransfer=false",
                "reWriteBatchedInserts=true",
                "stringtype=unspecified",
                "queryTimeout=3",
                "escapeSyntaxCallMode=call",
                "logServerErrorDetail=false",
                "assumeMinServerVersion=14&ApplicationName=mine",
                "adaptiveFetch=true&defaultRowFetchSize=100",
                "options=-c%20search_path=public%20-c%20statement_timeout=30s",
            })
    void everySettingOfTheDriverWorks(String parameters) throws Exception {
        worksOn(new SimpleDriverDataSource(new org.postgresql.Driver(), database.url() + "&" + parameters));
    }

    @Test
    void theSocketTimeoutOfTheUrlDoesNotCutALongStatement() {
        folder.write("1_a.up.sql", "SELECT pg_sleep(2);").write("2_b.up.sql", "DO 'BEGIN PERFORM pg_sleep(1.5); END';");
        Migrator migrator = Migrator.builder(database.url() + "&socketTimeout=1")
                .locations(folder.location())
                .build();
        assertThat(migrator.applyAll()).hasSize(2);
    }

    static Stream<Consumer<Migrator>> writing() {
        return Stream.of(
                Migrator::initialize,
                Migrator::applyAll,
                m -> m.applyAll("001"),
                m -> m.apply("001"),
                m -> m.apply(m.pending().get(0)),
                m -> m.rollback("001"),
                m -> m.rollbackForced("001"),
                m -> m.rollbackTo("001"),
                Migrator::lock);
    }

    @ParameterizedTest
    @MethodSource("writing")
    void insideASpringTransactionEveryWritingCallFailsAtOnceWithTheReason(Consumer<Migrator> call) {
        folder.three();
        TransactionTemplate transaction =
                new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
        transaction.setName("OrderService.place");
        refused(
                MigrationException.class,
                ErrorCode.INSIDE_TRANSACTION,
                () -> transaction.executeWithoutResult(status -> call.accept(migrator())));
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> call.accept(migrator())))
                .hasMessageContaining("OrderService.place")
                .hasMessageContaining("NOT_SUPPORTED");
    }

    @Test
    void insideASpringTransactionReadingCallsWork() {
        folder.three();
        migrator().applyAll("002");
        new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()))
                .executeWithoutResult(status -> {
                    assertThat(migrator().status().appliedCount()).isEqualTo(2);
                    assertThat(migrator().validate().valid()).isTrue();
                    assertThat(migrator().plan().steps()).hasSize(1);
                });
    }
}
