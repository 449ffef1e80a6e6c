package io.confiture.boot.observation;

import io.confiture.hook.RunListener;

/**
 * Makes the listeners of databases. Every bean of this type adds one to each auto-configured migrator; a migrator that an
 * application builds itself is given those it wants.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RunListenerFactory {

    /** The listener of one database, called once for each migrator. */
    RunListener create(String database);
}
