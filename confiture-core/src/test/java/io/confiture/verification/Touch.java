package io.confiture.verification;

import io.confiture.migrate.JavaMigration;
import io.confiture.migrate.MigrationContext;

/** Does something that is none of the database's business. */
record Touch(Runnable what) implements JavaMigration {
    @Override
    public String version() {
        return "009";
    }

    @Override
    public String name() {
        return "touch";
    }

    @Override
    public void up(MigrationContext context) {
        what.run();
    }
}
