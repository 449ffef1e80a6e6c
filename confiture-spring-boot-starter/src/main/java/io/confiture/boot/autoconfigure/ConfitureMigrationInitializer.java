package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.error.ConfitureException;
import io.confiture.migrate.Migrator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

    private final Map<String, Migrator> migrators;
    private final MigrateMode mode;
    private final @Nullable String target;
    private final ConfitureEvents events;

    /**
     * @param migrators by the names of their databases, in the order in which they run
     * @param target the last migration of the database {@code default} to apply, or null for all
     */
    public ConfitureMigrationInitializer(
            Map<String, Migrator> migrators, MigrateMode mode, @Nullable String target, ConfitureEvents events) {
        this.migrators = new LinkedHashMap<>(migrators);
        this.mode = mode;
        this.target = target;
        this.events = events;
    }

    @Override
    public void afterPropertiesSet() {
        if (mode == MigrateMode.OFF) {
            log.info("Confiture leaves the database alone: confiture.migrate.mode is off");
            return;
        }
        if (!migrators.isEmpty() && !migrators.containsKey(MigratorBeans.DEFAULT_DATABASE)) {
            log.warn(
                    "The Migrator beans of the application stand for the databases {}; none is made from confiture.*,"
                            + " and the database of spring.datasource.* is migrated only if one of them is for it",
                    migrators.keySet());
        }
        try {
            events.prepare();
            migrators.forEach(this::run);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    private void run(String database, Migrator migrator) {
        String last = database.equals(MigratorBeans.DEFAULT_DATABASE) ? target : null;
        if (mode == MigrateMode.VALIDATE) {
            StartupValidation.check(database, migrator, last);
        } else {
            migrator.applyAll(last);
        }
    }

    @Override
    public int getOrder() {
        return 0;
    }
}
