package io.confiture.boot;

import io.confiture.boot.autoconfigure.ConfitureDataSource;
import io.confiture.boot.event.ConfitureEvents;
import io.confiture.hook.HookPoint;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.Migrator;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase.Replace;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.stereotype.Component;

/** What docs/spring-boot.md shows, so that it compiles. Nested where no component scan and no test run finds it. */
final class GuideExamples {
    private GuideExamples() {}

    static final class Beans {
        private static final String ownerUrl = "jdbc:postgresql://127.0.0.1/shop?user=owner";

        // owner
        @Bean(defaultCandidate = false) // everything else keeps using the other data source
        @ConfitureDataSource
        DataSource owner() {
            return new DriverManagerDataSource(ownerUrl);
        }
        // end

        // hook
        @Bean
        MigrationHook grantToReaders() {
            return MigrationHook.at(
                    HookPoint.AFTER_EXECUTE,
                    context -> context.jdbc()
                            .sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO readers")
                            .update());
        }
        // end

        // migrator
        @Bean
        Migrator ordersMigrator(@Qualifier("orders") DataSource dataSource, ConfitureEvents events) {
            return Migrator.builder(dataSource)
                    .locations("classpath:db/orders")
                    .database("orders") // what hooks are told
                    .hook(events.hook("orders")) // the last hook, if its events are wanted
                    .build();
        }
        // end
    }

    @SuppressWarnings({"ClassCanBeStatic", "UnusedVariable"}) // shown as it stands in a file of its own
    static final class Dependent {
        // dependent
        @Component
        @DependsOnDatabaseInitialization
        class Prices {
            private final JdbcClient jdbc;

            Prices(DataSource dataSource) {
                this.jdbc = JdbcClient.create(dataSource);
            }
        }
        // end
    }

    @SuppressWarnings("ClassCanBeStatic") // shown as it stands in a file of its own
    static final class Slice {
        // slice
        @DataJpaTest
        @AutoConfigureTestDatabase(replace = Replace.NONE)
        class PriceRepositoryTest {}
        // end
    }
}
