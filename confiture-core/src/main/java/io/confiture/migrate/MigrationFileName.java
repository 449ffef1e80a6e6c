package io.confiture.migrate;

import io.confiture.error.EditDistance;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a file's name says. */
sealed interface MigrationFileName {

    /** The part of a migration that a file holds. */
    enum Part {
        UP(".up.sql"),
        DOWN(".down.sql"),
        VERIFY(".verify.sql"),
        /** Up and down part in one file, marked inside. */
        BOTH(".sql"),
        /** What all migrations up to this version have made, in one script. */
        BASELINE(".sql");

        final String suffix;

        Part(String suffix) {
            this.suffix = suffix;
        }
    }

    /**
     * A name that says all.
     *
     * @param flyway whether it is one of Flyway's, where the file that undoes a migration need not bear its name
     */
    record Valid(String versionText, Version version, String name, Part part, boolean flyway)
            implements MigrationFileName {}

    /** The name of a repeatable migration. */
    record Repeatable(String name, Part part) implements MigrationFileName {}

    /** The name of a script that runs around migrations. */
    record Callback(Callbacks.Moment moment) implements MigrationFileName {}

    /** A name that ends in {@code .sql} and says too little; {@code suggestion} is what it should be. */
    record Broken(String problem, String suggestion) implements MigrationFileName {}

    Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)*)_(.+?)(\\.up|\\.down|\\.verify)?\\.sql");
    Pattern REPEATABLE = Pattern.compile("R__(.+?)(\\.up|\\.down|\\.verify)?\\.sql");
    Pattern NEARLY_REPEATABLE = Pattern.compile("(?i)R_+(.+?)(\\.up|\\.verify)?\\.sql");
    Pattern FLYWAY = Pattern.compile("(?i)[VUB](\\d+(?:[._]\\d+)*)__(.+)\\.sql");
    Pattern NEARLY =
            Pattern.compile("(?i)[v]?(\\d+(?:\\.\\d+)*)[^\\p{Alnum}]*(.*?)(?:\\.(up|down|verify|[a-z]{1,6}))?\\.sql");
    DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

    /** Whether the file is a script, so that its name has to be right. */
    static boolean isScript(String fileName) {
        return fileName.regionMatches(true, fileName.length() - 4, ".sql", 0, 4);
    }

    /** Reads a name for which {@link #isScript} holds. */
    static MigrationFileName parse(String fileName, Clock clock) {
        Matcher matcher = FORM.matcher(fileName);
        if (matcher.matches()) {
            String suffix = matcher.group(3);
            Part part = suffix == null
                    ? Part.BOTH
                    : Part.valueOf(suffix.substring(1).toUpperCase(Locale.ROOT));
            String name = matcher.group(2);
            int dot = name.lastIndexOf('.');
            if (part == Part.BOTH && dot > 0 && nearestPart(name.substring(dot + 1)) != Part.BOTH) {
                return new Broken(
                        "has an unknown part ." + name.substring(dot + 1),
                        matcher.group(1) + "_" + name.substring(0, dot) + nearestPart(name.substring(dot + 1)).suffix);
            }
            return Version.parse(matcher.group(1))
                    .<MigrationFileName>map(version -> new Valid(matcher.group(1), version, name, part, false))
                    .orElseThrow();
        }
        Matcher repeatable = REPEATABLE.matcher(fileName);
        if (repeatable.matches()) {
            return repeatable(repeatable.group(1), repeatable.group(2));
        }
        MigrationFileName callback = CallbackName.of(fileName);
        if (callback != null) {
            return callback;
        }
        return broken(fileName, clock);
    }

    private static MigrationFileName repeatable(String name, @Nullable String suffix) {
        if (suffix == null) {
            return new Repeatable(name, Part.BOTH);
        }
        return switch (suffix) {
            case ".verify" -> new Repeatable(name, Part.VERIFY);
            case ".down" ->
                new Broken("would undo a repeatable migration, which has no down part", "R__" + name + ".sql");
            default -> new Broken("has a part, and a repeatable migration has none", "R__" + name + ".sql");
        };
    }

    private static Broken broken(String fileName, Clock clock) {
        Matcher flyway = FLYWAY.matcher(fileName);
        if (flyway.matches()) {
            boolean undo = Character.toUpperCase(fileName.charAt(0)) == 'U';
            return new Broken(
                    "is a Flyway name, which is read only with confiture.migrate.naming=flyway",
                    flyway.group(1).replace('_', '.') + "_" + flyway.group(2) + (undo ? ".down.sql" : ".up.sql"));
        }
        Matcher repeatable = NEARLY_REPEATABLE.matcher(fileName);
        if (repeatable.matches()) {
            String suffix = ".verify".equalsIgnoreCase(repeatable.group(2)) ? Part.VERIFY.suffix : ".sql";
            return new Broken("is not R__{name}.sql", "R__" + clean(repeatable.group(1)) + suffix);
        }
        Matcher nearly = NEARLY.matcher(fileName);
        if (nearly.matches()) {
            String part = nearly.group(3);
            String name = nearly.group(2).isEmpty() ? "name" : clean(nearly.group(2));
            if (part == null && nearestPart(name) != Part.BOTH) {
                part = name;
                name = "name";
            }
            String suffix = part == null ? ".up.sql" : nearestPart(part).suffix;
            return new Broken("is not {version}_{name}.up.sql", nearly.group(1) + "_" + name + suffix);
        }
        String stem = fileName.substring(0, fileName.length() - ".sql".length());
        Part part = Part.UP;
        for (Part candidate : new Part[] {Part.UP, Part.DOWN, Part.VERIFY}) {
            if (fileName.toLowerCase(Locale.ROOT).endsWith(candidate.suffix)) {
                stem = fileName.substring(0, fileName.length() - candidate.suffix.length());
                part = candidate;
            }
        }
        String version = TIMESTAMP.format(clock.instant());
        return new Broken("has no version", version + "_" + clean(stem) + part.suffix);
    }

    /** The name with everything but letters and digits as single underscores. */
    static String clean(String name) {
        String cleaned = name.replaceAll("[^\\p{L}\\p{N}]+", "_").replaceAll("^_+|_+$", "");
        return cleaned.isEmpty() ? "name" : cleaned;
    }

    /** The part that a misspelt suffix most likely means; BOTH when it resembles none. */
    private static Part nearestPart(String suffix) {
        String lower = suffix.toLowerCase(Locale.ROOT);
        for (Part part : new Part[] {Part.UP, Part.DOWN, Part.VERIFY}) {
            String word = part.name().toLowerCase(Locale.ROOT);
            if (lower.equals(word)
                    || (word.length() > 2 && EditDistance.between(lower, word) == 1)
                    || (lower.length() <= word.length() + 2 && lower.startsWith(word.substring(0, 2)))) {
                return part;
            }
        }
        return lower.equals("undo") || lower.equals("rollback") || lower.equals("revert") ? Part.DOWN : Part.BOTH;
    }
}
