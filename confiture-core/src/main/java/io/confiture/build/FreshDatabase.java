package io.confiture.build;

import io.confiture.postgres.ConnectionSource;
import javax.sql.DataSource;

/**
 * A database of one test or one piece of work, cloned from a template; dropped when closed, whoever is connected to it.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class FreshDatabase implements AutoCloseable {
    private final TemplateDatabases origin;
    private final String name;
    private final ConnectionSource source;

    FreshDatabase(TemplateDatabases origin, String name, ConnectionSource source) {
        this.origin = origin;
        this.name = name;
        this.source = source;
    }

    public String name() {
        return name;
    }

    /** New connections to it, outside of any pool. */
    public ConnectionSource source() {
        return source;
    }

    /** A data source without a pool: each connection is a new one. */
    public DataSource dataSource() {
        return source.asDataSource();
    }

    /** Drops it. Never throws: what cannot be dropped is named in the log, and is dropped later with stale ones. */
    @Override
    public void close() {
        origin.drop(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
