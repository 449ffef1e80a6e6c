package io.confiture.build;

import io.confiture.postgres.Identifiers;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The statements that add foreign keys to tables which are there, and where in the sources each of their lines stands. */
final class ForeignKeyScript {
    private final StringBuilder text = new StringBuilder();
    private final TreeMap<Integer, Origin> origins = new TreeMap<>();
    private final SessionState last;
    private SessionState session;
    private int lines;

    /** @param definition the line of the script on which the definition begins */
    private record Origin(PlannedForeignKey key, int definition) {}

    /** @param last the session behind all sources, to which the script returns */
    ForeignKeyScript(SessionState last) {
        this.last = last;
        this.session = last;
    }

    /** @param serverNames whether the server chooses the name */
    void add(PlannedForeignKey key, boolean serverNames, List<ForeignKeyScan.Comment> comments) {
        String table = Identifiers.qualified(key.table().schema(), key.table().name());
        String constraint = Identifiers.quote(key.name());
        enter(
                key.unqualified() ? key.session().path() : session.path(),
                key.session().role());
        int first = lines + 1;
        line("-- " + key.file() + ":" + key.at().line() + ":" + key.at().column());
        String addition = "ALTER TABLE " + (key.only() ? "ONLY " : "") + table + " ADD"
                + (serverNames ? "" : " CONSTRAINT " + constraint)
                + (key.head().isEmpty() ? "" : " " + key.head());
        origins.put(first, new Origin(key, first + (key.guarded() ? 3 : 2)));
        if (key.guarded()) {
            String quote = unusedQuote(addition + key.definition());
            line("DO " + quote + " BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                    + Identifiers.literal(table) + "::pg_catalog.regclass AND conname = "
                    + Identifiers.literal(key.name()) + ") THEN");
            line(addition);
            line(key.definition() + "; END IF; END " + quote + ";");
        } else {
            line(addition);
            line(key.definition() + ";");
        }
        for (ForeignKeyScan.Comment comment : comments) {
            line("COMMENT ON CONSTRAINT " + constraint + " ON " + table + " IS " + comment.value() + ";");
        }
    }

    private static String unusedQuote(String text) {
        String quote = "$fk$";
        for (int number = 1; text.contains(quote); number++) {
            quote = "$fk" + number + "$";
        }
        return quote;
    }

    private void enter(@Nullable String path, @Nullable String role) {
        if (role != null && !role.equals(session.role())) {
            line(role + ";");
        }
        if (path != null && !path.equals(session.path())) {
            line(path + ";");
        }
        session = new SessionState(path == null ? session.path() : path, role == null ? session.role() : role, true);
    }

    private void line(String line) {
        text.append(line).append('\n');
        lines += (int) line.chars().filter(c -> c == '\n').count() + 1;
    }

    /** The whole script. */
    String text() {
        enter(last.path(), last.role());
        return text.toString();
    }

    /** The place in the sources of one in the script; of what was added to a definition, where the definition begins. */
    SchemaFile.Place origin(int line, int column) {
        Origin origin = Objects.requireNonNullElse(origins.floorEntry(line), origins.firstEntry())
                .getValue();
        PlannedForeignKey key = origin.key();
        int below = line - origin.definition();
        if (below < 0 || below >= key.definition().lines().count()) {
            return new SchemaFile.Place(key.file(), key.at().line(), key.at().column());
        }
        return new SchemaFile.Place(
                key.file(), key.at().line() + below, below == 0 ? key.at().column() + column - 1 : column);
    }
}
