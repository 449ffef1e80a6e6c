package io.confiture.migrate;

import io.confiture.postgres.Session;
import io.confiture.sql.SqlStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks deferred constraints where a commit would, in a transaction that goes on. Each is named: ALL would also hold for
 * those that a later script creates, which nothing but the end of the transaction takes back.
 */
final class DeferredConstraints {
    private static final String DEFERRABLE = "SELECT pg_catalog.format('%I.%I', n.nspname, c.conname),"
            + " pg_catalog.bool_and(c.condeferred AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o"
            + " WHERE o.conname = c.conname AND o.connamespace = c.connamespace AND NOT o.condeferrable))"
            + " FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace"
            + " WHERE c.condeferrable AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
            + " AND NOT pg_catalog.pg_is_other_temp_schema(n.oid) GROUP BY n.nspname, c.conname";

    private static final Pattern SETS_ALL = Pattern.compile("(?i)\\bset\\s+constraints\\s+all\\b");

    private record Constraint(String name, boolean deferred) {}

    private DeferredConstraints() {}

    /** Fails as a commit would; otherwise each constraint is as deferred as at the begin of a transaction. */
    static void check(Session session) throws SQLException {
        List<Constraint> constraints =
                session.query(DEFERRABLE, rs -> new Constraint(rs.getString(1), rs.getBoolean(2)));
        set(session, constraints, "IMMEDIATE");
        set(session, constraints.stream().filter(Constraint::deferred).toList(), "DEFERRED");
    }

    /** Whether a statement says how deferred even those constraints are that are created after it. */
    static boolean setsAll(SqlStatement statement) {
        return SETS_ALL.matcher(statement.text()).find();
    }

    /** The names of those that can be deferred. */
    static Set<String> names(Session session) throws SQLException {
        return new HashSet<>(session.query(DEFERRABLE, rs -> rs.getString(1)));
    }

    /** Those that have come since are as deferred as in a transaction of their own, and are known from then on. */
    static void settle(Session session, Set<String> known) throws SQLException {
        List<Constraint> created =
                session.query(DEFERRABLE, rs -> new Constraint(rs.getString(1), rs.getBoolean(2))).stream()
                        .filter(constraint -> known.add(constraint.name()))
                        .toList();
        set(
                session,
                created.stream().filter(constraint -> !constraint.deferred()).toList(),
                "IMMEDIATE");
        set(session, created.stream().filter(Constraint::deferred).toList(), "DEFERRED");
    }

    private static void set(Session session, List<Constraint> constraints, String mode) throws SQLException {
        if (!constraints.isEmpty()) {
            session.execute("SET CONSTRAINTS "
                    + constraints.stream().map(Constraint::name).collect(Collectors.joining(", ")) + " " + mode);
        }
    }
}
