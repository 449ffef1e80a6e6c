package io.confiture.boot.observation;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.migrate.Migrator;
import io.micrometer.common.KeyValues;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;

/** What docs/observability.md shows, so that it compiles. Nested where no component scan finds it. */
final class ObservabilityExamples {
    private ObservabilityExamples() {}

    static final class Beans {
        private final String team = "shop";

        // convention
        @Bean
        RunObservationConvention runsWithTeam() {
            return new DefaultRunObservationConvention() {
                @Override
                public KeyValues getLowCardinalityKeyValues(RunObservationContext context) {
                    return super.getLowCardinalityKeyValues(context).and("team", team);
                }
            };
        }
        // end

        // migrator
        @Bean
        Migrator ordersMigrator(
                @Qualifier("orders") DataSource dataSource,
                List<RunListenerFactory> listeners,
                ConfitureEvents events) {
            return Migrator.builder(dataSource)
                    .locations("classpath:db/orders")
                    .listeners(listeners.stream()
                            .map(factory -> factory.create("orders"))
                            .toList())
                    .hook(events.hook("orders"))
                    .build();
        }
        // end
    }
}
