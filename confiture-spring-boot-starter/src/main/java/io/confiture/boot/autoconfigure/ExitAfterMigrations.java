package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Ends the process once everybody has heard of the migrations, and before any server accepts requests: servers start
 * after all singletons exist.
 */
final class ExitAfterMigrations implements SmartInitializingSingleton {
    private static final Logger log = LoggerFactory.getLogger(ExitAfterMigrations.class);

    private final ConfigurableApplicationContext context;
    private final @Nullable String reason;
    private final ConfitureEvents events;
    private final ProcessExit exit;

    /** @param reason why the process ends, or null if it goes on */
    ExitAfterMigrations(
            ConfigurableApplicationContext context, @Nullable String reason, ConfitureEvents events, ProcessExit exit) {
        this.context = context;
        this.reason = reason;
        this.events = events;
        this.exit = exit;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (reason == null) {
            return;
        }
        events.afterSingletonsInstantiated();
        log.info("Done; the application ends here because of {}", reason);
        exit.exit(context);
    }
}
