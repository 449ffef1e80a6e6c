package io.confiture.postgres;

import java.sql.SQLException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks passwords in text that people will read: statements, connection URLs and what server and driver say of them.
 * Rather masks too much than too little.
 *
 * @since 0.1.0
 */
public final class Secrets {
    private static final String MASK = "***";

    // A name in quotes and its value behind a comma or colon: set_config('a.password', 's'), {"password": "s"}.
    private static final Pattern NAMED = Pattern.compile(
            "(?is)(password(?:'+\\s*[,:]|\"\\s*:)\\s*)"
                    + "(?:(?<quotes>''+).+?(?:\\k<quotes>|$)|E?(?<quote>')[^'\\\\]*+(?:(?:''|\\\\.)[^'\\\\]*+)*+(?:'|$)|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+(?:\"|$))");

    // Between the keyword and its literal may stand quotes of the keyword, an assignment, blanks and comments. A quote
    // may be doubled (once for each literal around it), escaped, or cut off.
    private static final Pattern LITERAL = Pattern.compile(
            "(?is)(password(?!(?:'+|\")\\s*[,:])\"?(?:\\s|/\\*.*?\\*/|--[^\\n]*\\n)*=?\\s*)"
                    + "(?:(?<quotes>''+).+?(?:\\k<quotes>|$)|(?:E|U&|N)?'[^'\\\\]*+(?:(?:''|\\\\.)[^'\\\\]*+)*+(?:'|$)|\\$(?<tag>\\w*)\\$.*?(?:\\$\\k<tag>\\$|$))");

    // key=value of a connection string or the query of a URL, the value perhaps in (doubled or escaped) quotes.
    private static final Pattern ASSIGNED =
            Pattern.compile("(?is)((?:ssl)?password\\s*=\\s*)(?:('').*?(?:''|$)|[^\\s'\"&;]+)");

    private static final Pattern USER_INFO = Pattern.compile("(?i)(postgres(?:ql)?:/+[^\\s:/@'\"]*:)[^\\s'\"]*(@)");

    // The driver knows no user in front of the host, and tells all of it as the name of a host that does not exist.
    private static final Pattern USER_OF_HOST =
            Pattern.compile("((?:^|\\()[\\w.+-]+:)[^\\s/'\"@()][^\\s'\"@()]*(@[^\\s'\"()]+(?:$|\\)))");

    private Secrets() {}

    /** The text with every password replaced by asterisks. */
    public static String mask(String text) {
        String masked = ASSIGNED.matcher(text).replaceAll(found -> {
            String quote = found.group(2) == null ? "" : "''";
            return Matcher.quoteReplacement(found.group(1) + quote + MASK + quote);
        });
        masked = NAMED.matcher(masked).replaceAll(found -> {
            String quote = found.group(2) != null ? found.group(2) : found.group(3) != null ? "'" : "\"";
            return Matcher.quoteReplacement(found.group(1) + quote + MASK + quote);
        });
        masked = LITERAL.matcher(masked).replaceAll(found -> {
            // As it was quoted, so that the text around it still reads as before.
            String quote = found.group(2) == null ? "'" : found.group(2);
            return Matcher.quoteReplacement(found.group(1) + quote + MASK + quote);
        });
        masked = USER_INFO.matcher(masked).replaceAll("$1" + MASK + "$2");
        return USER_OF_HOST.matcher(masked).replaceAll("$1" + MASK + "$2");
    }

    /** The failure itself, or one that says the same without the password that it or a cause of it tells. */
    public static SQLException mask(SQLException failure) {
        return mask(failure, Secrets::mask);
    }

    /** The failure itself, or one that says the same without the password that it or a cause of it tells. */
    public static Throwable mask(Throwable failure) {
        if (!tells(failure, Secrets::mask)) {
            return failure;
        }
        RuntimeException masked = new IllegalStateException(mask(failure.toString()));
        masked.setStackTrace(failure.getStackTrace());
        return masked;
    }

    /** The failure itself, or one that says what {@code mask} leaves of its text. */
    public static SQLException mask(SQLException failure, UnaryOperator<String> mask) {
        if (!tells(failure, mask)) {
            return failure;
        }
        SQLException masked = new SQLException(
                mask.apply(String.valueOf(failure.getMessage())), failure.getSQLState(), failure.getErrorCode());
        masked.setStackTrace(failure.getStackTrace());
        return masked;
    }

    private static boolean tells(Throwable failure, UnaryOperator<String> mask) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (!mask.apply(message).equals(message)) {
                return true;
            }
        }
        return false;
    }
}
