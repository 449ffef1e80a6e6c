package io.confiture.migrate;

import java.time.Clock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads file names as Flyway does, and Confiture's own beside them. */
final class FlywayFileName {
    private static final String VERSION = "(\\d+(?:[._]\\d+)*)";
    private static final Pattern FORM = Pattern.compile("([VUB])" + VERSION + "__(.+)\\.sql");
    private static final Pattern NEARLY =
            Pattern.compile("(?i)([VUB]?)[ _-]*" + VERSION + "(?:[_ -]+(.*?))?[_ -]*(?:\\.(?:up|down))?\\.sql");
    private static final String CONFIGURATION = ".sql.conf";

    private FlywayFileName() {}

    /** Whether it holds settings of a script, which Flyway reads beside it. */
    static boolean isConfiguration(String fileName) {
        int at = fileName.length() - CONFIGURATION.length();
        return at >= 0 && fileName.regionMatches(true, at, CONFIGURATION, 0, CONFIGURATION.length());
    }

    /** Reads the name of a script, or of the settings of one. */
    static MigrationFileName parse(String fileName, Clock clock) {
        if (isConfiguration(fileName)) {
            return new MigrationFileName.Broken(
                    "holds settings of a script, which are not read",
                    "no such file: statements that cannot run in a transaction are found without it, and a script that"
                            + " commits by itself says so in its first line, -- confiture: transactional=false");
        }
        Matcher matcher = FORM.matcher(fileName);
        if (matcher.matches()) {
            String text = matcher.group(2).replace('_', '.');
            Version version = Version.parse(text).orElseThrow();
            return new MigrationFileName.Valid(text, version, matcher.group(3), part(matcher.group(1)), true);
        }
        MigrationFileName own = MigrationFileName.parse(fileName, clock);
        Matcher nearly = NEARLY.matcher(fileName);
        // 1__create.sql is more likely a V1__create.sql than a file with both parts.
        boolean lostItsLetter = fileName.matches("\\d+__.*\\.sql");
        if ((own instanceof MigrationFileName.Broken || lostItsLetter) && nearly.matches()) {
            return new MigrationFileName.Broken("is no name of a migration", nearest(nearly));
        }
        return own;
    }

    private static MigrationFileName.Part part(String prefix) {
        return switch (prefix) {
            case "U" -> MigrationFileName.Part.DOWN;
            case "B" -> MigrationFileName.Part.BASELINE;
            default -> MigrationFileName.Part.UP;
        };
    }

    private static String nearest(Matcher nearly) {
        String prefix = nearly.group(1).isEmpty() ? "V" : nearly.group(1).toUpperCase(java.util.Locale.ROOT);
        String name = nearly.group(3) == null || nearly.group(3).isEmpty() ? "name" : nearly.group(3);
        return prefix + nearly.group(2) + "__" + name + ".sql";
    }
}
