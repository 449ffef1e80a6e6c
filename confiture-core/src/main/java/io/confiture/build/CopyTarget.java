package io.confiture.build;

import io.confiture.postgres.Session;
import io.confiture.sql.InsertRows;
import io.confiture.sql.InsertValue;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table as far as it decides which INSERTs a COPY can stand for. What is not known to have the same effect is no COPY.
 */
final class CopyTarget {
    /**
     * One row a column, none if there is no such table. Rules and triggers see one statement where there were many; row
     * security refuses COPY; a row that refers to one below it fails as an INSERT of its own; a function of the user's, in
     * a default or a check, may read the table as the INSERTs before have left it. Where a domain calls one, no column of a
     * type of the user's but an enum is trusted: which types are made of the domain is not followed.
     */
    private static final String QUERY = """
            SELECT a.attname, a.atttypid::bigint, a.attidentity = 'a' OR a.attgenerated <> '' \
            OR a.atttypmod <> -1 AND (\
            'pg_catalog.interval'::pg_catalog.regtype IN (a.atttypid, t.typelem) \
            OR t.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace), \
            a.attidentity = 'a' OR a.attgenerated <> '' OR a.atttypmod <> -1 \
            AND t.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace, \
            c.relkind IN ('r', 'p') AND NOT pg_catalog.row_security_active(c.oid) \
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '3') \
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal AND g.tgtype & 4 <> 0 \
            AND g.tgenabled <> 'D' AND (g.tgrelid = c.oid \
            OR g.tgrelid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(c.oid) p))) \
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_partition_tree(c.oid) p \
            JOIN pg_catalog.pg_class f ON f.oid = p.relid WHERE f.relkind = 'f') \
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k \
            WHERE k.contype = 'f' AND k.conrelid = c.oid AND k.confrelid = c.oid) \
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
            WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass \
            AND (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass \
            AND d.objid IN (SELECT e.oid FROM pg_catalog.pg_attrdef e WHERE e.adrelid = c.oid) \
            OR d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass \
            AND d.objid IN (SELECT k.oid FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid)) \
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x \
            WHERE x.classid = d.refclassid AND x.objid = d.refobjid AND x.deptype = 'e')) \
            AND NOT (EXISTS (SELECT 1 FROM pg_catalog.pg_attribute u \
            JOIN pg_catalog.pg_type v ON v.oid = u.atttypid WHERE u.attrelid = c.oid AND u.attnum > 0 \
            AND v.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace AND v.typtype <> 'e') \
            AND EXISTS (SELECT 1 FROM pg_catalog.pg_depend d \
            WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass \
            AND (d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass \
            AND d.objid IN (SELECT y.oid FROM pg_catalog.pg_type y WHERE y.typtype = 'd') \
            OR d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass \
            AND d.objid IN (SELECT k.oid FROM pg_catalog.pg_constraint k WHERE k.contypid <> 0)) \
            AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x \
            WHERE x.classid = d.refclassid AND x.objid = d.refobjid AND x.deptype = 'e'))) \
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid \
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
            WHERE c.oid = pg_catalog.to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";

    private static final long BOOLEAN = 16;
    private static final Set<Long> INTEGERS = Set.of(20L, 21L, 23L);
    private static final long NUMERIC = 1700;
    private static final Set<Long> FLOATS = Set.of(700L, 701L);

    private static final Pattern TYPE_NAME =
            Pattern.compile("(?:[\\p{L}_][\\w$]*|\"[^\"]+\")(?:\\.(?:[\\p{L}_][\\w$]*|\"[^\"]+\"))?(?:\\[\\])*");

    /** Of more than one word, for which there is no other way to know that nothing else follows the type. */
    private static final Set<String> LONG_TYPE_NAMES = Set.of(
            "timestamp with time zone",
            "timestamp without time zone",
            "time with time zone",
            "time without time zone",
            "double precision",
            "character varying");

    /** These mean a length of 1, and cut what is longer. */
    private static final Set<String> ONE_CHARACTER = Set.of("char", "character", "bit", "nchar");

    private record Column(String name, long type, boolean neverCast, boolean never) {}

    private final Map<String, Column> columns = new HashMap<>();
    private final List<String> inOrder = new ArrayList<>();
    private final Session session;
    private final Map<String, Long> types;
    private final boolean possible;

    private CopyTarget(Session session, Map<String, Long> types, String table) throws SQLException {
        this.session = session;
        this.types = types;
        List<Boolean> tables = session.query(
                QUERY,
                rs -> {
                    Column column = new Column(rs.getString(1), rs.getLong(2), rs.getBoolean(3), rs.getBoolean(4));
                    columns.put(column.name(), column);
                    inOrder.add(column.name());
                    return rs.getBoolean(5);
                },
                table);
        this.possible = !tables.isEmpty() && tables.get(0);
    }

    /**
     * Looks a table up.
     *
     * @param types types that are known already, by the name as it was written; what is learned is added
     */
    static CopyTarget read(Session session, Map<String, Long> types, String table) throws SQLException {
        return new CopyTarget(session, types, table);
    }

    /** The columns that the statement gives values to; null if a COPY cannot stand for it. */
    @Nullable
    List<String> columnsOf(InsertRows insert) throws SQLException {
        if (!possible || !insert.plain()) {
            return null;
        }
        List<String> names = insert.columns();
        if (names == null) {
            int given = insert.row(0).size();
            names = given > inOrder.size() ? List.of() : inOrder.subList(0, given);
        }
        List<Column> targets = new ArrayList<>(names.size());
        for (String name : names) {
            Column column = columns.get(name);
            if (column == null || column.never()) {
                return null;
            }
            targets.add(column);
        }
        if (targets.isEmpty() || new HashSet<>(names).size() < names.size()) {
            return null;
        }
        for (int row = 0; row < insert.count(); row++) {
            if (!fits(insert.row(row), targets)) {
                return null;
            }
        }
        return names;
    }

    private boolean fits(List<InsertValue> values, List<Column> targets) throws SQLException {
        if (values.size() != targets.size()) {
            return false;
        }
        for (int i = 0; i < values.size(); i++) {
            if (!fits(values.get(i), targets.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(InsertValue value, Column column) throws SQLException {
        return switch (value.kind()) {
            case NULL, TEXT -> value.type() == null || !column.neverCast() && type(value.type()) == column.type();
            case BOOLEAN -> column.type() == BOOLEAN;
            case INTEGER ->
                INTEGERS.contains(column.type()) || column.type() == NUMERIC || isFloat(value.text(), column);
            case DECIMAL -> column.type() == NUMERIC || isFloat(value.text(), column);
            case DEFAULT, EXPRESSION -> false;
        };
    }

    /** A minus before zero is lost in an INSERT, where it is an operator of the number, and kept by COPY. */
    private static boolean isFloat(String number, Column column) {
        return FLOATS.contains(column.type()) && (number.charAt(0) != '-' || Double.parseDouble(number) != 0);
    }

    /** The type of that name, -1 if it is none that could be looked up. */
    private long type(String name) throws SQLException {
        Long known = types.get(name);
        if (known == null) {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean readable = LONG_TYPE_NAMES.contains(lower)
                    || TYPE_NAME.matcher(name).matches() && !ONE_CHARACTER.contains(lower.replace("[]", ""));
            known = readable
                    ? session.query(
                                    "SELECT coalesce(pg_catalog.to_regtype(?)::oid::bigint, -1)",
                                    rs -> rs.getLong(1),
                                    name)
                            .get(0)
                    : -1L;
            types.put(name, known);
        }
        return known;
    }
}
