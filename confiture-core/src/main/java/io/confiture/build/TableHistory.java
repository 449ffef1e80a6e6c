package io.confiture.build;

import io.confiture.build.TableDefinition.Element;
import io.confiture.sql.ObjectName;
import io.confiture.sql.StatementTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of tables while the schema is built, as far as a foreign key must not be moved past it. */
final class TableHistory {
    /** Something that happens to a table, or to one of its constraints. */
    private record Event(
            int statement, ObjectName table, @Nullable String constraint, String what) {}

    private final Map<ObjectName, Integer> creations = new HashMap<>();
    private final Map<String, List<Event>> byTable = new HashMap<>();
    private final Map<String, Integer> droppedSchemas = new HashMap<>();
    private final Set<ObjectName> triggersOff = new HashSet<>();

    /** Notes that a table is created; true if it has been before. */
    boolean created(int statement, ObjectName table) {
        return creations.putIfAbsent(table, statement) != null;
    }

    void drop(int statement, StatementTokens tokens) {
        tokens.moveTo(1);
        boolean schema = tokens.accept("schema");
        if (!schema && !tokens.accept("table")) {
            return;
        }
        tokens.accept("if", "exists");
        do {
            ObjectName dropped = tokens.name();
            if (dropped == null) {
                return;
            }
            if (schema) {
                droppedSchemas.put(dropped.name(), statement);
            } else {
                // What is created after it is another table.
                creations.remove(dropped);
                note(statement, dropped, null, "is dropped");
            }
        } while (tokens.accept(","));
    }

    void alter(int statement, StatementTokens tokens, TableChange change) {
        for (Element action : change.actions()) {
            tokens.moveTo(action.from());
            alter(statement, tokens, change.table());
        }
    }

    private void alter(int statement, StatementTokens tokens, ObjectName table) {
        String first = tokens.word(tokens.at());
        tokens.moveTo(tokens.at() + 1);
        if (tokens.accept("trigger", "all")) {
            if (first.equals("disable")) {
                triggersOff.add(table);
            } else {
                triggersOff.remove(table);
            }
        } else if (Set.of("validate", "alter", "rename", "drop").contains(first) && tokens.accept("constraint")) {
            tokens.accept("if", "exists");
            note(statement, table, tokens.identifier(), "has that constraint changed");
        } else if (first.equals("rename") || first.equals("drop")) {
            note(statement, table, null, first.equals("rename") ? "is renamed" : "loses a column");
        } else if (first.equals("set") && tokens.accept("schema")) {
            note(statement, table, null, "moves to another schema");
        } else if ((first.equals("attach") || first.equals("detach")) && tokens.accept("partition")) {
            note(statement, table, null, "gets or loses a partition");
            ObjectName partition = tokens.name();
            if (partition != null) {
                note(statement, partition, null, "becomes or ceases to be a partition");
            }
        }
    }

    private void note(int statement, ObjectName table, @Nullable String constraint, String what) {
        byTable.computeIfAbsent(table.name(), key -> new ArrayList<>())
                .add(new Event(statement, table, constraint, what));
    }

    /** Why a foreign key must not be moved to the end; null if nothing speaks against it. */
    @Nullable
    String objection(PlannedForeignKey key) {
        String objection = objection(key, key.table(), key.statement());
        if (objection != null) {
            return objection;
        }
        int created = creations.getOrDefault(key.references(), key.statement());
        return objection(key, key.references(), Math.max(created, key.statement()));
    }

    private @Nullable String objection(PlannedForeignKey key, ObjectName table, int after) {
        for (Event event : byTable.getOrDefault(table.name(), List.of())) {
            boolean concerns = event.constraint() == null
                    || event.constraint().equals(key.name()) && PlannedForeignKey.maybeSame(event.table(), key.table());
            if (event.statement() > after && concerns && PlannedForeignKey.maybeSame(event.table(), table)) {
                return table.name() + " " + event.what() + " further on";
            }
        }
        String schema = table.schema();
        if (schema != null && droppedSchemas.getOrDefault(schema, 0) > after) {
            return "the schema " + schema + " is dropped further on";
        }
        boolean off = triggersOff.stream().anyMatch(other -> PlannedForeignKey.maybeSame(other, table));
        return off ? "the triggers of " + table.name() + " are disabled" : null;
    }
}
