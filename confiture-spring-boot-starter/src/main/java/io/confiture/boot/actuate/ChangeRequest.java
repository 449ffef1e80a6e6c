package io.confiture.boot.actuate;

import io.confiture.migrate.MigrationResult;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.Repair;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** What the endpoint is asked to change, checked. Its parameters are those of {@link ConfitureEndpoint#change}. */
record ChangeRequest(
        String operation,
        @Nullable String target,
        @Nullable String migration,
        @Nullable Boolean preview,
        @Nullable Boolean checksums,
        @Nullable Boolean missing,
        @Nullable List<Object> done,
        @Nullable List<Object> retry,
        @Nullable List<Object> forget) {
    private static final int LONGEST_NAME = 300;
    private static final int MOST_NAMES = 1_000;
    private static final Map<String, Set<String>> PARAMETERS = Map.of(
            "migrate", Set.of("target"),
            "rollback", Set.of("target", "migration"),
            "repair", Set.of("preview", "checksums", "missing", "done", "retry", "forget"));

    ChangeRequest {
        Set<String> own = PARAMETERS.get(operation);
        if (own == null) {
            throw Nearest.invalid("operation", operation, PARAMETERS.keySet());
        }
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("target", target);
        given.put("migration", migration);
        given.put("preview", preview);
        given.put("checksums", checksums);
        given.put("missing", missing);
        given.put("done", done);
        given.put("retry", retry);
        given.put("forget", forget);
        given.forEach((name, value) -> {
            if (value != null && !own.contains(name)) {
                throw invalid(operation + " takes no " + name);
            }
        });
        requireNames("target", target == null ? List.of() : List.of(target));
        requireNames("migration", migration == null ? List.of() : List.of(migration));
        requireNames("done", done == null ? List.of() : done);
        requireNames("retry", retry == null ? List.of() : retry);
        requireNames("forget", forget == null ? List.of() : forget);
        if (operation.equals("rollback") && (target == null) == (migration == null)) {
            throw invalid("rollback takes either migration, the one to roll back, or target, the one that stays the"
                    + " newest");
        }
    }

    /** To look for the nearest of a name takes as long as the name is. */
    private static void requireNames(String parameter, List<?> names) {
        if (names.size() > MOST_NAMES) {
            throw invalid(parameter + " takes at most " + MOST_NAMES + " migrations at once, not " + names.size());
        }
        for (Object name : names) {
            if (String.valueOf(name).length() > LONGEST_NAME) {
                throw invalid(
                        parameter + " cannot be '" + Nearest.shortened(String.valueOf(name)) + "': no name is so long");
            }
        }
    }

    private static InvalidEndpointRequestException invalid(String message) {
        return new InvalidEndpointRequestException(message, message);
    }

    /** Whether it only asks what would be done. A repair does, unless it says otherwise. */
    boolean onlyShows() {
        return operation.equals("repair") && !Boolean.FALSE.equals(preview);
    }

    OperationDescriptor carryOut(String database, Migrator migrator) {
        return switch (operation) {
            case "migrate" -> migrated(database, migrator.applyAll(target));
            case "rollback" ->
                migrated(
                        database,
                        migration == null
                                ? migrator.rollbackTo(Objects.requireNonNull(target))
                                : List.of(migrator.rollback(migration)));
            default ->
                OperationDescriptor.Repaired.of(
                        database, onlyShows() ? migrator.planRepair(repair()) : migrator.repair(repair()));
        };
    }

    private OperationDescriptor migrated(String database, List<MigrationResult> results) {
        return OperationDescriptor.Migrated.of(database, operation, results);
    }

    private Repair repair() {
        Repair repair = Repair.nothing();
        if (Boolean.TRUE.equals(checksums)) {
            repair = repair.realignChecksums();
        }
        if (Boolean.TRUE.equals(missing)) {
            repair = repair.clearMissing();
        }
        // Over HTTP a text with commas, which Spring splits; over JMX a list of whatever.
        for (Object name : done == null ? List.of() : done) {
            repair = repair.decide(String.valueOf(name), Repair.Decision.DONE);
        }
        for (Object name : retry == null ? List.of() : retry) {
            repair = repair.decide(String.valueOf(name), Repair.Decision.RETRY);
        }
        for (Object name : forget == null ? List.of() : forget) {
            repair = repair.decide(String.valueOf(name), Repair.Decision.FORGET);
        }
        return repair;
    }
}
