package io.confiture.build;

import io.confiture.sql.ObjectName;
import io.confiture.sql.SourcePosition;
import java.util.List;

/**
 * A foreign key of the sources that may be added at the end of the build.
 *
 * @param file the file as the user knows it
 * @param at where the definition begins
 * @param statement counts the statements of the build
 * @param table the referencing table
 * @param only whether {@code ALTER TABLE ONLY} has added it
 * @param columns its columns
 * @param name its own, or the one that the server would choose
 * @param naming where the name comes from
 * @param head what stands before the definition: {@code FOREIGN KEY (…)} if it was written at a column, else nothing
 * @param definition as written, from its place on
 * @param references the referenced table
 * @param guarded whether the table may have existed before, and the foreign key with it
 * @param session what decides which tables the names mean
 */
record PlannedForeignKey(
        String file,
        SourcePosition at,
        int statement,
        ObjectName table,
        boolean only,
        List<String> columns,
        String name,
        Naming naming,
        String head,
        String definition,
        ObjectName references,
        boolean guarded,
        SessionState session) {

    /** Where a name comes from. */
    enum Naming {
        /** It is given. */
        GIVEN,
        /** The server would choose it, and nothing else has it. */
        CHOSEN,
        /** The server would choose it with a number, which only the server knows for sure. */
        NUMBERED
    }

    /** Foreign keys of one group compete for names, also with those that the server keeps for partitions. */
    record Group(ObjectName table, List<String> columns) {}

    Group group() {
        return new Group(table, columns);
    }

    /** Whether a name in it means what {@code search_path} says. */
    boolean unqualified() {
        return table.schema() == null || references.schema() == null;
    }

    /** Whether two names may mean one table, as far as text can tell. */
    static boolean maybeSame(ObjectName one, ObjectName other) {
        return one.name().equals(other.name())
                && (one.schema() == null
                        || other.schema() == null
                        || one.schema().equals(other.schema()));
    }
}
