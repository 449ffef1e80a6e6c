package io.confiture.boot.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.DatabaseChanges;
import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.migrate.MigrationState;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class MigrationStateMetricsTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private final AtomicInteger connections = new AtomicInteger();
    private final Migrator migrator = Migrator.builder(new DelegatingDataSource(database.dataSource()) {
                @Override
                public Connection getConnection() throws SQLException {
                    connections.incrementAndGet();
                    return super.getConnection();
                }
            })
            .locations("classpath:db/migrations")
            .build();

    private double count(String name, MigrationState state) {
        return registry.get("confiture.migrations")
                .tag("database", name)
                .tag("state", state.toString())
                .gauge()
                .value();
    }

    @Test
    void everyStateIsCountedAndScrapesDoNotReadTheDatabase() {
        migrator.applyAll("001");
        connections.set(0);
        new MigrationStateMetrics(
                        new DatabaseReadings(Map.of("shop", migrator), Map.of(), Set.of(), new DatabaseChanges()))
                .bindTo(registry);
        assertThat(connections).as("binding reads nothing").hasValue(0);
        assertThat(count("shop", MigrationState.APPLIED)).isEqualTo(1);
        int once = connections.get();
        for (int scrape = 0; scrape < 10; scrape++) {
            assertThat(count("shop", MigrationState.PENDING)).isEqualTo(1);
            assertThat(count("shop", MigrationState.CHANGED)).isZero();
        }
        assertThat(connections).hasValue(once);
        assertThat(registry.getMeters()).hasSize(MigrationState.values().length);
    }

    @Test
    void aDatabaseThatCannotBeReadHasNoNumbers() {
        Migrator gone = Migrator.builder("jdbc:postgresql://127.0.0.1:1/x")
                .locations("classpath:db/migrations")
                .build();
        new MigrationStateMetrics(new DatabaseReadings(Map.of("gone", gone), Map.of(), Set.of(), new DatabaseChanges()))
                .bindTo(registry);
        assertThat(count("gone", MigrationState.APPLIED)).isNaN();
    }
}
