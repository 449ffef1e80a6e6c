package io.confiture.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives the application context of a test class, as of {@code @SpringBootTest} or {@code @JdbcTest}, a migrated database of
 * its own. The server is the one that the application would connect to in this test: that of a container with
 * {@code @ServiceConnection}, of {@code spring.datasource.url}, or of {@link #url()}; its own databases are not touched.
 *
 * <p>The SQL migrations are applied once, to a template that all test classes and processes share, and the application
 * starts on a clone, where it finds nothing more to do. Where there is more to migrating than SQL files and placeholders
 * (migrations in Java, hooks, customizers, other {@code confiture} properties than {@code migrate.locations} and
 * {@code migrate.placeholders}), it starts on an empty database and does all of it itself. The database is dropped when the context is closed.
 *
 * @since 0.1.0
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface WithFreshDatabase {

    /** The JDBC URL of any database of the server, which takes the place of {@code spring.datasource.url}. */
    String url() default "";
}
