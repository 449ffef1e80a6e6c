package io.confiture.boot.autoconfigure;

import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;

/** Makes the beans that use a database wait for the migrations. */
final class ConfitureDatabaseInitializerDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

    @Override
    protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
        return Set.of(ConfitureMigrationInitializer.class);
    }

    /** After the other tools of Spring Boot that an application may still have, before its SQL scripts. */
    @Override
    public int getOrder() {
        return 10;
    }
}
