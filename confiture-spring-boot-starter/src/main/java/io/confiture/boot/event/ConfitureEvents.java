package io.confiture.boot.event;

import io.confiture.hook.MigrationHook;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * Publishes what happens to databases as {@link ConfitureEvent}s. The auto-configured migrator has its hook already; one
 * that an application builds itself publishes when it is given {@link #hook(String)} as its last hook.
 *
 * <p>While the context is being created, events are handed to the {@code ApplicationListener} beans directly, since
 * Spring may not know them yet, and kept for {@code @EventListener} methods, which Spring registers only after all
 * singletons exist. They get them then, alone and marked as replayed. From there on events are published as any other.
 *
 * @since 0.1.0
 */
public final class ConfitureEvents implements SmartInitializingSingleton {
    private static final Logger log = LoggerFactory.getLogger(ConfitureEvents.class);

    private final AbstractApplicationContext context;
    private final StartupListeners listeners;
    private final Object monitor = new Object();

    /** Events of the start with those who heard them; null once they were replayed. */
    private @Nullable List<Heard> buffer = new ArrayList<>();

    private record Heard(ConfitureEvent event, List<ApplicationListener<?>> by) {}

    public ConfitureEvents(AbstractApplicationContext context) {
        this.context = context;
        this.listeners = new StartupListeners(context);
    }

    /**
     * A hook that publishes the events of one database. It must be the last hook of a migrator, so that an event never
     * tells of something that another hook then vetoes.
     */
    public MigrationHook hook(String database) {
        return new EventHook(database, this::publish);
    }

    /**
     * Creates the beans that listen, so that one that cannot be created before the migrations is found before any.
     *
     * @throws ListenerCycleException if a listener needs a bean that waits for the migrations
     */
    public void prepare() {
        if (isStarting()) {
            listeners.create();
        }
    }

    private boolean isStarting() {
        synchronized (monitor) {
            return buffer != null;
        }
    }

    void publish(ConfitureEvent event) {
        if (isStarting()) {
            // Looked up outside of the monitor: it creates beans, and another thread may hold Spring's own lock.
            List<ApplicationListener<?>> hearing = listeners.of(event);
            if (keep(event, hearing)) {
                hearing.forEach(listener -> Delivery.deliver(listener, event));
                publishTo(context.getParent(), event);
                return;
            }
        }
        publishTo(context, event);
    }

    private boolean keep(ConfitureEvent event, List<ApplicationListener<?>> hearing) {
        List<ApplicationListener<?>> methods =
                hearing.stream().filter(Delivery::isMethod).toList();
        synchronized (monitor) {
            if (buffer == null) {
                return false;
            }
            buffer.add(new Heard(event, methods));
            return true;
        }
    }

    private static void publishTo(@Nullable ApplicationContext target, ConfitureEvent event) {
        if (target == null) {
            return;
        }
        try {
            target.publishEvent(event);
        } catch (Exception | LinkageError | AssertionError e) {
            log.error("A listener failed on {}; nothing else is affected", event, e);
        }
    }

    /** Tells the events of the start to those who could not hear them. Does nothing when called again. */
    @Override
    public void afterSingletonsInstantiated() {
        List<Heard> events;
        synchronized (monitor) {
            if (buffer == null) {
                return;
            }
            events = buffer;
            buffer = null;
        }
        if (events.isEmpty()) {
            return;
        }
        List<ApplicationListener<?>> toldLater = new ArrayList<>(listeners.late());
        toldLater.addAll(Delivery.methods(context));
        AnnotationAwareOrderComparator.sort(toldLater);
        for (Heard heard : events) {
            ConfitureEvent replay = heard.event().replay();
            toldLater.stream()
                    .filter(listener -> !heard.by().contains(listener))
                    .filter(listener -> Delivery.supports(listener, replay))
                    .forEach(listener -> Delivery.deliver(listener, replay));
        }
    }
}
