package io.confiture.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A script of which is known what its statements are, since it was composed of them. They only look like SQL. */
final class ComposedScript {
    private static final String[] WORDS = {
        "SELECT",
        "a",
        "é",
        "begin",
        "x$1",
        "from",
        "stdin",
        "END",
        "case",
        "_1",
        "😀",
        "e",
        "U",
        "n",
        "copy",
        "function"
    };
    private static final String[] SYMBOLS = {
        "+", "*", "=", ",", ".", "1", "0x1F", "1_000", "1.5e-3", "$1", "::", ":=", "<>", "@?", "#>>", "[1:2]", "?|",
        "!", "%"
    };
    private static final String[] NOISE = {
        ";", "$$", "/*", "*/", "--", "(", ")", "END;", "\n", "x", "é", "\\.", "\r\n", "${a}"
    };

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final List<String> statements = new ArrayList<>();

    ComposedScript(Random random) {
        this.random = random;
        gap();
        for (int count = random.nextInt(6); count > 0; count--) {
            statement();
            gap();
        }
    }

    String text() {
        return text.toString();
    }

    /** The texts of the statements; rows behind an arrow. */
    List<String> statements() {
        return statements;
    }

    private void statement() {
        switch (random.nextInt(6)) {
            case 0 -> copy();
            case 1 ->
                end("CREATE " + pick("OR REPLACE ", "") + pick("FUNCTION", "procedure") + " f" + tokens(3) + body());
            case 2 -> end("CREATE RULE r AS ON INSERT TO t DO " + parentheses(3, true));
            default -> end(pick("SELECT", "x", "UPDATE", "(", "é", "'a'").replace("(", "(a)") + tokens(8));
        }
    }

    private void end(String statement) {
        statements.add(statement);
        text.append(statement).append(';');
    }

    private void copy() {
        String rows = "";
        for (int lines = random.nextInt(4); lines > 0; lines--) {
            String line = "r" + noise("\n", "\r\n") + "\\.";
            rows += line.replace("\n", "\\n") + pick("\n", "\r\n");
        }
        end("COPY a " + tokens(2) + " FROM" + space() + pick("stdin", "STDIN") + tokens(2));
        statements.add("> " + rows);
        text.append(pick("", " ", "\t-- rows; follow", " /* ; */ "))
                .append(pick("\n", "\r\n"))
                .append(rows);
        text.append("\\.").append(pick("\n", "\r\n"));
    }

    private String body() {
        StringBuilder body = new StringBuilder(pick("\n", " ") + "BEGIN" + space() + pick("ATOMIC", "atomic"));
        for (int count = random.nextInt(4); count > 0; count--) {
            body.append(space())
                    .append(pick("SELECT", "RETURN", "DELETE"))
                    .append(tokens(5))
                    .append(pick(" ", ""))
                    .append(';');
        }
        return body + space() + pick("END", "end");
    }

    private String tokens(int most) {
        StringBuilder tokens = new StringBuilder();
        for (int count = random.nextInt(most); count > 0; count--) {
            tokens.append(space()).append(token());
        }
        return tokens.toString();
    }

    private String token() {
        return switch (random.nextInt(9)) {
            case 0 -> "'" + noise("'").replace("'", "''") + "'";
            case 1 -> pick("E'", "e'") + noise("'", "\\").replace("\\", "\\\\").replace("'", "\\'") + "'";
            case 2 -> pick("", "U&") + "\"n" + noise("\"").replace("\"", "\"\"") + "\"";
            case 3 -> {
                String quote = pick("$$", "$a$", "$é$", "$_1$");
                yield quote + noise("'").replace("$", " ") + quote;
            }
            case 4 -> pick("U&'", "N'", "x'", "B'") + noise("'", "\\").replace("'", "''") + "'";
            case 5 -> parentheses(2, false);
            case 6 -> pick(SYMBOLS);
            default -> pick(WORDS);
        };
    }

    private String parentheses(int depth, boolean withSemicolons) {
        StringBuilder inner = new StringBuilder("(");
        for (int count = random.nextInt(4); count > 0; count--) {
            inner.append(depth > 0 && random.nextInt(4) == 0 ? parentheses(depth - 1, withSemicolons) : pick(WORDS));
            inner.append(withSemicolons && random.nextBoolean() ? ";" : space());
        }
        return inner + ")";
    }

    /** Something that separates tokens, never only a line comment's start. */
    private String space() {
        return switch (random.nextInt(8)) {
            case 0 -> "\n";
            case 1 -> "\r\n\t";
            case 2 -> " " + comment() + " ";
            case 3 -> " -- " + noise("'").replaceAll("[\r\n]", "") + "\n ";
            default -> " ";
        };
    }

    private String comment() {
        String inner = noise("'", "\"").replace("/", "").replace("*", "");
        return "/*" + inner + (random.nextInt(3) == 0 ? comment() : "") + "*/";
    }

    private void gap() {
        for (int count = random.nextInt(3); count > 0; count--) {
            text.append(
                    pick(" ", "\n", ";", "\r\n", comment(), "-- " + noise("'").replaceAll("[\r\n]", "") + "\n"));
        }
    }

    private String noise(String... more) {
        StringBuilder noise = new StringBuilder();
        for (int count = random.nextInt(5); count > 0; count--) {
            noise.append(random.nextInt(4) == 0 ? pick(more) : pick(NOISE));
        }
        return noise.toString();
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
