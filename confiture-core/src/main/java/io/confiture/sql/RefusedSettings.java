package io.confiture.sql;

import io.confiture.error.ErrorCode;
import io.confiture.sql.StatementEffect.Refused;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings without which the connection, the reading of scripts or the migration lock would be lost. */
final class RefusedSettings {
    private static final Set<String> TRUE = Set.of("on", "true", "tru", "tr", "t", "yes", "ye", "y", "1", "default");

    private static final Set<String> UTF_8 = Set.of("utf8", "unicode", "default", "");

    private RefusedSettings() {}

    static Refused discardAll() {
        return refused(
                "DISCARD ALL drops the migration lock",
                "Remove it; the session is reset after each migration. DISCARD PLANS, SEQUENCES and TEMP are allowed.");
    }

    /** What is wrong with giving a setting this value, or null. */
    static @Nullable Refused check(String setting, String value) {
        return switch (setting.toLowerCase(Locale.ROOT)) {
            case "client_encoding" ->
                isUtf8(value)
                        ? null
                        : refused(
                                "client_encoding " + value + ", with which the driver closes the connection",
                                "Save the script in UTF-8 and remove the statement; PostgreSQL converts to the encoding of the"
                                        + " database by itself.");
            case "datestyle" ->
                isIso(value)
                        ? null
                        : refused(
                                "DateStyle " + value + ", with which the driver closes the connection",
                                "Write dates as 2026-12-31. Only their order may be set, as in SET DateStyle = 'ISO, DMY'.");
            case "standard_conforming_strings" ->
                TRUE.contains(value.toLowerCase(Locale.ROOT))
                        ? null
                        : refused(
                                "standard_conforming_strings " + value + ", with which literals end elsewhere",
                                "Remove the statement and write literals with backslash escapes as E'…'.");
            default -> null;
        };
    }

    /** The server compares letters and digits only. */
    private static boolean isUtf8(String encoding) {
        return UTF_8.contains(encoding.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
    }

    /** Words that are no style say the order of day and month, which the driver does not mind. */
    private static boolean isIso(String dateStyle) {
        return List.of(dateStyle.toLowerCase(Locale.ROOT).split("[,\\s]+")).stream()
                .noneMatch(word -> word.equals("sql") || word.equals("german") || word.startsWith("postgres"));
    }

    private static Refused refused(String problem, String hint) {
        return new Refused(ErrorCode.REFUSED_SETTING, problem, hint);
    }
}
