package io.confiture.boot.event;

import io.confiture.hook.HookContext;
import io.confiture.hook.HookContext.Direction;
import io.confiture.hook.MigrationHook;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns the points of one database's runs into events. */
final class EventHook implements MigrationHook {
    private final String database;
    private final Consumer<ConfitureEvent> publisher;

    EventHook(String database, Consumer<ConfitureEvent> publisher) {
        this.database = database;
        this.publisher = publisher;
    }

    @Override
    public String name() {
        return "Confiture events of database " + database;
    }

    @Override
    public void call(HookContext context) {
        ConfitureEvent event = event(context);
        if (event != null) {
            publisher.accept(event);
        }
    }

    private @Nullable ConfitureEvent event(HookContext context) {
        Moment moment = Moment.of(database, context);
        boolean up = context.direction() == Direction.UP;
        boolean ofRun = context.migrationVersion() == null;
        return switch (context.point()) {
            case BEFORE_VALIDATE -> new ValidationStarted(moment, false);
            case AFTER_VALIDATE -> new ValidationCompleted(moment, false);
            case BEFORE_RUN -> new MigrationRunStarted(moment, false);
            case AFTER_RUN -> new MigrationRunCompleted(moment, false);
            case BEFORE_EXECUTE -> up ? new MigrationStarted(moment, false) : null;
            case AFTER_EXECUTE -> up ? new MigrationExecuted(moment, false) : null;
            case BEFORE_ROLLBACK -> new RollbackStarted(moment, false);
            case AFTER_ROLLBACK -> null;
            case AFTER_COMMIT -> up ? new MigrationCommitted(moment, false) : new RollbackCommitted(moment, false);
            case ON_ERROR -> {
                if (ofRun) {
                    yield new MigrationRunFailed(moment, false);
                }
                yield up ? new MigrationFailed(moment, false) : new RollbackFailed(moment, false);
            }
        };
    }
}
