package io.confiture.boot.autoconfigure;

import io.confiture.migrate.Migrator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Whether the properties describe a database {@code default} of this context. The application's own migrators replace it;
 * a child context has one only for a database of its own; and where all data sources belong to named databases there is
 * none left for it.
 */
final class OnDefaultDatabase extends SpringBootCondition implements ConfigurationCondition {
    /** Each says that a database {@code default} is wanted. */
    private static final List<String> WANTED = List.of(
            "confiture.url", "confiture.username", "confiture.migrate.locations", "confiture.migrate.locations[0]");

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Confiture database 'default'");
        ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
        if (beanFactory == null) {
            return ConditionOutcome.noMatch(message.because("there is no bean factory"));
        }
        Set<String> named = NamedDatabases.names(context.getEnvironment());
        List<String> own = Arrays.stream(beanFactory.getBeanNamesForType(Migrator.class, true, false))
                .filter(bean -> !named.contains(MigratorBeans.database(bean)))
                .toList();
        if (!own.isEmpty()) {
            return ConditionOutcome.noMatch(message.because("the application has its own Migrator beans " + own));
        }
        if (inheritsMigrator(beanFactory) && !hasOwnDatabase(beanFactory, context.getEnvironment())) {
            return ConditionOutcome.noMatch(
                    message.because("a parent context migrates, and this one has no database of its own"));
        }
        if (!named.isEmpty() && !isLeftByNamed(beanFactory, context.getEnvironment())) {
            return ConditionOutcome.noMatch(message.because("there is no data source but those of " + named));
        }
        return ConditionOutcome.match(message.because("nothing replaces it"));
    }

    private static boolean inheritsMigrator(ConfigurableListableBeanFactory beanFactory) {
        return beanFactory.getParentBeanFactory() instanceof ListableBeanFactory parent
                && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(parent, Migrator.class, true, false).length > 0;
    }

    private static boolean hasOwnDatabase(ConfigurableListableBeanFactory beanFactory, Environment environment) {
        if (hasBean(beanFactory, ConfitureConnectionDetails.class)
                || beanFactory.getBeanNamesForAnnotation(ConfitureDataSource.class).length > 0) {
            return true;
        }
        String url = text(environment, "confiture.url");
        if (StringUtils.hasText(url)) {
            // The properties of a parent are also those of its children, and go before a data source.
            return !url.equals(urlOfParent(beanFactory.getParentBeanFactory()));
        }
        return hasBean(beanFactory, DataSource.class)
                || hasBean(beanFactory, JdbcConnectionDetails.class)
                || ReactiveConnection.isIn(beanFactory);
    }

    private static boolean hasBean(ConfigurableListableBeanFactory beanFactory, Class<?> type) {
        return beanFactory.getBeanNamesForType(type, true, false).length > 0;
    }

    private static @Nullable String urlOfParent(@Nullable BeanFactory parent) {
        return parent == null ? null : text(parent.getBean(Environment.class), "confiture.url");
    }

    /** As it will be bound: the environment would fail on a variable that nothing sets, and show the value with its password. */
    private static @Nullable String text(Environment environment, String property) {
        return Binder.get(environment).bind(property, String.class).orElse(null);
    }

    private static boolean isLeftByNamed(ConfigurableListableBeanFactory beanFactory, Environment environment) {
        if (WANTED.stream().anyMatch(property -> StringUtils.hasText(text(environment, property)))
                || hasBean(beanFactory, ConfitureConnectionDetails.class)
                || beanFactory.getBeanNamesForAnnotation(ConfitureDataSource.class).length > 0) {
            return true;
        }
        List<String> dataSources = new ArrayList<>(List.of(
                BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, DataSource.class, true, false)));
        if (dataSources.isEmpty()) {
            return hasBean(beanFactory, JdbcConnectionDetails.class) || ReactiveConnection.isIn(beanFactory);
        }
        String candidate = candidate(beanFactory, dataSources);
        return candidate != null && !NamedDatabases.dataSources(environment).contains(candidate);
    }

    /** A child's own data source, before those of its parents, whose names might decide otherwise; null elsewhere. */
    static @Nullable DataSource ofChild(ConfigurableListableBeanFactory beanFactory) {
        if (beanFactory.getParentBeanFactory() == null) {
            return null;
        }
        String own = candidate(beanFactory, List.of(beanFactory.getBeanNamesForType(DataSource.class, true, false)));
        return own == null ? null : beanFactory.getBean(own, DataSource.class);
    }

    /** The bean that would be injected for the bare type, or null. */
    private static @Nullable String candidate(ConfigurableListableBeanFactory beanFactory, List<String> names) {
        List<String> candidates = names.stream()
                .filter(name -> definition(beanFactory, name) == null || isCandidate(definition(beanFactory, name)))
                .toList();
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        List<String> primary = candidates.stream()
                .filter(name -> {
                    BeanDefinition definition = definition(beanFactory, name);
                    return definition != null && definition.isPrimary();
                })
                .toList();
        return primary.size() == 1 ? primary.get(0) : null;
    }

    private static boolean isCandidate(@Nullable BeanDefinition definition) {
        return definition != null
                && definition.isAutowireCandidate()
                && !(definition instanceof AbstractBeanDefinition bean && !bean.isDefaultCandidate());
    }

    private static @Nullable BeanDefinition definition(ConfigurableListableBeanFactory beanFactory, String name) {
        if (beanFactory.containsBeanDefinition(name)) {
            return beanFactory.getMergedBeanDefinition(name);
        }
        return beanFactory.getParentBeanFactory() instanceof ConfigurableListableBeanFactory parent
                ? definition(parent, name)
                : null;
    }
}
