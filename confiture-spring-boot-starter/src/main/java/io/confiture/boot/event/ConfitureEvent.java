package io.confiture.boot.event;

import io.confiture.hook.HookContext;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEvent;

/**
 * Something that happened to a database. Published on the thread that migrates; a listener that throws is logged and
 * changes nothing, because only {@link io.confiture.hook.MigrationHook} beans may veto.
 *
 * <p>The {@linkplain #getTimestamp() timestamp} is that of the moment itself, also of an event that is
 * {@linkplain #isReplayed() replayed}.
 *
 * @since 0.1.0
 */
public abstract sealed class ConfitureEvent extends ApplicationEvent
        permits MigrationEvent, MigrationRunEvent, ValidationStarted, ValidationCompleted {
    private static final long serialVersionUID = 1L;

    private final Moment moment;
    private final boolean replayed;

    ConfitureEvent(Moment moment, boolean replayed) {
        super(moment.database(), Clock.fixed(moment.at(), ZoneOffset.UTC));
        this.moment = moment;
        this.replayed = replayed;
    }

    final Moment moment() {
        return moment;
    }

    /** The same event for a listener that could not hear it when it happened. */
    abstract ConfitureEvent replay();

    /** The name of the database; {@code default} for the one configured by {@code confiture.*}. */
    public final String getDatabase() {
        return moment.database();
    }

    /** Identifies the run; the same for all events of a run. */
    public final UUID getRunId() {
        return moment.runId();
    }

    /** The environment as configured, or null. */
    public final @Nullable String getEnvironment() {
        return moment.environment();
    }

    /** The schema that unqualified names resolve to, or null. */
    public final @Nullable String getSchema() {
        return moment.schema();
    }

    /**
     * Whether the moment is over: the event belongs to the start of the application and is told to an
     * {@code @EventListener} method after all singletons exist, because Spring knows such methods only then.
     */
    public final boolean isReplayed() {
        return replayed;
    }

    /** Whether migrations are applied or rolled back. */
    public final HookContext.Direction getDirection() {
        return moment.direction();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[database=" + getDatabase()
                + (moment.version() == null ? "" : ", migration=" + moment.version() + "_" + moment.name())
                + (replayed ? ", replayed" : "") + "]";
    }
}
