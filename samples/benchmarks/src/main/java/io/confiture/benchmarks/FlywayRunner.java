package io.confiture.benchmarks;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Flyway as Spring Boot calls it. */
final class FlywayRunner implements Runner {
    @Override
    public void run(DataSource dataSource, Path folder) {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("filesystem:" + folder)
                .loggers("slf4j")
                .load()
                .migrate();
    }
}
