package io.confiture.migrate;

/**
 * The migration lock, held until closed. Operations of the same {@link Migrator} on the same thread run under it; taking it
 * again there is cheap. Must be closed by the thread that took it.
 *
 * @since 0.1.0
 */
public interface MigrationLock extends AutoCloseable {

    /** Releases the lock once every holder of this thread has closed it. Closing twice has no effect. */
    @Override
    void close();
}
