package io.confiture.boot.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * Those who hear an event while the context is still being created.
 *
 * <p>Spring's own multicaster cannot be asked: a web server's filter that needs the database makes migrations run before
 * the listener beans are registered there, and its events would wait until after the migrations and then fail the start
 * when a listener throws.
 */
final class StartupListeners {
    private static final Logger log = LoggerFactory.getLogger(StartupListeners.class);

    private static final List<Class<? extends ConfitureEvent>> OF_A_START = List.of(
            MigrationRunStarted.class,
            MigrationStarted.class,
            MigrationExecuted.class,
            MigrationCommitted.class,
            MigrationFailed.class,
            MigrationRunCompleted.class,
            MigrationRunFailed.class,
            ValidationStarted.class,
            ValidationCompleted.class);

    private final AbstractApplicationContext context;
    private final Map<Class<?>, List<Candidate>> candidates = new ConcurrentHashMap<>();

    /** Listeners of whatever event that wait for the migrations themselves. */
    private final Set<String> late = ConcurrentHashMap.newKeySet();

    /**
     * A bean that may hear an event.
     *
     * @param explicit whether it is declared for Confiture's events, not for whatever event there is
     */
    private record Candidate(String name, boolean explicit) {}

    StartupListeners(AbstractApplicationContext context) {
        this.context = context;
    }

    /** Creates every listener bean that hears an event of a start. */
    void create() {
        OF_A_START.forEach(this::beans);
    }

    /** Who hears the event now, in Spring's order: beans, what was added to the context, methods known by now. */
    List<ApplicationListener<?>> of(ConfitureEvent event) {
        List<ApplicationListener<?>> result = new ArrayList<>(beans(event.getClass()));
        // The context also lists beans once they exist; whether those hear the event is decided by their definition.
        Set<Object> beans = existingBeans();
        for (ApplicationListener<?> listener : context.getApplicationListeners()) {
            if (!beans.contains(listener)) {
                result.add(listener);
            }
        }
        result.removeIf(listener -> !Delivery.supports(listener, event));
        AnnotationAwareOrderComparator.sort(result);
        return result;
    }

    /** The beans that could not be created while the database was migrated and therefore have heard nothing. */
    List<ApplicationListener<?>> late() {
        List<ApplicationListener<?>> result = new ArrayList<>();
        for (String name : late) {
            result.add(beanFactory().getBean(name, ApplicationListener.class));
        }
        return result;
    }

    private ConfigurableListableBeanFactory beanFactory() {
        return context.getBeanFactory();
    }

    private String[] allNames() {
        // As the context itself looks for listener beans: without creating any bean only to learn its type.
        String[] names = beanFactory().getBeanNamesForType(ApplicationListener.class, true, false);
        // Behind a scoped proxy stands a second bean, which the proxy calls.
        return Arrays.stream(names)
                .filter(name -> !ScopedProxyUtils.isScopedTarget(name))
                .toArray(String[]::new);
    }

    private List<ApplicationListener<?>> beans(Class<? extends ConfitureEvent> event) {
        List<Candidate> found = candidates.get(event);
        if (found == null) {
            found = new ArrayList<>();
            for (String name : allNames()) {
                Candidate candidate = candidate(name, ResolvableType.forClass(event));
                if (candidate != null) {
                    found.add(candidate);
                }
            }
            candidates.put(event, found);
        }
        List<ApplicationListener<?>> beans = new ArrayList<>();
        for (Candidate candidate : found) {
            ApplicationListener<?> bean = bean(candidate);
            if (bean != null) {
                beans.add(bean);
            }
        }
        return beans;
    }

    private @Nullable Candidate candidate(String name, ResolvableType event) {
        Class<?> type = beanFactory().getType(name, false);
        if (type == null
                || GenericApplicationListener.class.isAssignableFrom(type)
                || SmartApplicationListener.class.isAssignableFrom(type)) {
            return new Candidate(name, false);
        }
        ResolvableType byClass = wanted(ResolvableType.forClass(type));
        ResolvableType byDefinition = beanFactory().containsBeanDefinition(name)
                ? wanted(beanFactory().getMergedBeanDefinition(name).getResolvableType())
                : ResolvableType.NONE;
        if (!accepts(byClass, event) || !accepts(byDefinition, event)) {
            return null;
        }
        return new Candidate(name, isOurs(byClass) || isOurs(byDefinition));
    }

    private static ResolvableType wanted(ResolvableType listener) {
        return listener.as(ApplicationListener.class).getGeneric();
    }

    private static boolean accepts(ResolvableType wanted, ResolvableType event) {
        return wanted.equals(ResolvableType.NONE) || wanted.isAssignableFrom(event);
    }

    private static boolean isOurs(ResolvableType wanted) {
        return ConfitureEvent.class.isAssignableFrom(wanted.toClass());
    }

    private @Nullable ApplicationListener<?> bean(Candidate candidate) {
        if (late.contains(candidate.name())) {
            return null;
        }
        try {
            return beanFactory().getBean(candidate.name(), ApplicationListener.class);
        } catch (BeansException e) {
            if (!BeanCycle.isIn(e)) {
                throw e;
            }
            if (candidate.explicit()) {
                throw new ListenerCycleException(candidate.name(), e);
            }
            // It never asked for these events in particular: that it needs the database must not fail the start.
            log.debug("Listener bean {} waits for the migrations; it is told of them afterwards", candidate.name(), e);
            late.add(candidate.name());
            return null;
        }
    }

    private Set<Object> existingBeans() {
        Set<Object> beans = Collections.newSetFromMap(new IdentityHashMap<>());
        for (String name : allNames()) {
            Object bean = beanFactory().getSingleton(name);
            if (bean != null) {
                beans.add(bean);
                Object target = AopProxyUtils.getSingletonTarget(bean);
                if (target != null) {
                    beans.add(target);
                }
            }
        }
        return beans;
    }
}
