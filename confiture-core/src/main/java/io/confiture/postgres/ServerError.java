package io.confiture.postgres;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What is known of a failure of the server or the driver.
 *
 * @param sqlState SQLSTATE, or null for a failure that has none
 * @param message the primary message, one line
 * @param detail the server's detail, or null
 * @param hint the server's hint, or null
 * @param position 1-based position in characters within the statement sent, or null
 * @param copyLine 1-based line within the COPY data, or null
 * @param fromServer whether the server has said it, or a pooler in front of it, rather than the driver
 * @param fatal whether the connection ended with it, as far as whoever said so speaks English
 * @since 0.1.0
 */
public record ServerError(
        @Nullable String sqlState,
        String message,
        @Nullable String detail,
        @Nullable String hint,
        @Nullable Integer position,
        @Nullable Integer copyLine,
        boolean fromServer,
        boolean fatal) {

    // Whatever language the server speaks, the context of a COPY error names table and line in this order.
    private static final Pattern COPY_CONTEXT = Pattern.compile("^COPY [^,]+, [^ ,:]+ (\\d+)", Pattern.MULTILINE);

    /** Reads the first failure of a chain that the server reported, else the first there is. */
    public static ServerError of(SQLException failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof UnansweredCommit commit) {
                // Whatever the server has said: it may have said so after the commit.
                return ofDriver(commit);
            }
            if (t instanceof PSQLException e && e.getServerErrorMessage() != null) {
                return of(e.getServerErrorMessage(), e);
            }
        }
        return ofDriver(failure);
    }

    private static ServerError ofDriver(SQLException failure) {
        return new ServerError(
                failure.getSQLState(), firstLine(rootMessage(failure)), null, null, null, null, false, false);
    }

    private static ServerError of(ServerErrorMessage server, PSQLException e) {
        String message = server.getMessage();
        Integer copyLine = null;
        if (server.getWhere() != null) {
            Matcher matcher = COPY_CONTEXT.matcher(server.getWhere());
            if (matcher.find()) {
                copyLine = Integer.valueOf(matcher.group(1));
            }
        }
        return new ServerError(
                server.getSQLState(),
                message == null ? firstLine(String.valueOf(e.getMessage())) : message,
                server.getDetail(),
                server.getHint(),
                server.getPosition() > 0 ? server.getPosition() : null,
                copyLine,
                true,
                "FATAL".equals(server.getSeverity()));
    }

    private static String rootMessage(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        for (Throwable t = failure.getCause(); t != null; t = t.getCause()) {
            if (t.getMessage() != null) {
                message = t instanceof SQLException ? t.getMessage() : message + " (" + t.getMessage() + ")";
            }
        }
        return message;
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** Whether the SQLSTATE is this one. */
    public boolean is(String state) {
        return state.equals(sqlState);
    }

    /** Whether the connection is gone, so that the server has rolled back what was open on it. */
    public boolean connectionLost() {
        if (sqlState == null) {
            return false;
        }
        // A server that says 08 speaks of a connection of its own: to a publisher, through dblink or a foreign table.
        // Where that is the end, a pooler has given up ours.
        return sqlState.startsWith("57P0")
                || is("25P03")
                || is("25P04")
                || ((fatal || !fromServer) && sqlState.startsWith("08"));
    }

    /** Whether the connection is gone and a COMMIT was sent on it that had no answer: it took effect, or did not. */
    public boolean commitUnanswered() {
        return !fromServer && is(UnansweredCommit.SQL_STATE);
    }

    /** Whether the same work may succeed when done again: lock not available, deadlock, serialization failure. */
    public boolean retryable() {
        return is("55P03") || is("40P01") || is("40001");
    }
}
