package io.confiture.migrate;

import io.confiture.hook.Hooks;
import io.confiture.hook.RunListener;
import io.confiture.hook.RunListeners;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the operations of one migrator share: its settings, its files, its sessions, and who is told of runs. Thread-safe. */
final class MigratorSetup {
    private final MigratorSettings settings;
    private final MigrationFiles files;
    private final MigratorSessions sessions;
    private final Hooks hooks;
    private final RunListeners listeners;
    private final @Nullable InitialSchema initialSchema;
    private final boolean scratch;

    MigratorSetup(MigratorBuilder builder) {
        this.settings = builder.settings();
        if (settings.owner() != null) {
            settings.owner().claim(settings.schema(), settings.table());
        }
        this.files = new MigrationFiles(
                builder.locations,
                builder.defaultLocations,
                builder.placeholders,
                builder.javaMigrations,
                builder.naming,
                builder.classLoader,
                Clock.systemUTC());
        this.listeners = new RunListeners(builder.listeners);
        this.sessions = new MigratorSessions(
                builder.source(),
                builder.callersConnection,
                ConnectionSource.ofNullable(builder.lockDataSource),
                settings,
                listeners);
        this.hooks = new Hooks(builder.hooks, listeners);
        this.initialSchema = builder.initialSchema;
        this.scratch = false;
    }

    private MigratorSetup(MigratorSetup original, ConnectionSource scratch) {
        this.settings = original.settings.onScratch();
        this.files = original.files;
        this.listeners = new RunListeners(List.of());
        this.sessions = new MigratorSessions(scratch, false, null, settings, listeners);
        this.hooks = new Hooks(List.of(), listeners);
        this.initialSchema = null;
        this.scratch = true;
    }

    /** The same migrations for a database that is made for the purpose. */
    MigratorSetup onScratch(ConnectionSource scratch) {
        return new MigratorSetup(this, scratch);
    }

    MigratorSettings settings() {
        return settings;
    }

    MigrationFiles files() {
        return files;
    }

    /** Where the files are, for messages. */
    String locations() {
        return files.describe();
    }

    MigratorSessions sessions() {
        return sessions;
    }

    Hooks hooks() {
        return hooks;
    }

    /**
     * Before the first of these scripts runs.
     *
     * @throws io.confiture.error.MigrationException if the database is a scratch one, and a script reaches beyond it
     */
    void requireWithinScratch(List<MigrationExecution.Step> steps, List<Callbacks.Callback> callbacks) {
        if (scratch) {
            callbacks.forEach(callback -> ScratchGuard.require(callback.migration(), callback.script()));
            steps.forEach(step -> ScratchGuard.require(step.migration().migration(), step.script()));
        }
    }

    /** What a run makes an empty database from; null for the migrations alone. */
    @Nullable
    InitialSchema initialSchema() {
        return initialSchema;
    }

    /** After a commit that has changed the record without a run. */
    void tellLedgerChanged() {
        listeners.tell(RunListener::ledgerChanged);
    }

    Run newRun() {
        return new Run(UUID.randomUUID(), settings, hooks, listeners);
    }

    Comparison compare() {
        return compare(files.load());
    }

    Comparison compare(List<LocalMigration> all) {
        return sessions.read(session -> compare(all, session));
    }

    Comparison compare(List<LocalMigration> all, Session session) throws SQLException {
        return compare(all, History.read(session, settings));
    }

    Comparison compare(List<LocalMigration> all, History history) {
        return Comparison.of(all, history, settings.labels());
    }
}
