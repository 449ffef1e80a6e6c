package io.confiture.postgres;

import io.confiture.error.DatabaseConnectionException;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** The connections of a source for whoever wants a data source; a new one each time. */
final class SourceDataSource extends AbstractDataSource {
    private final ConnectionSource source;

    SourceDataSource(ConnectionSource source) {
        this.source = source;
    }

    ConnectionSource source() {
        return source;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return source.connect();
        } catch (DatabaseConnectionException e) {
            throw e.getCause() instanceof SQLException sql ? sql : new SQLException(e.getMessage(), "08001", e);
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLException("Connections are of one user, " + source);
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
