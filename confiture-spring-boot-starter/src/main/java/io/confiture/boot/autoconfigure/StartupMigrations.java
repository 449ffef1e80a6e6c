package io.confiture.boot.autoconfigure;

import io.confiture.boot.event.ConfitureEvents;
import java.util.List;

/** What a start does unless the application says otherwise; nothing in a process that was started for one thing. */
final class StartupMigrations extends ConfitureMigrationInitializer {
    private final boolean forOneThing;

    StartupMigrations(List<DatabaseStartup> databases, ConfitureEvents events, boolean forOneThing) {
        super(databases, events);
        this.forOneThing = forOneThing;
    }

    @Override
    public void afterPropertiesSet() {
        if (!forOneThing) {
            super.afterPropertiesSet();
        }
    }
}
