package io.confiture.build;

import io.confiture.sql.ObjectName;
import io.confiture.sql.StatementTokens;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code CREATE} statement defines, as far as its tokens tell.
 *
 * @param kind what it is called in the statement: {@code table}, {@code function}
 * @param space objects of one space share their names: a table and a view cannot have the same
 * @param name its name
 * @param of what else tells it from others of the name: the types of a routine's arguments, the table of a trigger
 * @param orReplace whether {@code OR REPLACE} is given
 * @param ifNotExists whether {@code IF NOT EXISTS} is given
 */
record Definition(String kind, String space, ObjectName name, String of, boolean orReplace, boolean ifNotExists) {
    private static final ObjectName NAMELESS = new ObjectName(null, "");
    private static final Set<String> RELATIONS = Set.of("table", "view", "sequence", "index");
    private static final Set<String> ROUTINES = Set.of("function", "procedure");
    private static final Set<String> OF_TABLES = Set.of("trigger", "policy", "rule");

    /** Kinds that hold nothing of their own, so that creating one again says nothing else. */
    private static final Set<String> EMPTY = Set.of("schema", "extension");

    /** Null if the statement creates nothing, or nothing that is known here. The cursor may stand anywhere. */
    static @Nullable Definition read(StatementTokens tokens) {
        tokens.moveTo(0);
        if (!tokens.accept("create")) {
            return null;
        }
        boolean orReplace = tokens.accept("or", "replace");
        skipModifiers(tokens);
        String kind = tokens.word(tokens.at());
        tokens.moveTo(tokens.at() + 1);
        if (kind.equals("index")) {
            tokens.accept("concurrently");
        }
        boolean ifNotExists = tokens.accept("if", "not", "exists");
        if (kind.equals("index") && tokens.isNext("on") || kind.equals("schema") && tokens.isNext("authorization")) {
            return new Definition(kind, kind, NAMELESS, "", false, false);
        }
        ObjectName name = tokens.name();
        if (name == null) {
            return null;
        }
        if (RELATIONS.contains(kind)) {
            return new Definition(kind, "relation", inSchema(kind, name, tokens), "", orReplace, ifNotExists);
        }
        if (ROUTINES.contains(kind)) {
            String signature = Signature.read(tokens);
            return signature == null ? null : new Definition(kind, "routine", name, signature, orReplace, ifNotExists);
        }
        if (OF_TABLES.contains(kind)) {
            return ofTable(kind, name, tokens, orReplace);
        }
        if (kind.equals("type") || kind.equals("domain")) {
            boolean shell = kind.equals("type") && tokens.atEnd();
            return shell ? null : new Definition(kind, "type", name, "", orReplace, ifNotExists);
        }
        return EMPTY.contains(kind) ? new Definition(kind, kind, name, "", orReplace, ifNotExists) : null;
    }

    private static void skipModifiers(StatementTokens tokens) {
        boolean more = true;
        while (more) {
            more = tokens.accept("unlogged")
                    || tokens.accept("global")
                    || tokens.accept("local")
                    || tokens.accept("temp")
                    || tokens.accept("temporary")
                    || tokens.accept("unique")
                    || tokens.accept("materialized")
                    || tokens.accept("recursive")
                    || tokens.accept("constraint")
                    || tokens.accept("foreign");
        }
    }

    /** An index lives where its table does. */
    private static ObjectName inSchema(String kind, ObjectName name, StatementTokens tokens) {
        if (!kind.equals("index") || !tokens.accept("on")) {
            return name;
        }
        tokens.accept("only");
        ObjectName table = tokens.name();
        return table == null ? name : new ObjectName(table.schema(), name.name());
    }

    private static @Nullable Definition ofTable(
            String kind, ObjectName name, StatementTokens tokens, boolean orReplace) {
        boolean rule = kind.equals("rule");
        while (!tokens.atEnd() && !tokens.accept(rule ? "to" : "on")) {
            tokens.moveTo(tokens.at() + 1);
        }
        ObjectName table = tokens.name();
        return table == null
                ? null
                : new Definition(
                        kind,
                        kind,
                        new ObjectName(table.schema(), name.name()),
                        " on " + table.name(),
                        orReplace,
                        false);
    }

    /** Whether a second one of it, under {@code IF NOT EXISTS}, says nothing that is lost. */
    boolean isEmpty() {
        return EMPTY.contains(kind);
    }

    /** Whether the server chooses the name, so that it cannot be that of another one. */
    boolean isNameless() {
        return name.equals(NAMELESS);
    }

    /** For messages: {@code function app.total(integer)}. */
    @Override
    public String toString() {
        String schema = name.schema() == null ? "" : name.schema() + ".";
        return kind.toLowerCase(Locale.ROOT) + " " + schema + name.name() + of;
    }
}
