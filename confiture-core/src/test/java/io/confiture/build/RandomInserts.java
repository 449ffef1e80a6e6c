package io.confiture.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A table and a seed file for it, both made by chance: columns, defaults, literals in every form, and what stands between. */
final class RandomInserts {
    private static final List<String> PIECES = List.of(
            "a", "Z", "'", "''", "\\", "\\\\", "\\N", "\\.", "\t", "\n", "\r", "é", "😀", "", " ", ";", "--", "/*",
            "*/", "$$", "$1", "\"", "{", ",", "(", ")", "NULL", "\\x41", "\b", "%", "?");

    /** Types, and literals of them that are not made up of parts; # is a number. */
    private static final List<List<String>> TYPES = List.of(
            List.of("text"),
            List.of("text"),
            List.of("varchar(6)", "'abc      '", "'#'", "'é'::varchar"),
            List.of("char(5)", "'a'", "'ab   '", "'#'::text"),
            List.of(
                    "int",
                    "#",
                    "-#",
                    "+#",
                    "- #",
                    "'#'",
                    "' # '",
                    "00#",
                    "#.5",
                    "1e2",
                    "# + 1",
                    "0x1F",
                    "'#'::int",
                    "#::int"),
            List.of("bigint", "#", "-#", "9007199254740993", "'#'::bigint", "2 * #"),
            List.of("numeric(9,2)", "#.125", "-#.5", "1e3", ".#", "'#'", "#", "'NaN'", "-0", "#.5::numeric"),
            List.of("float8", "#.1", "-0", "-0.0", "0", "1e-7", "'-0'", "'Infinity'", "16777217", "-#e-3"),
            List.of("real", "#.1", "-0", "1e10", "'nan'", "0.1"),
            List.of("boolean", "true", "FALSE", "'t'", "'no'", "1 = 1"),
            List.of(
                    "date",
                    "'2024-02-29'",
                    "date '2024-02-29'",
                    "'2024-02-29'::date",
                    "'infinity'",
                    "'1 Jan 2024'",
                    "'01/02/2024'"),
            List.of("timestamptz", "'2024-02-29 12:00+02'", "'2024-03-31 02:30'", "'2024-02-29'::date", "'epoch'"),
            List.of("timestamp(0)", "'2024-02-29 12:00:00.5'", "'2024-02-29 12:00:00.5'::timestamp"),
            List.of("interval", "'# days'", "'1 mon -# hours'", "'#'::interval"),
            List.of(
                    "jsonb",
                    "'{\"a\": [#, \"b\\n\"]}'",
                    "'null'",
                    "'{\"a\": 1, \"a\": #}'::jsonb",
                    "jsonb_build_array(#)"),
            List.of("json", "'{\"a\":   #}'", "E'{\"t\": \"\\\\t\"}'"),
            List.of("text[]", "'{a,\"b c\",NULL,\"\\\\\"}'", "ARRAY['#', 'b)']", "'{}'", "'{#}'::text[]"),
            List.of("int[]", "'{#,2}'", "ARRAY[1, #]", "'[2:3]={1,2}'", "'{#}'::int[]"),
            List.of("bytea", "'\\xdeadbeef'", "'a\\\\b\\001'", "E'\\\\x00'", "'\\x'::bytea"),
            List.of(
                    "uuid",
                    "'7c9e6679-7425-40de-944b-e07fc1f90ae7'",
                    "'{7C9E667974254 0de944be07fc1f90ae7}'".replace(" ", "")),
            List.of("mood", "'happy'", "'sad'::mood"),
            List.of("positive", "#1", "'#1'"),
            List.of("bit(3)", "'101'", "B'011'"),
            List.of("inet", "'10.0.0.1'", "'10.0.0.0/8'::inet"),
            List.of("int4range", "'[1,#9)'", "'empty'", "int4range(1, #9)"),
            List.of("\"char\"", "'x'", "'xy'", "''"),
            List.of("money", "'#.50'", "#"));

    private static final List<String> DEFAULTS =
            List.of("", "", "", " NOT NULL", " DEFAULT NULL", " UNIQUE", " CHECK (true)");

    private static final List<String> BETWEEN = List.of(
            "UPDATE \"T t\" SET id = -id WHERE id % 7 = 0;\n",
            "DELETE FROM \"T t\" WHERE id % 11 = 3;\n",
            "SET datestyle = 'ISO, DMY';\n",
            "SET TIME ZONE 'Europe/Paris';\n",
            "SET intervalstyle = 'sql_standard';\n",
            "SET extra_float_digits = 0;\n",
            "ALTER TABLE \"T t\" ADD IF NOT EXISTS extra int DEFAULT 5;\n",
            "/* INSERT INTO \"T t\" VALUES (1); */ -- ; '\n",
            "SELECT count(*) FROM \"T t\";\n");

    private record Column(String name, List<String> type) {}

    private final Random random;
    private final List<Column> columns = new ArrayList<>();

    RandomInserts(Random random) {
        this.random = random;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    String table() {
        StringBuilder ddl = new StringBuilder("CREATE TYPE mood AS ENUM ('happy', 'sad');"
                + " CREATE DOMAIN positive AS int CHECK (value > 0);"
                + " CREATE TABLE \"T t\" (id int, nr serial");
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            Column column = new Column(random.nextInt(4) == 0 ? "\"Odd " + i + "\"" : "c" + i, one(TYPES));
            columns.add(column);
            String extra = one(DEFAULTS);
            boolean mayBeUnique = random.nextInt(20) == 0;
            ddl.append(", ")
                    .append(column.name())
                    .append(' ')
                    .append(column.type().get(0));
            ddl.append(
                    extra.equals(" UNIQUE") && !mayBeUnique || extra.equals(" NOT NULL") && random.nextInt(8) > 0
                            ? ""
                            : extra);
        }
        if (random.nextInt(4) == 0) {
            ddl.append(", twice int GENERATED ALWAYS AS (id * 2) STORED");
        }
        if (random.nextInt(6) == 0) {
            ddl.append(
                    ", gone int) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF \"T t\" FOR VALUES FROM (MINVALUE) TO (400);"
                            + " CREATE TABLE rest PARTITION OF \"T t\" DEFAULT; ALTER TABLE \"T t\" DROP gone");
            return ddl.toString().replace(" UNIQUE", "");
        }
        ddl.append(')');
        if (random.nextInt(10) == 0) {
            ddl.append("; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN new.id = new.id + (SELECT count(*) FROM \"T t\"); RETURN new; END';"
                    + " CREATE TRIGGER g BEFORE INSERT ON \"T t\" FOR EACH ROW EXECUTE FUNCTION f()");
        }
        return ddl.toString();
    }

    String script() {
        StringBuilder script = new StringBuilder();
        int blocks = 1 + random.nextInt(3);
        for (int block = 0; block < blocks; block++) {
            block(script);
            if (random.nextBoolean()) {
                script.append(one(BETWEEN));
            }
        }
        return script.toString();
    }

    private void block(StringBuilder script) {
        List<Column> some = new ArrayList<>(columns);
        Collections.shuffle(some, random);
        some = some.subList(0, random.nextInt(some.size() + 1));
        boolean simple = random.nextInt(3) > 0;
        int rowsOfEach = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(400);
        int rows = random.nextInt(5) == 0 ? random.nextInt(900) : 1_000 + random.nextInt(600);
        // A form for each column and block: rows of a dump look alike.
        List<List<String>> forms = new ArrayList<>();
        for (Column column : some) {
            List<String> made = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                made.add(literal(column, simple));
            }
            forms.add(made);
        }
        StringBuilder names = new StringBuilder("id");
        some.forEach(
                column -> names.append(random.nextBoolean() ? ", " : ",\n\t").append(column.name()));
        String head =
                one(List.of("INSERT INTO", "insert into", "Insert /* x */ INTO")) + " \"T t\" (" + names + ") VALUES ";
        for (int n = 0; n < rows; n += rowsOfEach) {
            script.append(head);
            for (int row = n; row < Math.min(rows, n + rowsOfEach); row++) {
                script.append(row == n ? "(" : ",\n(").append(row);
                for (List<String> form : forms) {
                    script.append(", ").append(one(form).replace("#", Integer.toString(row % 97)));
                }
                script.append(')');
            }
            script.append(!simple && random.nextInt(100) == 0 ? " ON CONFLICT DO NOTHING;\n" : ";\n");
        }
    }

    private String literal(Column column, boolean simple) {
        int chance = random.nextInt(20);
        if (chance == 0) {
            return "NULL";
        }
        if (chance == 1 && !simple) {
            return "DEFAULT";
        }
        List<String> type = column.type();
        if (type.size() > 1) {
            return type.get(1 + random.nextInt(simple ? Math.max(1, (type.size() - 1) / 2) : type.size() - 1));
        }
        return text(simple);
    }

    private String text(boolean simple) {
        StringBuilder plain = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            plain.append(one(PIECES));
        }
        String text = plain.toString();
        return switch (random.nextInt(simple ? 5 : 9)) {
            case 0, 1 -> "'" + text.replace("'", "''") + "'";
            case 2 -> "E'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
            case 3 -> "$q$" + text + "$q$";
            case 4 -> "'" + text.replace("'", "''") + "'::text";
            case 5 -> "U&'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
            case 6 -> "upper('" + text.replace("'", "''") + "')";
            case 7 -> "'" + text.replace("'", "''") + "' || '#'";
            default -> "E'\\x41\\101\\u00e9" + text.replace("\\", "\\\\").replace("'", "''") + "'";
        };
    }
}
