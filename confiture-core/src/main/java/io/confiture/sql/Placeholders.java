package io.confiture.sql;

import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values that stand for <code>${name}</code> in scripts. Names count by case. Immutable; tells its names, never its
 * values.
 *
 * @since 0.1.0
 */
public final class Placeholders {

    /** No values: scripts are read as they are written. */
    public static final Placeholders NONE = new Placeholders(Map.of());

    // Lexes as it stands: no name may open a comment or a literal within the braces.
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_]+(?:[.-][\\p{L}\\p{N}_]+)*");

    private static final Pattern WORDS = Pattern.compile("[\\p{L}\\p{N}_]+");
    /** What is shorter is no secret, and to be found in any text. */
    private static final int SHORTEST_SECRET = 3;

    private final Map<String, PlaceholderValue> values = new TreeMap<>();
    private final Map<String, String> namesByText = new HashMap<>();
    private final Pattern texts;

    private Placeholders(Map<String, String> values) {
        values.forEach(this::add);
        this.values.values().forEach(this::addTexts);
        String longestFirst = namesByText.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        // Not where it is a part of a longer word. In any case, since the server folds names.
        this.texts = Pattern.compile("(?iu)(?<![\\p{L}\\p{N}_])(?:" + longestFirst + ")(?![\\p{L}\\p{N}_])");
    }

    /**
     * Checks names and values.
     *
     * @param values by name without <code>${}</code>
     * @throws ConfigurationException if a name could never be written in a script, or a value is missing, empty or holds
     *     control characters such as line ends
     */
    public static Placeholders of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new Placeholders(values);
    }

    private void add(String name, @Nullable String value) {
        if (!NAME.matcher(name).matches()) {
            throw invalid(
                    "\"" + name + "\" is no name of a placeholder",
                    "Names are letters, digits and underscores, with single dots and hyphens between them.");
        }
        if (value == null || value.isBlank()) {
            throw invalid("The placeholder " + name + " has no value", "Set it, or remove it.");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    "The value of the placeholder " + name + " holds a line end or another control character",
                    "Write the value on one line.");
        }
        values.put(name, new PlaceholderValue(name, value));
    }

    private void addTexts(PlaceholderValue value) {
        addText(value.text(), value);
        Matcher words = WORDS.matcher(value.text());
        while (words.find()) {
            addText(words.group(), value);
        }
    }

    private void addText(String text, PlaceholderValue value) {
        if (text.length() >= SHORTEST_SECRET) {
            namesByText.putIfAbsent(text.toLowerCase(Locale.ROOT), value.name());
        }
    }

    private static ConfigurationException invalid(String problem, String hint) {
        return new ConfigurationException(ErrorCode.INVALID_CONFIGURATION, problem, hint);
    }

    /** Whether nothing is ever replaced. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    @Nullable
    PlaceholderValue find(String name) {
        return values.get(name);
    }

    /** What to say about a name that a script needs and nobody has set. */
    String hintFor(String missing) {
        // Spring Boot drops other characters of a key that stands outside of brackets.
        String key = missing.matches("[A-Za-z0-9.-]+") ? missing : "[" + missing + "]";
        String set = "Set it with placeholders(…) of the builder (confiture.migrate.placeholders." + key
                + " in a Spring Boot application).";
        return values.keySet().stream()
                .min((a, b) -> Integer.compare(EditDistance.between(missing, a), EditDistance.between(missing, b)))
                .map(nearest -> "Did you mean " + nearest + "? " + set)
                .orElse(set + " None has a value now.");
    }

    /**
     * A text for people, such as what a server says of a statement: values, and words of three or more characters that
     * they are made of, are shown as <code>${name}</code>, since they may be secrets. Rather shows too little.
     */
    public String withoutValues(String text) {
        if (namesByText.isEmpty()) {
            return text;
        }
        return texts.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        "${" + namesByText.getOrDefault(found.group().toLowerCase(Locale.ROOT), "…") + "}"));
    }

    /** The names alone. */
    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
