package io.confiture.test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a database holds, as text that is the same whenever the content is: the user's catalog and all rows. Left out are
 * what extensions own and tables whose name starts with {@code tb_confiture}.
 */
public final class Fingerprint {
    /** Schemas of the user. */
    private static final String SCHEMAS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    /** Relations of the user, as {@code c} in their schema {@code n}. */
    private static final String RELATIONS =
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE " + SCHEMAS
                    + " AND c.relname !~ '^tb_confiture' AND NOT EXISTS (SELECT FROM pg_depend d"
                    + " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')";

    private static final Map<String, String> FACTS = facts();

    private Fingerprint() {}

    /** The content as text, a line a fact or row. Changes nothing; the connection must not be in a transaction. */
    public static String of(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            // Names come out qualified, whatever the path of the role or the database is.
            statement.execute("SET LOCAL search_path = pg_catalog");
            statement.execute("SET LOCAL TimeZone = 'UTC'");
            StringBuilder text = new StringBuilder();
            for (Map.Entry<String, String> fact : FACTS.entrySet()) {
                for (String line : lines(statement, fact.getValue())) {
                    text.append(fact.getKey()).append(": ").append(line).append('\n');
                }
            }
            appendSequences(statement, text);
            appendRows(statement, text);
            return text.toString();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** The SHA-256 of a fingerprint, in hexadecimal digits. */
    public static String sha256(String fingerprint) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(fingerprint.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void appendSequences(Statement statement, StringBuilder text) throws SQLException {
        for (String sequence :
                lines(statement, "SELECT format('%I.%I', nspname, relname) " + RELATIONS + " AND relkind = 'S'")) {
            for (String line : lines(statement, "SELECT concat_ws(' ', last_value, is_called) FROM " + sequence)) {
                text.append("sequence ")
                        .append(sequence)
                        .append(": ")
                        .append(line)
                        .append('\n');
            }
        }
    }

    private static void appendRows(Statement statement, StringBuilder text) throws SQLException {
        String holders = "SELECT format('%I.%I', nspname, relname) " + RELATIONS
                + " AND (relkind = 'r' OR relkind = 'm' AND relispopulated)";
        for (String holder : lines(statement, holders)) {
            for (String line : lines(statement, "SELECT t::text FROM ONLY " + holder + " t")) {
                text.append("row of ").append(holder).append(": ").append(line).append('\n');
            }
        }
    }

    /** The first column, sorted here so that no collation of the server has a say. */
    private static List<String> lines(Statement statement, String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        lines.sort(null);
        return lines;
    }

    private static Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "schema",
                "SELECT concat_ws(' ', nspname, nspowner::regrole, nspacl::text) FROM pg_namespace n WHERE " + SCHEMAS);
        facts.put(
                "extension",
                "SELECT concat_ws(' ', extname, extnamespace::regnamespace) FROM pg_extension WHERE extname <> 'plpgsql'");
        facts.put(
                "relation",
                "SELECT concat_ws(' ', c.oid::regclass, relkind, relpersistence, 'owner', relowner::regrole, relacl::text,"
                        + " reloptions::text, CASE WHEN relrowsecurity THEN 'row security' END,"
                        + " CASE WHEN relforcerowsecurity THEN 'forced' END, 'identity ' || relreplident::text,"
                        + " CASE WHEN relkind = 'm' AND NOT relispopulated THEN 'unpopulated' END,"
                        + " CASE WHEN relkind = 'p' THEN pg_get_partkeydef(c.oid) END,"
                        + " pg_get_expr(relpartbound, c.oid)) "
                        + RELATIONS);
        facts.put(
                "inheritance",
                "SELECT concat_ws(' ', c.oid::regclass, inhparent::regclass, inhseqno, inhdetachpending)"
                        + " FROM pg_inherits JOIN (SELECT c.oid " + RELATIONS + ") c ON c.oid = inhrelid");
        facts.put(
                "column",
                "SELECT concat_ws(' ', c.oid::regclass, row_number() OVER (PARTITION BY c.oid ORDER BY attnum), quote_ident(attname),"
                        + " format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END,"
                        + " 'default ' || pg_get_expr(adbin, adrelid), 'identity ' || nullif(attidentity::text, ''),"
                        + " 'generated ' || nullif(attgenerated::text, ''), attacl::text,"
                        + " CASE WHEN attcollation <> typcollation THEN attcollation::regcollation END)"
                        + " FROM pg_attribute JOIN pg_type t ON t.oid = atttypid"
                        + " JOIN (SELECT c.oid, relkind " + RELATIONS + ") c ON c.oid = attrelid"
                        + " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
                        + " WHERE attnum > 0 AND NOT attisdropped AND relkind NOT IN ('i', 'I', 'S')");
        // From version 18 on NOT NULL is a constraint too; the columns already tell.
        facts.put(
                "constraint",
                "SELECT concat_ws(' ', nullif(conrelid, 0)::regclass, nullif(contypid, 0)::regtype, quote_ident(conname),"
                        + " pg_get_constraintdef(o.oid), CASE WHEN NOT convalidated THEN 'not validated' END,"
                        + " coninhcount, conislocal) FROM pg_constraint o JOIN pg_namespace n ON n.oid = connamespace WHERE "
                        + SCHEMAS + " AND contype <> 'n' AND conrelid::regclass::text !~ 'tb_confiture'");
        facts.put(
                "index",
                "SELECT concat_ws(' ', pg_get_indexdef(indexrelid), CASE WHEN NOT indisvalid THEN 'invalid' END,"
                        + " CASE WHEN NOT indisready THEN 'not ready' END, CASE WHEN indisclustered THEN 'clustered' END,"
                        + " CASE WHEN indisreplident THEN 'replica identity' END)"
                        + " FROM pg_index JOIN (SELECT c.oid " + RELATIONS + ") c ON c.oid = indrelid");
        facts.put(
                "view",
                "SELECT concat_ws(' ', c.oid::regclass, pg_get_viewdef(c.oid)) " + RELATIONS
                        + " AND relkind IN ('v', 'm')");
        facts.put(
                "sequence",
                "SELECT concat_ws(' ', c.oid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache,"
                        + " seqcycle) FROM pg_sequence JOIN (SELECT c.oid " + RELATIONS + ") c ON c.oid = seqrelid");
        facts.put(
                "function",
                "SELECT concat_ws(' ', CASE WHEN prokind = 'a' THEN concat_ws(' ', 'aggregate', p.oid::regprocedure,"
                        + " aggtransfn::regproc, aggtranstype::regtype, agginitval) ELSE pg_get_functiondef(p.oid) END,"
                        + " 'owner', proowner::regrole, proacl::text) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
                        + " LEFT JOIN pg_aggregate ON aggfnoid = p.oid WHERE " + SCHEMAS
                        + notOfAnExtension("pg_proc", "p"));
        facts.put(
                "trigger",
                "SELECT concat_ws(' ', pg_get_triggerdef(t.oid), tgenabled) FROM pg_trigger t" + " JOIN (SELECT c.oid "
                        + RELATIONS + ") c ON c.oid = tgrelid WHERE NOT tgisinternal");
        facts.put(
                "rule",
                "SELECT concat_ws(' ', pg_get_ruledef(r.oid), ev_enabled) FROM pg_rewrite r" + " JOIN (SELECT c.oid "
                        + RELATIONS + ") c ON c.oid = ev_class WHERE rulename <> '_RETURN'");
        facts.put(
                "policy",
                "SELECT concat_ws(' ', polrelid::regclass, quote_ident(polname), polcmd, polpermissive, polroles::regrole[]::text,"
                        + " pg_get_expr(polqual, polrelid), 'check ' || pg_get_expr(polwithcheck, polrelid))"
                        + " FROM pg_policy JOIN (SELECT c.oid " + RELATIONS + ") c ON c.oid = polrelid");
        facts.put(
                "type",
                "SELECT concat_ws(' ', t.oid::regtype, typtype, 'owner', typowner::regrole, typacl::text,"
                        + " 'based on ' || format_type(nullif(typbasetype, 0), typtypmod), CASE WHEN typnotnull THEN 'not null' END,"
                        + " 'default ' || typdefault,"
                        + " (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),"
                        + " (SELECT rngsubtype::regtype FROM pg_range WHERE rngtypid = t.oid))"
                        + " FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace"
                        + " WHERE typtype IN ('e', 'd', 'r', 'c') AND typname !~ 'tb_confiture'"
                        + " AND (typrelid = 0 OR EXISTS (SELECT FROM pg_class WHERE pg_class.oid = typrelid AND relkind = 'c')) AND "
                        + SCHEMAS + notOfAnExtension("pg_type", "t"));
        facts.put(
                "operator",
                "SELECT concat_ws(' ', o.oid::regoperator, oprcode::regproc) FROM pg_operator o"
                        + " JOIN pg_namespace n ON n.oid = oprnamespace WHERE " + SCHEMAS
                        + notOfAnExtension("pg_operator", "o"));
        facts.put(
                "cast",
                "SELECT concat_ws(' ', castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext)"
                        + " FROM pg_cast WHERE oid >= 16384");
        facts.put(
                "statistics",
                "SELECT pg_get_statisticsobjdef(s.oid) FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = stxnamespace WHERE "
                        + SCHEMAS);
        facts.put(
                "publication",
                "SELECT concat_ws(' ', pubname, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate,"
                        + " (SELECT string_agg(prrelid::regclass::text, ', ' ORDER BY prrelid::regclass::text)"
                        + " FROM pg_publication_rel WHERE prpubid = p.oid)) FROM pg_publication p");
        facts.put(
                "event trigger",
                "SELECT concat_ws(' ', evtname, evtevent, evtfoid::regproc, evttags::text) FROM pg_event_trigger");
        facts.put(
                "default privileges",
                "SELECT concat_ws(' ', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace, defaclobjtype,"
                        + " defaclacl::text) FROM pg_default_acl");
        facts.put(
                "setting",
                "SELECT setconfig::text FROM pg_db_role_setting WHERE setdatabase ="
                        + " (SELECT oid FROM pg_database WHERE datname = current_database())");
        facts.put(
                "comment",
                "SELECT concat_ws(' ', type, identity, description) FROM pg_description,"
                        + " pg_identify_object(classoid, objoid, objsubid)"
                        + " WHERE objoid >= 16384 AND type <> 'extension' AND coalesce(schema, '') !~ '^pg_'");
        return facts;
    }

    private static String notOfAnExtension(String catalog, String alias) {
        return " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '" + catalog + "'::regclass AND d.objid = "
                + alias + ".oid AND d.deptype = 'e')";
    }
}
