package io.confiture.boot.event;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.event.GenericApplicationListenerAdapter;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;

/** Hands an event to one listener. */
final class Delivery {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private Delivery() {}

    /** The listener methods that the context knows by now. */
    static List<ApplicationListener<?>> methods(AbstractApplicationContext context) {
        return context.getApplicationListeners().stream()
                .filter(Delivery::isMethod)
                .toList();
    }

    /** Whether a listener stands for an annotated method, transactional and composed annotations included. */
    static boolean isMethod(ApplicationListener<?> listener) {
        return listener instanceof ApplicationListenerMethodAdapter;
    }

    static boolean supports(ApplicationListener<?> listener, ConfitureEvent event) {
        GenericApplicationListener generic =
                listener instanceof GenericApplicationListener g ? g : new GenericApplicationListenerAdapter(listener);
        return generic.supportsEventType(ResolvableType.forClass(event.getClass()))
                && generic.supportsSourceType(event.getSource().getClass());
    }

    /** Calls the listener. Whatever it throws is logged: the moment is over, and only hooks veto. */
    static void deliver(ApplicationListener<?> listener, ConfitureEvent event) {
        try {
            invoke(listener, event);
        } catch (ClassCastException e) {
            if (isForeign(e, event)) {
                // A lambda does not tell the type it wants; Spring finds out in the same way.
                log.debug("{} does not listen to {}", listener, event);
            } else {
                failed(listener, event, e);
            }
        } catch (Exception | LinkageError | AssertionError e) {
            failed(listener, event, e);
        }
    }

    @SuppressWarnings("unchecked")
    private static void invoke(ApplicationListener<?> listener, ApplicationEvent event) {
        ((ApplicationListener<ApplicationEvent>) listener).onApplicationEvent(event);
    }

    private static boolean isForeign(ClassCastException e, ConfitureEvent event) {
        return e.getMessage() != null
                && e.getMessage().contains(event.getClass().getName());
    }

    private static void failed(ApplicationListener<?> listener, ConfitureEvent event, Throwable e) {
        if (BeanCycle.isIn(e)) {
            log.error(
                    "Listener {} failed on {}, nothing else is affected: it asked for a bean that waits for the"
                            + " migrations. Make it an @EventListener method, which hears the event as soon as all"
                            + " beans exist, or a MigrationHook, which is given the migration's own connection.",
                    listener,
                    event,
                    e);
        } else {
            log.error("Listener {} failed on {}; nothing else is affected", listener, event, e);
        }
    }
}
