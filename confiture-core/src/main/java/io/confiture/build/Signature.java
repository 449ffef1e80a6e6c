package io.confiture.build;

import io.confiture.build.TableDefinition.Element;
import io.confiture.sql.StatementTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The types of the arguments that tell one routine of a name from another. */
final class Signature {
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("int", "integer"),
            Map.entry("int4", "integer"),
            Map.entry("int8", "bigint"),
            Map.entry("int2", "smallint"),
            Map.entry("bool", "boolean"),
            Map.entry("decimal", "numeric"),
            Map.entry("dec", "numeric"),
            Map.entry("float8", "double precision"),
            Map.entry("float", "double precision"),
            Map.entry("float4", "real"),
            Map.entry("varchar", "character varying"),
            Map.entry("char varying", "character varying"),
            Map.entry("char", "character"),
            Map.entry("timestamptz", "timestamp with time zone"),
            Map.entry("timestamp without time zone", "timestamp"),
            Map.entry("timetz", "time with time zone"),
            Map.entry("time without time zone", "time"),
            Map.entry("varbit", "bit varying"));

    /** Types of several words, by their first. */
    private static final Map<String, Set<String>> LONG_TYPES = Map.of(
            "double", Set.of("precision"),
            "character", Set.of("varying"),
            "char", Set.of("varying"),
            "national", Set.of("character", "char"),
            "bit", Set.of("varying"),
            "timestamp", Set.of("with", "without"),
            "time", Set.of("with", "without"),
            "interval", Set.of("year", "month", "day", "hour", "minute", "second"));

    private Signature() {}

    /** The argument list at the cursor as {@code (type,type)}; null if it is not known in all its parts. */
    static @Nullable String read(StatementTokens tokens) {
        if (!tokens.isNext("(")) {
            return null;
        }
        int open = tokens.at();
        int behind = tokens.behindParentheses(open);
        if (behind == open + 2) {
            return "()";
        }
        List<String> types = new ArrayList<>();
        for (Element argument : Element.between(tokens, open + 1, behind - 1)) {
            boolean out = tokens.word(argument.from()).equals("out");
            String type = type(tokens, argument);
            if (type == null) {
                return null;
            }
            if (!out) {
                types.add(type);
            }
        }
        return "(" + String.join(",", types) + ")";
    }

    private static @Nullable String type(StatementTokens tokens, Element argument) {
        int from = argument.from();
        int to = from;
        while (to < argument.to()
                && !tokens.word(to).equals("default")
                && !tokens.word(to).equals("=")) {
            to++;
        }
        // The assignment := is two tokens.
        to -= to > from && tokens.word(to - 1).equals(":") ? 1 : 0;
        if (Set.of("in", "out", "inout", "variadic").contains(tokens.word(from))) {
            from++;
        }
        boolean named = to - from > 1
                && tokens.isName(from)
                && tokens.isName(from + 1)
                && !LONG_TYPES.getOrDefault(tokens.word(from), Set.of()).contains(tokens.word(from + 1))
                && !tokens.word(from + 1).equals("array");
        from += named ? 1 : 0;
        if (from >= to
                || tokens.word(from).equals("setof")
                || tokens.word(to - 1).equals("type")) {
            return null;
        }
        return normal(tokens, from, to);
    }

    private static String normal(StatementTokens tokens, int from, int to) {
        int end = from;
        boolean array = false;
        StringBuilder words = new StringBuilder();
        int depth = 0;
        for (int i = from; i < to; i++) {
            String word = tokens.word(i);
            switch (word) {
                case "(" -> depth++;
                case ")" -> depth--;
                case "[", "array" -> array = true;
                case "]" -> {}
                default -> {
                    if (depth == 0 && !array) {
                        boolean joined = words.length() == 0
                                || word.equals(".")
                                || tokens.word(i - 1).equals(".");
                        tokens.moveTo(i);
                        String name = tokens.identifier();
                        words.append(joined ? "" : " ").append(name == null ? word : name);
                        end = i;
                    }
                }
            }
        }
        String type = words.toString();
        if (type.startsWith("pg_catalog.")) {
            type = type.substring("pg_catalog.".length());
        }
        boolean quoted =
                IntStream.rangeClosed(from, end).anyMatch(i -> tokens.raw(i).startsWith("\""));
        return (quoted ? type : ALIASES.getOrDefault(type, type)) + (array ? "[]" : "");
    }
}
