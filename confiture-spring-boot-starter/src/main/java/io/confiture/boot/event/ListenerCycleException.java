package io.confiture.boot.event;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;

/**
 * An {@code ApplicationListener} bean of Confiture's events needs a bean that waits for the migrations, so neither can
 * come first. Found before anything is applied.
 *
 * @since 0.1.0
 */
public final class ListenerCycleException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    private final String listenerBean;

    ListenerCycleException(String listenerBean, Throwable cause) {
        super(
                ErrorCode.LISTENER_CYCLE,
                "The listener bean '" + listenerBean + "' is to hear what happens while the database is migrated, but "
                        + "needs a bean that is created only after the migrations. Nothing was applied.",
                "Either turn it into an @EventListener method, which hears the same events as soon as all beans exist; "
                        + "or let it take an ObjectProvider of that bean and use it after the start only; or make it a "
                        + "MigrationHook bean, which is given the migration's own connection by context.jdbc().",
                cause);
        this.listenerBean = listenerBean;
    }

    /** The name of the listener's bean. */
    public String listenerBean() {
        return listenerBean;
    }
}
