package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.error.ConfitureException;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.ApplicationStartupAware;
import org.springframework.core.Ordered;
import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.core.metrics.StartupStep;

/**
 * Brings the databases to where the application needs them, once, before the beans that use them are created. A bean of
 * this type replaces the auto-configured one.
 *
 * @since 0.1.0
 */
public class ConfitureMigrationInitializer implements InitializingBean, Ordered, ApplicationStartupAware {
    private static final Logger log = LoggerFactory.getLogger(ConfitureMigrationInitializer.class);

    private final List<DatabaseStartup> databases;
    private final ConfitureEvents events;
    private ApplicationStartup startup = ApplicationStartup.DEFAULT;

    /** @param databases in the order in which they are worked on */
    public ConfitureMigrationInitializer(List<DatabaseStartup> databases, ConfitureEvents events) {
        this.databases = List.copyOf(databases);
        this.events = events;
    }

    @Override
    public void setApplicationStartup(ApplicationStartup applicationStartup) {
        this.startup = applicationStartup;
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
            wanted.forEach(this::runAsStep);
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

    private void runAsStep(DatabaseStartup database) {
        StartupStep step = startup.start("confiture.migrate")
                .tag("database", database.database())
                .tag("mode", printed(database.mode()));
        try {
            step.tag("applied", String.valueOf(run(database)));
        } finally {
            step.end();
        }
    }

    private static String printed(MigrateMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Tells how many migrations were applied. */
    private static int run(DatabaseStartup database) {
        if (database.mode() == MigrateMode.VALIDATE) {
            StartupValidation.check(database.database(), database.migrator(), database.target());
            return 0;
        }
        if (database.mode() == MigrateMode.WAIT) {
            StartupWait.untilApplied(database);
            return 0;
        }
        return database.migrator().applyAll(database.target()).size();
    }

    @Override
    public int getOrder() {
        return 0;
    }
}
