package io.confiture.test;

import java.util.ArrayList;
import java.util.List;

/** All that a database holds, as text to compare: proof that an operation which failed has changed nothing. */
public final class DatabaseContents {
    private static final String USER_SCHEMA = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

    private static final List<String> CATALOG = List.of(
            "SELECT 'schema ' || nspname FROM pg_namespace n WHERE " + USER_SCHEMA,
            "SELECT c.relkind::text || ' ' || c.oid::regclass::text || ' ' || coalesce(c.relacl::text, '') || ' '"
                    + " || pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE " + USER_SCHEMA,
            "SELECT 'column ' || a.attrelid::regclass::text || '.' || a.attname || ' '"
                    + " || format_type(a.atttypid, a.atttypmod) || a.attnotnull::text FROM pg_attribute a"
                    + " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE a.attnum > 0 AND NOT a.attisdropped AND " + USER_SCHEMA,
            "SELECT 'index ' || pg_get_indexdef(i.indexrelid) || i.indisvalid::text FROM pg_index i"
                    + " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE " + USER_SCHEMA,
            "SELECT 'constraint ' || conname || pg_get_constraintdef(c.oid) FROM pg_constraint c"
                    + " JOIN pg_namespace n ON n.oid = c.connamespace WHERE " + USER_SCHEMA,
            "SELECT 'function ' || p.oid::regprocedure::text || p.prosrc FROM pg_proc p"
                    + " JOIN pg_namespace n ON n.oid = p.pronamespace WHERE " + USER_SCHEMA,
            "SELECT 'type ' || t.oid::regtype::text || t.typtype::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
                    + " WHERE t.typrelid = 0 AND t.typelem = 0 AND " + USER_SCHEMA,
            "SELECT 'advisory lock ' || count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                    + " (SELECT oid FROM pg_database WHERE datname = current_database())");

    private DatabaseContents() {}

    /** Schemas, relations, columns, indexes, constraints, functions, types, advisory locks and every row of every table. */
    public static List<String> of(TestDatabase database) {
        List<String> lines = new ArrayList<>();
        for (String query : CATALOG) {
            database.values(query + " ORDER BY 1").forEach(line -> lines.add(String.valueOf(line)));
        }
        for (String table : database.values("SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND "
                + USER_SCHEMA + " ORDER BY 1")) {
            database.values("SELECT t::text FROM " + table + " t ORDER BY 1")
                    .forEach(row -> lines.add("row of " + table + " " + row));
        }
        return lines;
    }
}
