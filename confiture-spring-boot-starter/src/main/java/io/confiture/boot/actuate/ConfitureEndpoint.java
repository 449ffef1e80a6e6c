package io.confiture.boot.actuate;

import io.confiture.migrate.Migrator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows which migrations the databases have, which they lack, and whether they still are what the files say. Every call
 * reads the databases.
 *
 * @since 0.1.0
 */
@Endpoint(id = "confiture", defaultAccess = Access.READ_ONLY)
public final class ConfitureEndpoint {
    private final Map<String, Migrator> migrators;

    /** @param migrators by the names of their databases */
    public ConfitureEndpoint(Map<String, Migrator> migrators) {
        this.migrators = new LinkedHashMap<>(migrators);
    }

    /** All databases by name. */
    @ReadOperation
    public Map<String, DatabaseDescriptor> databases() {
        Map<String, DatabaseDescriptor> databases = new LinkedHashMap<>();
        migrators.forEach((database, migrator) -> databases.put(database, DatabaseDescriptor.read(database, migrator)));
        return OperationResponseBody.of(databases);
    }

    /** One database, or null if there is none of that name. */
    @ReadOperation
    public @Nullable DatabaseDescriptor database(@Selector String database) {
        Migrator migrator = migrators.get(database);
        return migrator == null ? null : DatabaseDescriptor.read(database, migrator);
    }

    /**
     * One side of a database, or null if there is no database or no section of that name.
     *
     * @param section {@code migrations}, {@code verification}, {@code plan} or {@code hooks}
     */
    @ReadOperation
    public @Nullable SectionDescriptor section(@Selector String database, @Selector String section) {
        Migrator migrator = migrators.get(database);
        return migrator == null ? null : SectionDescriptor.read(database, migrator, section);
    }
}
