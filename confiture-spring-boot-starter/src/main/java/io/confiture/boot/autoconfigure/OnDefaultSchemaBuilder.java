package io.confiture.boot.autoconfigure;

import io.confiture.build.SchemaBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the properties describe how the schema of the database {@code default} is built, and not the application's own bean. */
final class OnDefaultSchemaBuilder extends SpringBootCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Confiture schema builder");
        ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
        if (beanFactory == null) {
            return ConditionOutcome.noMatch(message.because("there is no bean factory"));
        }
        Set<String> named = NamedDatabases.names(context.getEnvironment());
        List<String> own = Arrays.stream(beanFactory.getBeanNamesForType(SchemaBuilder.class, true, false))
                .filter(bean -> !named.contains(DatabaseBeans.SCHEMA_BUILDER.database(bean)))
                .toList();
        return own.isEmpty()
                ? ConditionOutcome.match(message.because("nothing replaces it"))
                : ConditionOutcome.noMatch(message.because("the application has its own SchemaBuilder beans " + own));
    }
}
