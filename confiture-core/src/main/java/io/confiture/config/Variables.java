package io.confiture.config;

import io.confiture.error.ConfigurationException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts variables of the environment in the place of {@code ${NAME}} and {@code ${NAME:default}}. */
final class Variables {
    private static final Pattern FORM = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::(.*))?", Pattern.DOTALL);
    private static final String FORMS = "Write ${NAME} or ${NAME:default}.";

    private final Function<String, @Nullable String> environment;

    Variables(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    static boolean areIn(Node.Scalar scalar) {
        return scalar.text().contains("${");
    }

    /** What was put in is not looked at again. */
    Node.Scalar expand(Node.Scalar scalar) {
        return expand(scalar, (name, otherwise) -> {
            String value = environment.apply(name);
            if (value != null) {
                return value;
            }
            if (otherwise == null) {
                throw scalar.position()
                        .error(
                                "the environment variable " + name + " is not set",
                                "Set it, or write ${" + name + ":default}.");
            }
            return otherwise;
        });
    }

    /** Refuses what cannot be read, whatever is set. */
    static void check(Node.Scalar scalar) {
        expand(scalar, (name, otherwise) -> "");
    }

    private interface Lookup {
        String value(String name, @Nullable String otherwise);
    }

    private static Node.Scalar expand(Node.Scalar scalar, Lookup lookup) {
        String text = scalar.text();
        StringBuilder expanded = new StringBuilder();
        int from = 0;
        for (int start = text.indexOf("${"); start >= 0; start = text.indexOf("${", from)) {
            int end = text.indexOf('}', start);
            if (end < 0) {
                throw unreadable(scalar, "a ${ without a }");
            }
            if (start > from && text.charAt(start - 1) == '$') {
                throw unreadable(scalar, "$${, which some tools read as ${ and others as a dollar and a variable");
            }
            Matcher form = FORM.matcher(text.substring(start + 2, end));
            if (!form.matches()) {
                throw unreadable(scalar, "a ${ that no name of a variable follows");
            }
            String otherwise = form.group(2);
            if (otherwise != null && otherwise.contains("${")) {
                throw unreadable(scalar, "a variable within the default of ${" + form.group(1) + "…}");
            }
            if (otherwise != null && otherwise.matches("(?s)[-=?+].*")) {
                throw unreadable(scalar, "a form of the shell, ${" + form.group(1) + ":" + otherwise.charAt(0) + "…}");
            }
            expanded.append(text, from, start).append(lookup.value(form.group(1), otherwise));
            from = end + 1;
        }
        return from == 0
                ? scalar
                : new Node.Scalar(expanded.append(text.substring(from)).toString(), false, scalar.position());
    }

    private static ConfigurationException unreadable(Node.Scalar scalar, String what) {
        return scalar.position().error("cannot be read: " + what, FORMS);
    }
}
