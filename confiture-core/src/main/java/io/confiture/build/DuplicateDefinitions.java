package io.confiture.build;

import io.confiture.build.SchemaFinding.Code;
import io.confiture.sql.ObjectName;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementTokens;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are defined twice. Names count as the same only if text shows it: an unqualified name equals another one
 * under the same {@code search_path}, never a qualified one.
 */
final class DuplicateDefinitions {
    private static final Set<String> GIVE_WAY = Set.of("rename", "set");

    /** @param path the statement that says what an unqualified name means */
    private record Key(
            String space,
            ObjectName name,
            String of,
            @Nullable String path) {}

    private record First(Definition definition, String file, int line, int column, String text) {}

    private final Findings findings;
    private final Map<Key, First> known = new HashMap<>();

    DuplicateDefinitions(Findings findings) {
        this.findings = findings;
    }

    void read(SchemaFile file, SqlStatement statement, StatementTokens tokens, SessionState session) {
        switch (tokens.word(0)) {
            case "create" -> create(file, statement, tokens, session);
            case "drop" -> dropped(tokens);
            case "alter" -> altered(tokens);
            default -> {}
        }
    }

    private void create(SchemaFile file, SqlStatement statement, StatementTokens tokens, SessionState session) {
        Definition definition = Definition.read(tokens);
        if (definition == null) {
            findings.notChecked(
                    file, statement.start(), "what this statement creates was not compared with the other definitions");
            return;
        }
        if (definition.isNameless()) {
            return;
        }
        ObjectName name = definition.name();
        String path = name.schema() == null ? session.path() : null;
        SchemaFile.Place place =
                file.place(statement.start().line(), statement.start().column());
        First now = new First(definition, place.file(), place.line(), place.column(), tokens.text(0, tokens.count()));
        First first = known.putIfAbsent(new Key(definition.space(), name, definition.of(), path), now);
        if (first != null) {
            report(file, statement, first, now);
        }
    }

    private void report(SchemaFile file, SqlStatement statement, First first, First second) {
        Definition again = second.definition();
        String what = again + " is defined at " + first.file() + ":" + first.line() + ":" + first.column() + " already";
        if (again.ifNotExists()) {
            if (again.isEmpty()) {
                return;
            }
            if (first.text().equals(second.text())) {
                findings.warning(
                        file,
                        statement.start(),
                        Code.DUPLICATE_DEFINITION,
                        what + ", in the same words; keep one of them");
            } else {
                findings.error(
                        file,
                        statement.start(),
                        Code.DUPLICATE_DEFINITION,
                        what + ", and because of IF NOT EXISTS what is said here is passed over in silence; keep one of"
                                + " them");
            }
        } else if (!again.orReplace()) {
            findings.error(
                    file,
                    statement.start(),
                    Code.DUPLICATE_DEFINITION,
                    what + ", and this one fails; keep one of them");
        } else if (isStub(first, second)) {
            findings.warning(file, statement.start(), Code.DUPLICATE_DEFINITION, what + ", and this one completes it");
        } else {
            findings.error(
                    file,
                    statement.start(),
                    Code.DUPLICATE_DEFINITION,
                    what + ", and because of OR REPLACE this one wins in silence; keep one of them");
        }
    }

    /** As pg_dump writes views that need each other: first their columns, then what they are. */
    private static boolean isStub(First first, First second) {
        return second.definition().kind().equals("view")
                && !first.definition().orReplace()
                && first.file().equals(second.file());
    }

    private void dropped(StatementTokens tokens) {
        tokens.moveTo(1);
        tokens.accept("materialized");
        tokens.accept("foreign");
        boolean schema = tokens.isNext("schema");
        tokens.moveTo(tokens.at() + 1);
        tokens.accept("concurrently");
        tokens.accept("if", "exists");
        do {
            ObjectName name = tokens.name();
            if (name == null) {
                return;
            }
            if (schema) {
                known.keySet().removeIf(key -> name.name().equals(key.name().schema()) || isOf(key, name));
            } else {
                forget(name);
            }
            if (tokens.isNext("(")) {
                tokens.moveTo(tokens.behindParentheses(tokens.at()));
            }
        } while (tokens.accept(","));
    }

    /** What gets another name or schema makes room for another one. */
    private void altered(StatementTokens tokens) {
        tokens.moveTo(1);
        tokens.accept("materialized");
        tokens.accept("foreign");
        tokens.moveTo(tokens.at() + 1);
        tokens.accept("if", "exists");
        tokens.accept("only");
        ObjectName name = tokens.name();
        if (name != null && tokens.isNext("(")) {
            tokens.moveTo(tokens.behindParentheses(tokens.at()));
        }
        if (name != null && GIVE_WAY.contains(tokens.word(tokens.at()))) {
            forget(name);
        }
    }

    /** What may be dropped may be defined again. */
    private void forget(ObjectName name) {
        known.keySet().removeIf(key -> isOf(key, name));
    }

    private static boolean isOf(Key key, ObjectName name) {
        return PlannedForeignKey.maybeSame(key.name(), name);
    }
}
