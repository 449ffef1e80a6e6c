package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.actuate.ConfitureEndpoint;
import io.confiture.boot.actuate.ConfitureEndpointWebExtension;
import io.confiture.boot.actuate.ConfitureHealthIndicator;
import io.confiture.boot.actuate.ConfitureInfoContributor;
import io.confiture.boot.actuate.DatabaseReadings;
import io.confiture.boot.observation.MigrationStateMetrics;
import io.confiture.boot.observation.RunMeters;
import io.confiture.boot.observation.RunObservations;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DatabaseInitializerDetector;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

class ConditionsTest {
    /** Nothing here connects: where a start would, the mode is off. */
    private static final String OFF = "confiture.migrate.mode=off";

    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ConfitureAutoConfiguration.class,
                    ConfitureEndpointAutoConfiguration.class,
                    ConfitureHealthAutoConfiguration.class,
                    ConfitureInfoAutoConfiguration.class,
                    ConfitureObservationAutoConfiguration.class))
            .withPropertyValues(OFF);

    /** Reads the conditions from the class files, as Spring Boot does: their annotations may be missing. */
    private final ApplicationContextRunner fromClassFiles = new ApplicationContextRunner()
            .withUserConfiguration(AllOfOurs.class)
            .withBean(DataSource.class, ConditionsTest::unconnected)
            .withPropertyValues(OFF);

    private final ApplicationContextRunner withDataSource =
            bare.withBean("dataSource", DataSource.class, ConditionsTest::unconnected);

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void nothingWithoutADatabase() {
        bare.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(Migrator.class)
                .doesNotHaveBean(ConfitureMigrationInitializer.class)
                .doesNotHaveBean(ConfitureProperties.class));
    }

    @Test
    void aDataSourceIsEnough() {
        withDataSource.run(context -> assertThat(context)
                .hasSingleBean(Migrator.class)
                .hasBean("confitureMigrator")
                .hasSingleBean(ConfitureMigrationInitializer.class)
                .hasSingleBean(ConfitureHealthIndicator.class));
    }

    @Test
    void itsOwnUrlIsEnough() {
        bare.withPropertyValues("confiture.url=jdbc:postgresql://localhost/x")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Migrator.class));
    }

    @Test
    void connectionDetailsAreEnoughAlsoWithoutADataSource() {
        bare.withBean(JdbcConnectionDetails.class, () -> new Details(database.url()))
                .withPropertyValues("confiture.migrate.mode=migrate")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(Migrator.class);
                    assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
                });
    }

    @Test
    void canBeTurnedOff() {
        withDataSource
                .withPropertyValues("confiture.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(Migrator.class)
                        .doesNotHaveBean(ConfitureMigrationInitializer.class)
                        .doesNotHaveBean(ConfitureHealthIndicator.class)
                        .doesNotHaveBean(ConfitureEndpoint.class));
    }

    @Test
    void theInitializerStaysWithTheApplicationsOwnMigrators() {
        withDataSource
                .withBean(
                        "ordersMigrator",
                        Migrator.class,
                        () -> Migrator.builder(database.dataSource())
                                .locations("classpath:db/migrations")
                                .build())
                .withPropertyValues("confiture.migrate.mode=migrate")
                .run(context -> {
                    assertThat(context)
                            .hasSingleBean(Migrator.class)
                            .doesNotHaveBean("confitureMigrator")
                            .hasSingleBean(ConfitureMigrationInitializer.class);
                    assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
                });
    }

    @Test
    void aMigratorWithADatabaseOfItsOwnNeedsNoDataSourceBean() {
        bare.withBean(
                        "ordersMigrator",
                        Migrator.class,
                        () -> Migrator.builder(database.url())
                                .locations("classpath:db/migrations")
                                .build())
                .withPropertyValues("confiture.migrate.mode=migrate")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
                });
    }

    @Test
    void anInitializerOfTheApplicationReplacesOurs() {
        withDataSource
                .withUserConfiguration(OwnInitializer.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(ConfitureMigrationInitializer.class)
                        .hasBean("own"));
    }

    @Test
    void theEndpointIsThereWhenExposed() {
        withDataSource.run(context -> assertThat(context).doesNotHaveBean(ConfitureEndpoint.class));
        withDataSource
                .withPropertyValues("management.endpoints.web.exposure.include=confiture")
                .run(context -> assertThat(context)
                        .hasSingleBean(ConfitureEndpoint.class)
                        .hasSingleBean(ConfitureEndpointWebExtension.class));
        withDataSource
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=*", "management.endpoint.confiture.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(ConfitureEndpoint.class));
    }

    @Test
    void theHealthIndicatorCanBeTurnedOff() {
        withDataSource
                .withPropertyValues("management.health.confiture.enabled=false")
                .run(context -> assertThat(context)
                        .hasSingleBean(Migrator.class)
                        .doesNotHaveBean(ConfitureHealthIndicator.class));
    }

    @Test
    void infoIsThereWhenAskedFor() {
        withDataSource.run(context -> assertThat(context).doesNotHaveBean(ConfitureInfoContributor.class));
        withDataSource
                .withPropertyValues("management.info.confiture.enabled=true")
                .run(context -> assertThat(context).hasSingleBean(ConfitureInfoContributor.class));
    }

    @Test
    void observationsAndMetersNeedARegistry() {
        withDataSource.run(context -> assertThat(context)
                .doesNotHaveBean(RunObservations.class)
                .doesNotHaveBean(RunMeters.class)
                .doesNotHaveBean(MigrationStateMetrics.class));
        withDataSource
                .withBean(ObservationRegistry.class, ObservationRegistry::create)
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .run(context -> assertThat(context)
                        .hasSingleBean(RunObservations.class)
                        .hasSingleBean(RunMeters.class)
                        .hasSingleBean(MigrationStateMetrics.class)
                        .hasSingleBean(DatabaseReadings.class));
    }

    @Test
    void metersNeedNoHealthAndNoActuator() {
        fromClassFiles
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(MigrationStateMetrics.class));
    }

    @Test
    void tracesNeedNoMeters() {
        fromClassFiles
                .withBean(ObservationRegistry.class, ObservationRegistry::create)
                .withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(RunObservations.class)
                        .doesNotHaveBean("confitureRunMeters"));
    }

    @Test
    void worksWithoutMicrometer() {
        fromClassFiles
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Migrator.class)
                        .doesNotHaveBean("confitureRunObservations")
                        .doesNotHaveBean("confitureRunMeters"));
    }

    @Test
    void worksWithoutActuator() {
        fromClassFiles
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Migrator.class)
                        .doesNotHaveBean(ConfitureEndpoint.class));
        assertThat(Endpoint.class.getPackageName()).startsWith("org.springframework.boot.actuate");
    }

    @Test
    void worksWithoutHealth() {
        fromClassFiles
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Migrator.class)
                        .doesNotHaveBean("confitureHealthIndicator"));
        assertThat(Health.class.getPackageName()).startsWith("org.springframework.boot.health");
    }

    @Test
    void worksWithoutAWebServerOrAnyOfTheOptionalParts() {
        fromClassFiles
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate",
                        "org.springframework.boot.health",
                        "org.springframework.web",
                        "jakarta.servlet",
                        "tools.jackson",
                        "com.fasterxml",
                        "io.micrometer",
                        "jakarta.persistence",
                        "org.hibernate",
                        "org.jooq",
                        "com.zaxxer.hikari"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Migrator.class));
    }

    @Test
    void otherBeansFindTheDetector() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(DatabaseInitializerDetector.class))
                .hasAtLeastOneElementOfType(ConfitureDatabaseInitializerDetector.class);
    }

    @Test
    void databasesAreCalledLikeTheirMigrators() {
        assertThat(MigratorBeans.database("confitureMigrator")).isEqualTo("default");
        assertThat(MigratorBeans.database("ordersMigrator")).isEqualTo("orders");
        assertThat(MigratorBeans.database("orders")).isEqualTo("orders");
        assertThat(MigratorBeans.database("Migrator")).isEqualTo("Migrator");
    }

    @Test
    void twoMigratorsOfOneNameAreRefused() {
        withDataSource
                .withBean(
                        "confitureMigrator",
                        Migrator.class,
                        () -> Migrator.builder("jdbc:postgresql:x").build())
                .withBean(
                        "defaultMigrator",
                        Migrator.class,
                        () -> Migrator.builder("jdbc:postgresql:x").build())
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("Two Migrator beans stand for the database 'default'"));
    }

    private static DataSource unconnected() {
        return new SimpleDriverDataSource(new org.postgresql.Driver(), "jdbc:postgresql:x");
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ConfitureAutoConfiguration.class,
        ConfitureEndpointAutoConfiguration.class,
        ConfitureHealthAutoConfiguration.class,
        ConfitureInfoAutoConfiguration.class,
        ConfitureObservationAutoConfiguration.class
    })
    static class AllOfOurs {}

    private record Details(String url) implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getUsername() {
            return "postgres";
        }

        @Override
        public String getPassword() {
            return "";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnInitializer {
        @Bean
        ConfitureMigrationInitializer own(io.confiture.boot.event.ConfitureEvents events) {
            return new ConfitureMigrationInitializer(java.util.List.of(), events);
        }
    }
}
