package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Ends the process once everybody has heard of the migrations, and before any server accepts requests: servers start
 * after all singletons exist.
 */
final class ExitAfterMigrations implements SmartInitializingSingleton {
    private final ConfigurableApplicationContext context;
    private final boolean exits;
    private final ConfitureEvents events;
    private final ProcessExit exit;

    ExitAfterMigrations(
            ConfigurableApplicationContext context, boolean exits, ConfitureEvents events, ProcessExit exit) {
        this.context = context;
        this.exits = exits;
        this.events = events;
        this.exit = exit;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (!exits) {
            return;
        }
        events.afterSingletonsInstantiated();
        exit.exit(context);
    }
}
