package io.confiture.build;

import io.confiture.build.CutInput.Cut;
import io.confiture.build.PlannedForeignKey.Naming;
import io.confiture.build.TableDefinition.Element;
import io.confiture.postgres.Identifiers;
import io.confiture.sql.ObjectName;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SourcePosition;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the sources once and notes their foreign keys, and whatever says that one must stay where it is. */
final class ForeignKeyScan {
    private static final Set<String> FIRST_WORDS =
            Set.of("create", "alter", "drop", "comment", "set", "reset", "select");

    /** A {@code COMMENT ON CONSTRAINT} of a table. */
    record Comment(int file, ObjectName table, String constraint, String value, List<Cut> cuts) {}

    private final List<PlannedForeignKey> keys = new ArrayList<>();
    private final Map<PlannedForeignKey.Group, List<PlannedForeignKey>> groups = new HashMap<>();
    private final List<TableRewrite> rewrites = new ArrayList<>();
    private final List<Comment> comments = new ArrayList<>();
    private final List<SchemaFinding> inPlace = new ArrayList<>();
    private final TableHistory history = new TableHistory();
    private final ConstraintNames names = new ConstraintNames();
    private final Map<PlannedForeignKey, String> reasons = new LinkedHashMap<>();
    private SessionState session = SessionState.INITIAL;
    private int statements;

    List<PlannedForeignKey> keys() {
        return keys;
    }

    /** Whether its name is sure to be the one that a direct build gives. */
    boolean isNameSure(PlannedForeignKey key) {
        return key.naming() == Naming.GIVEN || key.naming() == Naming.CHOSEN && isAlone(key);
    }

    /** Whether a foreign key that may be there already cannot be told from others by its name. */
    boolean isMistakable(PlannedForeignKey key) {
        List<PlannedForeignKey> group = groups.getOrDefault(key.group(), List.of());
        return group.stream().anyMatch(PlannedForeignKey::guarded)
                && (!isAlone(key) || key.naming() == Naming.NUMBERED);
    }

    private boolean isAlone(PlannedForeignKey key) {
        return groups.getOrDefault(key.group(), List.of()).size() == 1;
    }

    List<TableRewrite> rewrites() {
        return rewrites;
    }

    List<Comment> comments() {
        return comments;
    }

    /** Foreign keys that were seen and not recognised. */
    List<SchemaFinding> inPlace() {
        return inPlace;
    }

    TableHistory history() {
        return history;
    }

    /** Keys of which it is clear already that they stay, and why. */
    Map<PlannedForeignKey, String> reasons() {
        return reasons;
    }

    /** The session behind the last statement read. */
    SessionState session() {
        return session;
    }

    void read(int number, SchemaFile file) {
        try (ScriptReader reader = ScriptReader.open(file.location(), file.open(), ScriptSection.WHOLE)) {
            for (SqlStatement statement = reader.next(); statement != null; statement = reader.next()) {
                statements++;
                read(number, statement);
            }
        } catch (IOException e) {
            throw SchemaText.unreadable(file, e);
        }
    }

    private void read(int file, SqlStatement statement) {
        String word = Statements.firstWord(statement);
        if (!FIRST_WORDS.contains(word)) {
            return;
        }
        if (word.equals("set") || statement.changesSession()) {
            session = session.after(statement);
            return;
        }
        StatementTokens tokens = StatementTokens.of(statement);
        switch (word) {
            case "create" -> create(file, statement, tokens);
            case "alter" -> alter(file, statement, tokens);
            case "comment" -> comment(file, statement, tokens);
            case "drop" -> history.drop(statements, tokens);
            default -> {}
        }
    }

    private void create(int file, SqlStatement statement, StatementTokens tokens) {
        TableDefinition table = TableDefinition.read(tokens);
        if (table != null) {
            table(file, statement, tokens, table);
            return;
        }
        noteNames(null, tokens);
        boolean definesTable = tokens.word(1).equals("schema") || tokens.word(1).equals("table");
        if (definesTable && ForeignKeyClause.isWithin(tokens, 0, tokens.count())) {
            stays(statement, tokens, 0, tokens.count(), "it is part of a statement that creates more than one table");
        }
    }

    private void table(int file, SqlStatement statement, StatementTokens tokens, TableDefinition table) {
        List<@Nullable List<ForeignKeyClause>> found = new ArrayList<>();
        for (Element element : table.elements()) {
            List<ForeignKeyClause> clauses = ForeignKeyClause.ofElement(tokens, element.from(), element.to());
            if (clauses == null) {
                stays(statement, tokens, element.from(), element.to(), "it is not written in a way that is known here");
            }
            found.add(clauses);
        }
        noteNames(table.name().schema(), tokens);
        String reason = table.temporary()
                ? "its table is temporary"
                : history.created(statements, table.name()) ? "its table is created twice" : null;
        List<TableRewrite.Element> elements = new ArrayList<>();
        for (List<ForeignKeyClause> clauses : found) {
            Map<PlannedForeignKey, List<Cut>> cuts = new LinkedHashMap<>();
            boolean whole = false;
            for (ForeignKeyClause clause : clauses == null ? List.<ForeignKeyClause>of() : clauses) {
                PlannedForeignKey key = plan(statement, tokens, table.name(), clause, table.ifNotExists(), false, true);
                cuts.put(key, cuts(tokens, clause.from(), clause.to()));
                whole = !clause.ofColumn(tokens);
                if (reason != null) {
                    reasons.put(key, reason);
                }
            }
            elements.add(new TableRewrite.Element(cuts, whole));
        }
        if (elements.stream().allMatch(element -> element.keys().isEmpty())) {
            return;
        }
        List<Cut> commas = table.elements().stream()
                .limit(elements.size() - 1L)
                .map(element -> cut(tokens, element.to()))
                .toList();
        List<Cut> parentheses =
                table.needsElements() ? List.of(cut(tokens, table.open()), cut(tokens, table.close())) : List.of();
        rewrites.add(new TableRewrite(file, elements, commas, parentheses));
    }

    private void alter(int file, SqlStatement statement, StatementTokens tokens) {
        TableChange change = TableChange.read(tokens);
        if (change == null) {
            noteNames(null, tokens);
            return;
        }
        history.alter(statements, tokens, change);
        boolean moves = !change.ifExists();
        List<ForeignKeyClause> clauses = new ArrayList<>();
        for (Element action : change.actions()) {
            tokens.moveTo(action.from());
            ForeignKeyClause clause = tokens.accept("add") ? ForeignKeyClause.tableConstraint(tokens) : null;
            moves &= clause != null && clause.to() == action.to();
            if (clause != null) {
                clauses.add(clause);
            }
        }
        if (!moves) {
            noteNames(change.table().schema(), tokens);
            if (ForeignKeyClause.isWithin(tokens, 0, tokens.count())) {
                stays(
                        statement,
                        tokens,
                        0,
                        tokens.count(),
                        "its ALTER TABLE is conditional or does something else, too");
            }
            return;
        }
        Map<PlannedForeignKey, List<Cut>> cuts = new LinkedHashMap<>();
        List<Cut> whole = cuts(tokens, 0, tokens.count());
        whole.add(new Cut(statement.endOffset() - 1, statement.endOffset()));
        for (ForeignKeyClause clause : clauses) {
            cuts.put(plan(statement, tokens, change.table(), clause, false, change.only(), false), whole);
        }
        rewrites.add(new TableRewrite(file, List.of(new TableRewrite.Element(cuts, true)), List.of(), List.of()));
    }

    /** @param creating whether the table is created with it, so that NOT VALID means nothing */
    private PlannedForeignKey plan(
            SqlStatement statement,
            StatementTokens tokens,
            ObjectName table,
            ForeignKeyClause clause,
            boolean guarded,
            boolean only,
            boolean creating) {
        String name = clause.name();
        Naming naming = Naming.GIVEN;
        if (name == null) {
            ConstraintNames.Choice choice = names.choose(table, clause.columns());
            name = choice.name();
            naming = choice.numbered() ? Naming.NUMBERED : Naming.CHOSEN;
        } else {
            names.use(table.schema(), name);
        }
        String head = clause.ofColumn(tokens)
                ? "FOREIGN KEY ("
                        + clause.columns().stream().map(Identifiers::quote).collect(Collectors.joining(", ")) + ")"
                : "";
        String definition = tokens.text(clause.body(), clause.to());
        if (creating && clause.notValid() < clause.to()) {
            // Comments between tokens stay, but not one behind the last: it would hide the semicolon.
            definition = clause.notValid() + 2 == clause.to()
                    ? tokens.text(clause.body(), clause.notValid())
                    : tokens.text(clause.body(), clause.notValid()) + " "
                            + tokens.text(clause.notValid() + 2, clause.to());
        }
        PlannedForeignKey key = new PlannedForeignKey(
                statement.file(),
                tokens.position(clause.body()),
                statements,
                table,
                only,
                clause.columns(),
                name,
                naming,
                head,
                definition,
                clause.references(),
                guarded,
                session);
        keys.add(key);
        groups.computeIfAbsent(key.group(), group -> new ArrayList<>()).add(key);
        return key;
    }

    private void comment(int file, SqlStatement statement, StatementTokens tokens) {
        tokens.moveTo(0);
        if (!tokens.accept("comment", "on", "constraint")) {
            return;
        }
        String constraint = tokens.identifier();
        ObjectName table = constraint != null && tokens.accept("on") ? tokens.name() : null;
        if (constraint != null && table != null && tokens.accept("is")) {
            List<Cut> cuts = cuts(tokens, 0, tokens.count());
            cuts.add(new Cut(statement.endOffset() - 1, statement.endOffset()));
            comments.add(new Comment(file, table, constraint, tokens.text(tokens.at(), tokens.count()), cuts));
        }
    }

    /** Names that a statement gives to constraints, other than the foreign keys that are planned. */
    private void noteNames(@Nullable String schema, StatementTokens tokens) {
        for (int i = 0; i < tokens.count(); i++) {
            tokens.moveTo(i);
            if (tokens.accept("constraint")) {
                tokens.accept("trigger");
                String name = tokens.identifier();
                if (name != null && !tokens.isNext("foreign") && !tokens.isNext("references")) {
                    names.use(schema, name);
                }
            }
        }
    }

    private void stays(SqlStatement statement, StatementTokens tokens, int from, int to, String why) {
        int at = from;
        while (at < to - 1 && !tokens.word(at).equals("references")) {
            at++;
        }
        SourcePosition place = tokens.position(at);
        inPlace.add(new SchemaFinding(
                SchemaFinding.Severity.WARNING,
                SchemaFinding.Code.FOREIGN_KEY_IN_PLACE,
                "a foreign key stays where it is, since " + why,
                statement.file(),
                place.line(),
                place.column()));
    }

    private static List<Cut> cuts(StatementTokens tokens, int from, int to) {
        List<Cut> cuts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            cuts.add(cut(tokens, i));
        }
        return cuts;
    }

    private static Cut cut(StatementTokens tokens, int index) {
        return new Cut(
                tokens.position(index).offset(), tokens.endPosition(index).offset());
    }
}
