package io.confiture.migrate;

import io.confiture.postgres.Session;
import io.confiture.sql.ObjectName;
import java.sql.SQLException;
import java.util.Set;

/**
 * Makes the whole schema of a database at once, where there is nothing yet, in place of all versioned migrations; see
 * {@link Migrator#baselineFrom} and {@link MigratorBuilder#initialSchema}. Nothing of it is called while the database
 * holds anything. Thread-safe if the migrators that it is given to work at the same time.
 *
 * @since 0.1.0
 */
public interface InitialSchema {

    /**
     * Tells its text from any other, such as the hash of its files; at most 64 characters. Recorded with what was built.
     */
    String hash();

    /** The tables to which it adds rows; without a schema where its text names none. */
    default Set<ObjectName> tablesWithRows() {
        return Set.of();
    }

    /**
     * Migrations of which it says that what they do to data, and beyond the database, is in it, or there anyway; as
     * {@code 004} or {@code 004_backfill}. Each must exist.
     */
    default Set<String> coveredMigrations() {
        return Set.of();
    }

    /**
     * Creates everything within the open transaction of the session, which it must neither end nor break. What it sets in
     * the session is undone behind it.
     *
     * @throws SQLException to roll everything back; a {@link io.confiture.error.ConfitureException} does the same and
     *     says more
     */
    void create(Session session) throws SQLException;
}
