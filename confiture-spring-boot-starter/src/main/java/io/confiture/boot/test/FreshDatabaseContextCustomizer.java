package io.confiture.boot.test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * Puts the database of a test class into its context. Contexts are shared by tests whose customizers are equal, so the class
 * is part of it.
 *
 * @param url empty if the application says where the server is
 */
record FreshDatabaseContextCustomizer(Class<?> testClass, String url) implements ContextCustomizer {

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        if (!url.isEmpty()) {
            TestPropertySourceUtils.addInlinedPropertiesToEnvironment(context, "spring.datasource.url=" + url);
        }
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
        ContextDatabase database = new ContextDatabase(beans, context.getEnvironment());
        // First to be registered, and so last to be destroyed: whoever connects to it is gone by then.
        beans.registerDisposableBean(ContextDatabase.class.getName(), database);
        beans.addBeanPostProcessor(database);
        // Before there is any bean that could migrate.
        context.addBeanFactoryPostProcessor(any -> database.refuseNamedDatabases());
        context.addApplicationListener(database);
    }

    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
        return "fresh database of " + testClass.getName();
    }
}
