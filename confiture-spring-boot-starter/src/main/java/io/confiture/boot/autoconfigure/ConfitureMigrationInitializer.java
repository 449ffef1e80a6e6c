package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.error.ConfitureException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.Ordered;

/**
 * Brings the databases to where the application needs them, once, before the beans that use them are created. A bean of
 * this type replaces the auto-configured one.
 *
 * @since 0.1.0
 */
public class ConfitureMigrationInitializer implements InitializingBean, Ordered {
    private static final Logger log = LoggerFactory.getLogger(ConfitureMigrationInitializer.class);

    private final List<DatabaseStartup> databases;
    private final ConfitureEvents events;

    /** @param databases in the order in which they are worked on */
    public ConfitureMigrationInitializer(List<DatabaseStartup> databases, ConfitureEvents events) {
        this.databases = List.copyOf(databases);
        this.events = events;
    }

    @Override
    public void afterPropertiesSet() {
        List<DatabaseStartup> wanted = databases.stream()
                .filter(ConfitureMigrationInitializer::isWanted)
                .toList();
        if (wanted.isEmpty()) {
            return;
        }
        try {
            events.prepare();
            wanted.forEach(ConfitureMigrationInitializer::run);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    private static boolean isWanted(DatabaseStartup database) {
        if (database.mode() == MigrateMode.OFF) {
            log.info("Confiture leaves the database '{}' alone: its mode is off", database.database());
            return false;
        }
        return true;
    }

    private static void run(DatabaseStartup database) {
        if (database.mode() == MigrateMode.VALIDATE) {
            StartupValidation.check(database.database(), database.migrator(), database.target());
        } else {
            database.migrator().applyAll(database.target());
        }
    }

    @Override
    public int getOrder() {
        return 0;
    }
}
