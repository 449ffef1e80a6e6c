package io.confiture.boot.autoconfigure;

import io.confiture.error.ConfitureException;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

/** Adds what the {@code confiture.yaml} of each database says to the properties of the application, once all others are there. */
final class YamlEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        ResourceLoader resources = application.getResourceLoader() != null
                ? application.getResourceLoader()
                : new DefaultResourceLoader(application.getClassLoader());
        try {
            add(environment, resources);
        } catch (ConfitureException e) {
            throw new ConfitureStartupException(e);
        }
    }

    private static void add(ConfigurableEnvironment environment, ResourceLoader resources) {
        YamlSettings settings = new YamlSettings(environment);
        settings.locations().forEach((prefix, location) -> {
            settings.requireOneLocation(prefix);
            YamlPropertySource properties = location.read(prefix, settings.environmentOf(prefix), resources);
            settings.requireSaidNowhereElse(properties);
            environment.getPropertySources().addLast(properties);
        });
        DefaultPropertiesPropertySource.moveToEnd(environment);
    }
}
