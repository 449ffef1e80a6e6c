package io.confiture.boot.autoconfigure;

import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;

/** Makes every other initialization of a database wait until {@link SingleRun} has looked whether it may begin. */
final class SingleRunDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

    @Override
    protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
        return Set.of(SingleRun.class);
    }

    @Override
    public int getOrder() {
        return -10;
    }
}
