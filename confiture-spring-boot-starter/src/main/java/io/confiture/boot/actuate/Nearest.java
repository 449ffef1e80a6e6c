package io.confiture.boot.actuate;

import io.confiture.error.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** Refuses a name that does not exist, and tells the one that was probably meant. */
final class Nearest {
    private Nearest() {}

    /** A name in the path; over HTTP this is 404. */
    static final class NoSuchResource extends InvalidEndpointRequestException {
        private static final long serialVersionUID = 1L;

        private NoSuchResource(String message) {
            super(message, message);
        }
    }

    static NoSuchResource noSuchResource(String what, String name, Collection<String> valid) {
        return new NoSuchResource(message(what, name, valid));
    }

    static InvalidEndpointRequestException invalid(String what, String name, Collection<String> valid) {
        String message = message(what, name, valid);
        return new InvalidEndpointRequestException(message, message);
    }

    /** What is not short is no typing error, and is not worth repeating. */
    static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private static String message(String what, String name, Collection<String> valid) {
        String shown = shortened(name);
        String start = "There is no " + what + " '" + shown + "'";
        return valid.stream()
                .min(Comparator.comparingInt((String candidate) -> EditDistance.between(shown, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .map(nearest -> start + "; the nearest is '" + nearest + "' of "
                        + String.join(", ", valid.stream().sorted().limit(20).toList()))
                .orElse(start);
    }
}
