package io.confiture.boot.test;

import io.confiture.build.DatabaseContent;
import io.confiture.build.FreshDatabase;
import io.confiture.build.TemplateDatabases;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Gives each test a database of its own, for tests without Spring: as a parameter of type {@link FreshDatabase},
 * {@link DataSource} or {@link JdbcClient}, which all mean the same one within a test. A parameter of a
 * {@code @BeforeAll} method or constructor gets one that lives as long as its class. It is a clone of a template that is
 * made once for all tests and all processes, and is dropped behind the test. To be registered in a static field with
 * {@code @RegisterExtension}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FreshDatabaseExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(FreshDatabaseExtension.class);
    private static final Set<Class<?>> TYPES = Set.of(FreshDatabase.class, DataSource.class, JdbcClient.class);

    private final Supplier<String> url;
    private final Supplier<String> key;
    private final DatabaseContent content;
    private @Nullable TemplateDatabases templates;
    private @Nullable String knownKey;

    private FreshDatabaseExtension(Supplier<String> url, Supplier<String> key, DatabaseContent content) {
        this.url = url;
        this.key = key;
        this.content = content;
    }

    /**
     * Databases with SQL migrations applied.
     *
     * @param url of any database of the server, with credentials, asked for when the first test needs it: a container may
     *     have to start first
     * @param locations folders, as {@code classpath:db/migrations}
     */
    public static FreshDatabaseExtension migrated(Supplier<String> url, String... locations) {
        MigratedContent migrations = new MigratedContent(List.of(locations), Map.of());
        return new FreshDatabaseExtension(url, migrations::hash, migrations);
    }

    /**
     * Databases with any content.
     *
     * @param url of any database of the server, with credentials, asked for when the first test needs it
     * @param key changes whenever the content does, see {@link TemplateDatabases#key}
     */
    public static FreshDatabaseExtension with(Supplier<String> url, Supplier<String> key, DatabaseContent content) {
        return new FreshDatabaseExtension(url, key, content);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        FreshDatabase database = database(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == FreshDatabase.class) {
            return database;
        }
        return type == DataSource.class ? database.dataSource() : JdbcClient.create(database.dataSource());
    }

    private FreshDatabase database(ExtensionContext context) {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        // The store of a test shows what its class has put there, which is another test's as well.
        List<Object> place = List.of(this, context.getUniqueId());
        FreshDatabase database = store.get(place, FreshDatabase.class);
        if (database == null) {
            database = create();
            // Closed by JUnit when the test or class of this context is over.
            store.put(place, database);
        }
        return database;
    }

    private FreshDatabase create() {
        TemplateDatabases databases;
        String current;
        synchronized (this) {
            if (templates == null) {
                templates = TemplateDatabases.on(url.get());
            }
            if (knownKey == null) {
                knownKey = key.get();
            }
            databases = templates;
            current = knownKey;
        }
        return databases.create(current, content);
    }
}
