package io.confiture.boot.autoconfigure;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Leaves out the beans that a process started for one thing does not need: after a rollback the application's own might
 * not be able to live with the schema.
 */
final class LazyRun implements BeanFactoryPostProcessor, Ordered {
    private final Environment environment;

    LazyRun(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        if (StringUtils.hasText(environment.getProperty("confiture.run"))) {
            new LazyInitializationBeanFactoryPostProcessor().postProcessBeanFactory(beanFactory);
        }
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
