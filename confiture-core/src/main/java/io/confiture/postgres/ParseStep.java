package io.confiture.postgres;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.jdbc.PreferQueryMode;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What the server says of a statement that it parses and does not run.
 *
 * @param verdict what is known of its syntax
 * @param error what the server has said; null if nothing, or if it was not asked
 * @since 0.1.0
 */
public record ParseStep(Verdict verdict, @Nullable ServerError error) {
    private static final Set<String> GRAMMAR = Set.of("gram.y", "scan.l", "parser.c");

    /** What is known of the syntax of a statement. */
    public enum Verdict {
        /** It is right; whether the statement can run is another question. */
        ACCEPTED,
        /** It is wrong. */
        SYNTAX_ERROR,
        /** The server has objected in a way that tells nothing of the syntax. */
        UNKNOWN
    }

    /**
     * Has the server parse a statement. Outside of a transaction, which an error would end. Locks of tables that a query
     * names are asked for, and given back at once.
     *
     * @param sql one statement, without a parameter such as {@code $1}, with which the driver would lose its way
     * @throws SQLException if the connection breaks or the call is cancelled
     */
    public static ParseStep of(Session session, String sql) throws SQLException {
        BaseConnection connection = session.sharedConnection().unwrap(BaseConnection.class);
        QueryExecutor executor = connection.getQueryExecutor();
        int flags = QueryExecutor.QUERY_DESCRIBE_ONLY
                | QueryExecutor.QUERY_ONESHOT
                | QueryExecutor.QUERY_SUPPRESS_BEGIN
                | QueryExecutor.QUERY_NO_BINARY_TRANSFER;
        PreferQueryMode mode = executor.getPreferQueryMode();
        Query query = executor.createSimpleQuery(sql);
        try {
            if (query.getSubqueries() != null) {
                // The driver takes it for more than one.
                return new ParseStep(Verdict.UNKNOWN, null);
            }
            // In the simple mode, which a URL may ask for, the driver would run it.
            executor.setPreferQueryMode(PreferQueryMode.EXTENDED);
            executor.execute(query, null, new ErrorsOnly(), 0, 0, flags);
            return new ParseStep(Verdict.ACCEPTED, null);
        } catch (SQLException e) {
            ServerError error = ServerError.of(e);
            if (error.connectionLost() || error.is("57014") || !error.fromServer()) {
                throw e;
            }
            return new ParseStep(verdict(e), error);
        } finally {
            executor.setPreferQueryMode(mode);
            query.close();
        }
    }

    /** The grammar comes first: whoever complains behind it has let the syntax pass. */
    private static Verdict verdict(SQLException failure) {
        ServerErrorMessage message = failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
        String file = message == null ? null : message.getFile();
        if (file == null) {
            return Verdict.UNKNOWN;
        }
        if (!GRAMMAR.contains(file.substring(file.lastIndexOf('/') + 1))) {
            return Verdict.ACCEPTED;
        }
        return "42601".equals(failure.getSQLState()) ? Verdict.SYNTAX_ERROR : Verdict.UNKNOWN;
    }

    /** Nothing is run that could warn, or return a row. */
    private static final class ErrorsOnly extends ResultHandlerBase {
        @Override
        public void handleWarning(SQLWarning warning) {}
    }
}
