package io.confiture.build;

import io.confiture.build.SchemaFinding.Code;
import io.confiture.build.TableDefinition.Element;
import io.confiture.sql.ObjectName;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.StatementTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tables that are used above the statement that creates them. Only what text proves: the name is the same in the same
 * schema, or unqualified under the same {@code search_path}, and nothing of that name is created before.
 */
final class OrderProblems {
    private static final Set<String> RELATIONS = Set.of("table", "view", "sequence", "index", "column");
    private static final Set<String> PARTS_OF_TABLES = Set.of("constraint", "trigger", "policy", "rule");

    private record Key(ObjectName name, @Nullable String path) {}

    private record Use(SchemaFile file, SourcePosition at, String how, Key of) {}

    private record Creation(int statement, String place) {}

    private final Findings findings;
    private final Map<Key, Creation> creations = new HashMap<>();
    private final Map<Use, Integer> uses = new LinkedHashMap<>();
    private int statements;

    OrderProblems(Findings findings) {
        this.findings = findings;
    }

    void read(SchemaFile file, StatementTokens tokens, SessionState session) {
        statements++;
        switch (tokens.word(0)) {
            case "create" -> create(file, tokens, session);
            case "alter" -> alter(file, tokens, session);
            case "comment" -> comment(file, tokens, session);
            default -> {}
        }
    }

    private void create(SchemaFile file, StatementTokens tokens, SessionState session) {
        Definition definition = Definition.read(tokens);
        if (definition != null && definition.space().equals("relation")) {
            SchemaFile.Place place =
                    file.place(tokens.position(0).line(), tokens.position(0).column());
            creations.putIfAbsent(
                    key(definition.name(), session),
                    new Creation(statements, place.file() + ":" + place.line() + ":" + place.column()));
        }
        TableDefinition table = TableDefinition.read(tokens);
        if (table != null) {
            if (table.partitionOf() != null) {
                use(file, tokens, 0, "PARTITION OF", table.partitionOf(), session);
            }
            table.inherits().forEach(parent -> use(file, tokens, 0, "INHERITS", parent, session));
            for (Element element : table.elements()) {
                tokens.moveTo(element.from());
                if (tokens.accept("like")) {
                    useNext(file, tokens, "LIKE", session);
                }
            }
            references(file, tokens, session);
        } else if (definition != null
                && (definition.kind().equals("index") || !definition.of().isEmpty())) {
            on(file, tokens, definition.kind().equals("rule") ? "to" : "on", session);
        }
    }

    private void alter(SchemaFile file, StatementTokens tokens, SessionState session) {
        TableChange change = TableChange.read(tokens);
        if (change == null || change.ifExists()) {
            return;
        }
        use(file, tokens, change.nameFrom(), "ALTER TABLE", change.table(), session);
        for (Element action : change.actions()) {
            tokens.moveTo(action.from());
            if (tokens.accept("attach", "partition") || tokens.accept("inherit")) {
                useNext(file, tokens, "ALTER TABLE", session);
            }
        }
        references(file, tokens, session);
    }

    private void comment(SchemaFile file, StatementTokens tokens, SessionState session) {
        tokens.moveTo(0);
        if (!tokens.accept("comment", "on")) {
            return;
        }
        tokens.accept("materialized");
        tokens.accept("foreign");
        String kind = tokens.word(tokens.at());
        tokens.moveTo(tokens.at() + 1);
        if (kind.equals("column")) {
            column(file, tokens, session);
        } else if (RELATIONS.contains(kind)) {
            useNext(file, tokens, "COMMENT", session);
        } else if (PARTS_OF_TABLES.contains(kind)
                && tokens.identifier() != null
                && tokens.accept("on")
                && !tokens.isNext("domain")) {
            useNext(file, tokens, "COMMENT", session);
        }
    }

    /** The last part of the name is the column. */
    private void column(SchemaFile file, StatementTokens tokens, SessionState session) {
        int from = tokens.at();
        List<String> parts = new ArrayList<>();
        do {
            String part = tokens.identifier();
            if (part == null) {
                return;
            }
            parts.add(part);
        } while (tokens.accept("."));
        int table = parts.size() - 2;
        if (table >= 0) {
            String schema = table > 0 ? parts.get(table - 1) : null;
            use(file, tokens, from, "COMMENT", new ObjectName(schema, parts.get(table)), session);
        }
    }

    private void references(SchemaFile file, StatementTokens tokens, SessionState session) {
        for (int i = 1; i < tokens.count(); i++) {
            if (tokens.word(i).equals("references") && !tokens.word(i - 1).equals(".")) {
                tokens.moveTo(i + 1);
                useNext(file, tokens, "REFERENCES", session);
            }
        }
    }

    private void on(SchemaFile file, StatementTokens tokens, String word, SessionState session) {
        for (int i = 2; i < tokens.count(); i++) {
            // The name of an index, trigger or policy is no table, and neither is anything before ON.
            if (tokens.word(i).equals(word)) {
                tokens.moveTo(i + 1);
                tokens.accept("only");
                useNext(file, tokens, "CREATE … " + word.toUpperCase(Locale.ROOT), session);
                return;
            }
        }
    }

    private void useNext(SchemaFile file, StatementTokens tokens, String how, SessionState session) {
        int at = tokens.at();
        ObjectName name = tokens.name();
        if (name != null) {
            use(file, tokens, at, how, name, session);
        }
    }

    private void use(
            SchemaFile file, StatementTokens tokens, int at, String how, ObjectName name, SessionState session) {
        Key key = key(name, session);
        Creation creation = creations.get(key);
        if (creation == null) {
            uses.put(new Use(file, tokens.position(at), how, key), statements);
        }
    }

    private static Key key(ObjectName name, SessionState session) {
        return new Key(name, name.schema() == null ? session.path() : null);
    }

    /** To be called when all statements were read. */
    void report() {
        uses.forEach((use, statement) -> {
            Creation creation = creations.get(use.of());
            if (creation != null && creation.statement() > statement) {
                String schema = use.of().name().schema();
                findings.error(
                        use.file(),
                        use.at(),
                        Code.ORDER,
                        use.how() + " names " + (schema == null ? "" : schema + ".")
                                + use.of().name().name() + ", which is created further on, at " + creation.place()
                                + "; move that file up, or this one down"
                                + (use.how().equals("REFERENCES") ? ", or build with two_pass" : ""));
            }
        });
    }
}
