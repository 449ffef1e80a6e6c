package io.confiture.boot.actuate;

import io.confiture.migrate.Migrator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows which migrations the databases have, which they lack, and whether they still are what the files say; and changes
 * them, where the operator has opened the endpoint for that. Every call reads the databases.
 *
 * <p>A name or number that does not fit is an {@link InvalidEndpointRequestException} that names the nearest.
 *
 * @since 0.1.0
 */
@RegisterReflectionForBinding({
    DatabaseDescriptor.class,
    SectionDescriptor.Unreadable.class,
    SectionDescriptor.Migrations.class,
    SectionDescriptor.Verification.class,
    SectionDescriptor.Drift.class,
    SectionDescriptor.Plan.class,
    SectionDescriptor.Hooks.class,
    OperationDescriptor.Migrated.class,
    OperationDescriptor.Repaired.class,
    OperationDescriptor.Failed.class
})
@Endpoint(id = "confiture", defaultAccess = Access.READ_ONLY)
public final class ConfitureEndpoint {
    private final Map<String, Migrator> migrators;
    private final DatabaseDrift drift;
    private final EndpointOperations operations;

    /** @param migrators by the names of their databases */
    public ConfitureEndpoint(Map<String, Migrator> migrators, DatabaseDrift drift, EndpointOperations operations) {
        this.migrators = new LinkedHashMap<>(migrators);
        this.drift = drift;
        this.operations = operations;
    }

    /** All databases by name. */
    @ReadOperation
    public Map<String, DatabaseDescriptor> databases() {
        Map<String, DatabaseDescriptor> databases = new LinkedHashMap<>();
        migrators.forEach((database, migrator) -> databases.put(database, DatabaseDescriptor.read(database, migrator)));
        return OperationResponseBody.of(databases);
    }

    /**
     * One database, or one side of it.
     *
     * @param database its name, and behind it the section that is wanted, if one is: {@code migrations}, {@code verification},
     *     {@code drift}, {@code plan} or {@code hooks}. All of the rest of the path, which comes as an array, so that
     *     {@link EndpointRequests} can tell it from what the request says elsewhere under the same name
     * @param page of a section: which page of the list to show, counted from 0
     * @param size of a section: how many entries a page has, at most 1000; 100 if null
     * @param state of a section: the state or outcome of the entries to show; null for what the section shows by itself
     * @return a {@link DatabaseDescriptor} or a {@link SectionDescriptor}
     */
    @ReadOperation
    public OperationResponseBody database(
            @Selector(match = Selector.Match.ALL_REMAINING) String[] database,
            @Nullable Integer page,
            @Nullable Integer size,
            @Nullable String state) {
        if (database.length == 2) {
            return SectionDescriptor.read(
                    database[0], migrator(database[0]), drift, database[1], Page.of(page, size), state);
        }
        String name = String.join("/", database);
        Migrator migrator = migrator(name);
        if (page != null || size != null || state != null) {
            String message = "Only a section of a database has pages and states: /" + name + "/migrations?…";
            throw new InvalidEndpointRequestException(message, message);
        }
        return DatabaseDescriptor.read(name, migrator);
    }

    /**
     * Changes a database. One operation at a time: another one is refused, also while another instance is at it.
     *
     * @param database its name alone; all of the rest of the path, which comes as an array, so that {@link EndpointRequests}
     *     can tell it from what the request says elsewhere under the same name
     * @param operation {@code migrate}, {@code rollback} or {@code repair}
     * @param target migrate: the last migration to apply, null for all; rollback: the one that stays the newest
     * @param migration rollback: the one to roll back, which must be the newest, instead of a target
     * @param preview repair: unless false, nothing is changed and the answer is what would be
     * @param checksums repair: whether to accept the files of applied migrations as they are now
     * @param missing repair: whether to take applied migrations whose file is gone out of the ledger
     * @param done repair: migrations in doubt whose statement took effect
     * @param retry repair: migrations in doubt whose statement is to be run again
     * @param forget repair: migrations applied in part that were undone by hand and count as not begun
     */
    @WriteOperation
    public OperationDescriptor change(
            @Selector(match = Selector.Match.ALL_REMAINING) String[] database,
            String operation,
            @Nullable String target,
            @Nullable String migration,
            @Nullable Boolean preview,
            @Nullable Boolean checksums,
            @Nullable Boolean missing,
            @Nullable List<Object> done,
            @Nullable List<Object> retry,
            @Nullable List<Object> forget) {
        String name = String.join("/", database);
        Migrator migrator = migrator(name);
        ChangeRequest request =
                new ChangeRequest(operation, target, migration, preview, checksums, missing, done, retry, forget);
        return operations.run(name, migrator, request);
    }

    private Migrator migrator(String database) {
        Migrator migrator = migrators.get(database);
        if (migrator == null) {
            throw Nearest.noSuchResource("database", database, new TreeSet<>(migrators.keySet()));
        }
        return migrator;
    }
}
