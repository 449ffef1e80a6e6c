package io.confiture.sql;

import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects the directives of one scope: the top of a script, or one of its sections. */
final class DirectiveParser {
    private static final String TRANSACTIONAL = "transactional";
    private static final String LOCK_TIMEOUT = "lock-timeout";
    private static final String STATEMENT_TIMEOUT = "statement-timeout";
    private static final String VERIFY = "verify";
    private static final String EMPTY = "empty";
    private static final String LABELS = "labels";
    private static final String PLACEHOLDERS = "placeholders";
    private static final String COVERS = "covers";
    private static final String META = "meta.";
    static final List<String> KEYS = List.of(
            TRANSACTIONAL,
            LOCK_TIMEOUT,
            STATEMENT_TIMEOUT,
            VERIFY,
            EMPTY,
            LABELS,
            PLACEHOLDERS,
            COVERS,
            META + "<key>");

    private static final Pattern DURATION = Pattern.compile("(\\d{1,10})(ms|s|min|h)");

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]*");

    // The value of metadata may be quoted, to hold spaces.
    private static final Pattern WORD = Pattern.compile("meta\\.[^\\s=]+=\"[^\"]*\"(?!\\S)|\\S+");

    private final String file;
    private final @Nullable Placeholders placeholders;
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param placeholders those that have a value; null if it does not matter whether one has */
    DirectiveParser(String file, @Nullable Placeholders placeholders) {
        this.file = file;
        this.placeholders = placeholders;
    }

    /** What these directives say, where they say nothing what the outer ones say. */
    ScriptDirectives within(DirectiveParser outer) {
        if (values.isEmpty() && outer.values.isEmpty()) {
            return ScriptDirectives.NONE;
        }
        Map<String, Object> all = new LinkedHashMap<>(outer.values);
        all.putAll(values);
        Map<String, String> metadata = new LinkedHashMap<>();
        all.forEach((key, value) -> {
            if (key.startsWith(META)) {
                metadata.put(key.substring(META.length()), (String) value);
            }
        });
        return new ScriptDirectives(
                (@Nullable Boolean) all.get(TRANSACTIONAL),
                (@Nullable Duration) all.get(LOCK_TIMEOUT),
                (@Nullable Duration) all.get(STATEMENT_TIMEOUT),
                all.containsKey(VERIFY),
                all.containsKey(EMPTY),
                names(all.get(LABELS)),
                names(all.get(PLACEHOLDERS)),
                names(all.get(COVERS)),
                metadata);
    }

    private static List<String> names(@Nullable Object commaSeparated) {
        return commaSeparated == null ? List.of() : List.of(((String) commaSeparated).split(","));
    }

    /** @param comment a line comment that starts with {@code confiture:} */
    void add(String comment, SourcePosition at) {
        int colon = comment.indexOf(':');
        Matcher words = WORD.matcher(comment);
        if (!words.find(colon + 1)) {
            throw error(at, "a directive line that says nothing", valid());
        }
        do {
            int before = comment.codePointCount(0, words.start());
            addWord(words.group(), new SourcePosition(at.line(), at.column() + before, at.offset()));
        } while (words.find());
    }

    private void addWord(String word, SourcePosition at) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            throw error(at, "directive \"" + word + "\" has no value", "Write key=value, without spaces around the =.");
        }
        String key = word.substring(0, equals);
        Object value = parse(key, word.substring(equals + 1), at);
        if (values.put(key, value) != null) {
            throw error(at, "directive \"" + key + "\" is given twice", "Keep one of them.");
        }
    }

    private Object parse(String key, String value, SourcePosition at) {
        return switch (key) {
            case TRANSACTIONAL -> truth(key, value, at);
            case LOCK_TIMEOUT, STATEMENT_TIMEOUT -> duration(key, value, at);
            case VERIFY -> only("always", key, value, at);
            case EMPTY -> only("refuse", key, value, at);
            case LABELS -> requireNames(key, value, value.replaceAll("(^|,)!", "$1"), at);
            case COVERS -> requireNames(key, value, value, at);
            case PLACEHOLDERS -> requireValues(requireNames(key, value, value, at), at);
            default -> {
                if (key.startsWith(META)
                        && NAME.matcher(key).region(META.length(), key.length()).matches()) {
                    yield text(value);
                }
                throw error(
                        at, "unknown directive \"" + key + "\"", "Did you mean \"" + nearest(key) + "\"? " + valid());
            }
        };
    }

    private static String text(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private String only(String valid, String key, String value, SourcePosition at) {
        if (!value.equals(valid)) {
            throw error(at, key + "=" + value + " is not known", "Write " + key + "=" + valid + ", or leave it out.");
        }
        return value;
    }

    private String requireNames(String key, String value, String list, SourcePosition at) {
        List<String> names = List.of(list.split(",", -1));
        if (!names.stream().allMatch(name -> NAME.matcher(name).matches())) {
            throw error(
                    at,
                    key + "=" + value + " is no list of names",
                    "Write " + key + "=one,two without spaces: letters, digits, and inside a name also . and -.");
        }
        if (Set.copyOf(names).size() < names.size()) {
            throw error(at, key + "=" + value + " holds a name twice", "Keep one of them.");
        }
        return value;
    }

    private String requireValues(String names, SourcePosition at) {
        if (placeholders != null) {
            for (String name : names.split(",")) {
                if (placeholders.find(name) == null) {
                    throw new SqlScriptException(
                            ErrorCode.PLACEHOLDER,
                            "the script needs the placeholder " + name + ", which has no value",
                            placeholders.hintFor(name),
                            file,
                            at.line(),
                            at.column());
                }
            }
        }
        return names;
    }

    private Boolean truth(String key, String value, SourcePosition at) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw error(at, key + "=" + value + " is neither true nor false", "Write true or false.");
        };
    }

    private Duration duration(String key, String value, SourcePosition at) {
        if (value.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = DURATION.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "min" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
            // The server counts its timeouts in an int of milliseconds.
            if (duration.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) <= 0) {
                return duration;
            }
        }
        throw error(
                at,
                key + "=" + value + " is no duration of at most 596h",
                "Write a whole number and its unit: 500ms, 2s, 5min, 1h, or 0 for no limit.");
    }

    private static String valid() {
        return "Valid directives: " + String.join(", ", KEYS) + ".";
    }

    private static String nearest(String key) {
        return KEYS.stream()
                .min((a, b) -> Integer.compare(EditDistance.between(key, a), EditDistance.between(key, b)))
                .orElseThrow();
    }

    private SqlScriptException error(SourcePosition at, String problem, String hint) {
        return new SqlScriptException(ErrorCode.UNKNOWN_DIRECTIVE, problem, hint, file, at.line(), at.column());
    }
}
