package io.confiture.boot.test;

import io.confiture.boot.autoconfigure.ConfitureConnectionDetails;
import io.confiture.boot.autoconfigure.ConfitureMigratorCustomizer;
import io.confiture.build.DatabaseContent;
import io.confiture.build.FreshDatabase;
import io.confiture.build.TemplateDatabases;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.JavaMigration;
import io.confiture.postgres.DatabaseUrl;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The database of one context, made when the first bean asks where to connect to. */
final class ContextDatabase implements BeanPostProcessor, ApplicationListener<ContextRefreshedEvent>, DisposableBean {
    private static final String DEFAULT_LOCATION = "classpath:db/migrations";

    /** What a template can do as the application would. */
    private static final Set<String> SETTINGS = Set.of("locations", "placeholders");

    private static final DatabaseContent NOTHING = database -> {};

    /** One for each server; their connections end with the process. */
    private static final Map<DatabaseUrl, TemplateDatabases> SERVERS = new ConcurrentHashMap<>();

    private final ListableBeanFactory beans;
    private final Environment environment;
    private @Nullable FreshDatabase database;

    ContextDatabase(ListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.environment = environment;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof JdbcConnectionDetails details) {
            return new Redirected(
                    url(details.getJdbcUrl(), details.getUsername(), details.getPassword()),
                    details.getUsername(),
                    details.getPassword());
        }
        if (bean instanceof ConfitureConnectionDetails details && details.getJdbcUrl() != null) {
            return new RedirectedMigrations(
                    url(details.getJdbcUrl(), details.getUsername(), details.getPassword()),
                    details.getUsername(),
                    details.getPassword());
        }
        return bean;
    }

    /** Only the database {@code default} is exchanged; all others would be migrated where they really are. */
    void refuseNamedDatabases() {
        Set<String> named = Binder.get(environment)
                .bind("confiture.databases", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
        if (!named.isEmpty()) {
            throw new IllegalStateException("The test has @WithFreshDatabase and confiture.databases is set ("
                    + String.join(", ", new TreeSet<>(named))
                    + "), so that the real ones would be migrated. Leave confiture.databases out in tests, or use"
                    + " FreshDatabaseExtension for each.");
        }
    }

    private synchronized String url(@Nullable String url, @Nullable String username, @Nullable String password) {
        DatabaseUrl server = DatabaseUrl.parse(String.valueOf(url));
        FreshDatabase fresh = database;
        if (fresh == null) {
            if (environment.containsProperty("confiture.url")) {
                throw new IllegalStateException("The test has @WithFreshDatabase and confiture.url is set, so that"
                        + " migrations would go to another database. Leave confiture.url out in tests.");
            }
            fresh = create(server, username, password);
            database = fresh;
        }
        return server.withDatabase(fresh.name()).jdbc();
    }

    private FreshDatabase create(DatabaseUrl server, @Nullable String username, @Nullable String password) {
        DriverManagerDataSource dataSource = new DriverManagerDataSource(server.jdbc());
        if (username != null) {
            dataSource.setUsername(username);
        }
        if (password != null) {
            dataSource.setPassword(password);
        }
        TemplateDatabases templates = SERVERS.computeIfAbsent(server, any -> TemplateDatabases.on(dataSource));
        MigratedContent migrations = migrations();
        return migrations == null
                ? templates.create("empty", NOTHING)
                : templates.create(TemplateDatabases.key("migrations", migrations.hash()), migrations);
    }

    /** What the application would do to an empty database; null if only the application can do it. */
    private @Nullable MigratedContent migrations() {
        Binder binder = Binder.get(environment);
        Map<String, Object> settings = binder.bind("confiture.migrate", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of());
        Set<String> others = binder.bind("confiture", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
        boolean more = !SETTINGS.containsAll(settings.keySet())
                || !Set.of("migrate").containsAll(others)
                || List.of(JavaMigration.class, MigrationHook.class, ConfitureMigratorCustomizer.class).stream()
                        .anyMatch(type -> beans.getBeanNamesForType(type, true, false).length > 0);
        if (more) {
            return null;
        }
        return new MigratedContent(
                binder.bind("confiture.migrate.locations", Bindable.listOf(String.class))
                        .orElse(List.of(DEFAULT_LOCATION)),
                binder.bind("confiture.migrate.placeholders", Bindable.mapOf(String.class, String.class))
                        .orElse(Map.of()));
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (database == null) {
            throw new IllegalStateException(
                    "The test has @WithFreshDatabase, and its application does not ask Spring Boot"
                            + " where its database is: it has a DataSource bean of its own, or none. Leave the DataSource to"
                            + " Spring Boot in tests, or use FreshDatabaseExtension.");
        }
    }

    @Override
    public void destroy() {
        if (database != null) {
            database.close();
        }
    }

    /** No record: its text would tell the password. */
    private static final class Redirected implements JdbcConnectionDetails {
        private final String url;
        private final @Nullable String username;
        private final @Nullable String password;

        Redirected(String url, @Nullable String username, @Nullable String password) {
            this.url = url;
            this.username = username;
            this.password = password;
        }

        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public @Nullable String getUsername() {
            return username;
        }

        @Override
        public @Nullable String getPassword() {
            return password;
        }
    }

    /** No record: its text would tell the password. */
    private static final class RedirectedMigrations implements ConfitureConnectionDetails {
        private final String url;
        private final @Nullable String username;
        private final @Nullable String password;

        RedirectedMigrations(String url, @Nullable String username, @Nullable String password) {
            this.url = url;
            this.username = username;
            this.password = password;
        }

        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public @Nullable String getUsername() {
            return username;
        }

        @Override
        public @Nullable String getPassword() {
            return password;
        }
    }
}
