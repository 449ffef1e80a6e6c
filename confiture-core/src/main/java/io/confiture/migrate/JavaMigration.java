package io.confiture.migrate;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A migration written in Java, for what SQL cannot say. Given to {@link MigratorBuilder#javaMigration}, or a Spring bean
 * of this type. It takes its place among the SQL migrations by its version, and runs as one transaction, ledger row
 * included. Methods that describe it must always answer the same.
 *
 * <p>In a Spring application it is created before the schema exists: it must not have {@code JdbcTemplate}, a repository
 * or the like injected, and works through {@link MigrationContext#jdbc()}. What it does on other connections, or outside
 * of the database, is not part of the transaction. Custom settings such as {@code app.tenant} belong into
 * {@code SET LOCAL}: the server does not list them, so nobody could undo them behind it.
 *
 * @since 0.1.0
 */
public non-sealed interface JavaMigration extends Migration {

    /** Numbers separated by dots, as in a file name: {@code 001} or {@code 20260131093000}. */
    @Override
    String version();

    /** What a file name would have behind the version, such as {@code encrypt_emails}. */
    @Override
    String name();

    /**
     * Brings the database forward.
     *
     * @throws Exception to roll the migration back and end the run
     */
    void up(MigrationContext context) throws Exception;

    /**
     * Undoes {@link #up}. Called only if {@link #reversible()}.
     *
     * @throws Exception to roll the rollback back
     */
    default void down(MigrationContext context) throws Exception {
        throw new UnsupportedOperationException(id() + " has no down part");
    }

    /** False unless overridden together with {@link #down}. */
    @Override
    default boolean reversible() {
        return false;
    }

    /**
     * Stands for what the migration does, at most 64 characters; kept in the ledger and compared like the checksum of a
     * file. Null, the default, for one that cannot be told: it is then reported as not checked.
     */
    default @Nullable String checksum() {
        return null;
    }

    /**
     * Whether {@link #up} and {@link #down} may be called again after a lock timeout, a deadlock or a serialization
     * failure has rolled the transaction back. False by default: nobody knows what else they do.
     */
    default boolean retryable() {
        return false;
    }

    /** Where it runs, as with the directive {@code labels} of a script; everywhere when empty. */
    default Set<String> labels() {
        return Set.of();
    }
}
