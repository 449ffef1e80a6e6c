package io.confiture.migrate;

import io.confiture.migrate.AdoptionReport.Tool;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.ServerFacts;
import java.util.Comparator;
import java.util.Optional;

/** The table in which another tool keeps what it has applied. */
record ForeignHistory(Tool tool, String schema, String table) {
    static final String LIQUIBASE_TABLE = "databasechangelog";

    /**
     * The one that a run has to ask about: there is one, on the search path or beside the ledger, and Confiture itself has
     * never written down anything.
     */
    static Optional<ForeignHistory> untouchedBy(History history, MigratorSettings settings) {
        boolean untouched = history.applied().isEmpty()
                && history.progress().isEmpty()
                && history.marks().isEmpty();
        return untouched ? find(history, settings) : Optional.empty();
    }

    /** That of Flyway, else that of Liquibase. */
    static Optional<ForeignHistory> find(History history, MigratorSettings settings) {
        Optional<ForeignHistory> flyway = find(history, Tool.FLYWAY, settings.flywayTable());
        return flyway.isPresent() ? flyway : find(history, Tool.LIQUIBASE, LIQUIBASE_TABLE);
    }

    private static Optional<ForeignHistory> find(History history, Tool tool, String name) {
        int dot = name.indexOf('.');
        String schema = dot < 0 ? "" : name.substring(0, dot);
        String table = name.substring(dot + 1);
        return history.facts().tables().stream()
                .filter(found -> found.name().equals(table))
                .filter(found -> dot >= 0
                        ? found.schema().equals(schema)
                        : found.visible()
                                || found.schema().equals(history.ledger().schema()))
                .max(Comparator.comparing(ServerFacts.Table::visible))
                .map(found -> new ForeignHistory(tool, found.schema(), found.name()));
    }

    /** The name without a schema. */
    static String bareName(String flywayTable) {
        return flywayTable.substring(flywayTable.indexOf('.') + 1);
    }

    String sqlName() {
        return Identifiers.qualified(schema, table);
    }

    String displayName() {
        return schema + "." + table;
    }
}
