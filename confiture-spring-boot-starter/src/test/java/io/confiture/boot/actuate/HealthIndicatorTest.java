package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.autoconfigure.ConfitureHealthAutoConfiguration;
import io.confiture.boot.fixture.Apps;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.Policy;
import io.confiture.migrate.Repair;
import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class HealthIndicatorTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();
    private final Migrator migrator = migrator("classpath:db/migrations", Policy.FAIL);

    @Test
    void upWhenNothingIsPending() {
        migrator.applyAll();
        Health health = indicator(migrator).health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("default", Map.of("state", "up_to_date", "applied", 2, "pending", 0, "problems", 0L));
    }

    @Test
    void outOfServiceWhenSomethingIsPending() {
        migrator.applyAll("001");
        Health health = indicator(migrator).health();
        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.getDetails().toString()).contains("state=pending", "pending=1");
    }

    @Test
    void outOfServiceWhenSomethingIsWrong() {
        migrator.applyAll();
        Health health = indicator(migrator("classpath:changed", Policy.FAIL)).health();
        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.getDetails().toString()).contains("state=problems", "problems=1");
    }

    @Test
    void upWhenThePolicyAllowsWhatIsWrong() {
        migrator.applyAll();
        assertThat(indicator(migrator("classpath:changed", Policy.WARN))
                        .health()
                        .getStatus())
                .isEqualTo(Status.UP);
    }

    /** Otherwise every rolling update would take the old instances out of service before the new ones are there. */
    @Test
    void upWhenANewerBuildHasMigratedFurther() {
        migrator.applyAll();
        database.execute("INSERT INTO tb_confiture (id, slug, version, name, checksum)"
                + " VALUES (gen_random_uuid(), 'newer', '999', 'newer', repeat('a', 64))");
        Health health = indicator(migrator).health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails().toString()).contains("state=ahead");
    }

    @Test
    void outOfServiceWhenTheDatabaseCannotBeRead() {
        Health health = indicator(Migrator.builder("jdbc:postgresql://127.0.0.1:1/x?password=hunter2")
                        .locations("classpath:db/migrations")
                        .build())
                .health();
        assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.getDetails().toString())
                .contains("state=unreachable")
                .contains("CONFIG_006")
                .doesNotContain("127.0.0.1")
                .doesNotContain("hunter2")
                .doesNotContain("jdbc:");
    }

    @Test
    void connectsWhenFirstAskedAndThenOnceInThirtySeconds() {
        migrator.applyAll();
        connections.set(0);
        ConfitureHealthIndicator indicator = indicator(migrator);
        assertThat(connections).hasValue(0);
        Health first = indicator.health();
        int once = connections.get();
        assertThat(once).isPositive();
        for (int i = 0; i < 100; i++) {
            assertThat(indicator.health()).isEqualTo(first);
        }
        now.addAndGet(Duration.ofMillis(29_999).toNanos());
        assertThat(indicator.health()).isEqualTo(first);
        assertThat(connections).hasValue(once);
        now.addAndGet(Duration.ofMillis(2).toNanos());
        assertThat(indicator.health()).isEqualTo(first);
        assertThat(connections).hasValue(2 * once);
    }

    @Test
    void aFailureIsKeptAsLong() {
        Migrator gone = Migrator.builder(new CountingDataSource(database.dataSource(), connections) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        super.getConnection().close();
                        throw new SQLException("down", "08006");
                    }
                })
                .locations("classpath:db/migrations")
                .build();
        ConfitureHealthIndicator indicator = indicator(gone);
        Health first = indicator.health();
        assertThat(first.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        int once = connections.get();
        assertThat(indicator.health()).isEqualTo(first);
        assertThat(connections).hasValue(once);
    }

    @Test
    void whatThisProcessMigratesIsSeenAtOnce() {
        try (ConfigurableApplicationContext context = Apps.start(database, WithHealth.class)) {
            ConfitureHealthIndicator indicator = context.getBean(ConfitureHealthIndicator.class);
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
            context.getBean(Migrator.class).rollback("002");
            assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            context.getBean(Migrator.class).applyAll();
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        }
    }

    @Test
    void whatThisProcessRepairsOrBaselinesIsSeenAtOnce() {
        try (ConfigurableApplicationContext context = Apps.start(database, WithHealth.class)) {
            ConfitureHealthIndicator indicator = context.getBean(ConfitureHealthIndicator.class);
            Migrator migrator = context.getBean(Migrator.class);
            database.execute("UPDATE tb_confiture SET checksum = 'other'");
            migrator.rollback("002");
            assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            migrator.baseline("002");
            assertThat(indicator.health().getDetails().toString()).contains("pending=0", "problems=1");
            migrator.repair(Repair.nothing().realignChecksums());
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        }
    }

    private ConfitureHealthIndicator indicator(Migrator migrator) {
        return new ConfitureHealthIndicator(
                new DatabaseReadings(Map.of("default", migrator), Map.of(), Set.of(), new DatabaseChanges(), now::get));
    }

    private Migrator migrator(String location, Policy changed) {
        return Migrator.builder(new CountingDataSource(database.dataSource(), connections))
                .locations(location)
                .changed(changed)
                .build();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ConfitureHealthAutoConfiguration.class)
    static class WithHealth {}

    private static class CountingDataSource extends DelegatingDataSource {
        private final AtomicInteger connections;

        CountingDataSource(DataSource target, AtomicInteger connections) {
            super(target);
            this.connections = connections;
        }

        @Override
        public Connection getConnection() throws SQLException {
            connections.incrementAndGet();
            return super.getConnection();
        }
    }
}
