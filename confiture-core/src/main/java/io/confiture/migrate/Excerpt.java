package io.confiture.migrate;

import io.confiture.sql.SqlStatement;
import java.util.regex.Pattern;

/** A statement for messages: bounded, and without the passwords that some statements spell out. */
final class Excerpt {
    private static final Pattern PASSWORD_LITERAL =
            Pattern.compile("(?i)(password['\"]?\\s*[=,]?\\s*)(E?'(?:[^']|'')*'?)");
    private static final Pattern PASSWORD_IN_CONNINFO = Pattern.compile("(?i)(password\\s*=\\s*)([^\\s'\"]+)");

    private Excerpt() {}

    static String of(SqlStatement statement) {
        return withoutPasswords(statement.excerpt());
    }

    static String withoutPasswords(String text) {
        String masked = PASSWORD_LITERAL.matcher(text).replaceAll("$1'***'");
        return PASSWORD_IN_CONNINFO.matcher(masked).replaceAll("$1***");
    }
}
