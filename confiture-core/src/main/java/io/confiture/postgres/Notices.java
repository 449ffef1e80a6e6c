package io.confiture.postgres;

import java.sql.SQLWarning;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what the server says beside the results. */
final class Notices {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    private UnaryOperator<String> readable = UnaryOperator.identity();

    void showAs(UnaryOperator<String> change) {
        this.readable = change;
    }

    void log(@Nullable SQLWarning first) {
        for (SQLWarning notice = first; notice != null; notice = notice.getNextWarning()) {
            String state = notice.getSQLState();
            String text = readable.apply(String.valueOf(notice.getMessage()));
            if (state != null && state.startsWith("01")) {
                log.warn("{}", text);
            } else {
                log.debug("{}", text);
            }
        }
    }
}
