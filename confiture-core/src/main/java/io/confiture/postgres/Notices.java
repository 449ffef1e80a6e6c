package io.confiture.postgres;

import java.sql.SQLWarning;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server says beside the results of a session's statements: logged, and handed to whoever listens. Used by the
 * session's thread.
 *
 * @since 0.1.0
 */
public final class Notices {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /** Is told each of them as it comes. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Takes one.
         *
         * @param warning whether the server warns; otherwise it only notes
         */
        void said(boolean warning, String text);
    }

    private UnaryOperator<String> readable = UnaryOperator.identity();
    private @Nullable Listener listener;

    Notices() {}

    /** Has them logged and told as {@code change} leaves them. */
    public void showAs(UnaryOperator<String> change) {
        this.readable = change;
    }

    /** Tells them to somebody from now on; null for nobody. */
    public void listen(@Nullable Listener toTell) {
        this.listener = toTell;
    }

    void log(@Nullable SQLWarning first) {
        for (SQLWarning notice = first; notice != null; notice = notice.getNextWarning()) {
            String state = notice.getSQLState();
            String text = readable.apply(String.valueOf(notice.getMessage()));
            boolean warning = state != null && state.startsWith("01");
            if (warning) {
                log.warn("{}", text);
            } else {
                log.debug("{}", text);
            }
            if (listener != null) {
                listener.said(warning, text);
            }
        }
    }
}
