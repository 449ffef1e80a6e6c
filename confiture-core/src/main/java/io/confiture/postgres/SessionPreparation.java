package io.confiture.postgres;

import io.confiture.error.ConfigurationException;
import io.confiture.error.EditDistance;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.error.MigrationException.Place;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done to each connection before anything else.
 *
 * @param initSql statements of the user's, run first and as the role that has logged in; never shown, since it may hold
 *     a secret
 * @param role the role to take on then
 * @since 0.1.0
 */
public record SessionPreparation(
        @Nullable String initSql, @Nullable String role) {
    /** Nothing is done. */
    public static final SessionPreparation NONE = new SessionPreparation(null, null);

    boolean isNone() {
        return initSql == null && role == null;
    }

    /**
     * Takes effect on a session, whose settings before were read.
     *
     * @throws ConfigurationException behind a transaction pooler, where neither would last
     */
    void apply(Session session, SessionSettings before) throws SQLException {
        requireOneServerSession(session);
        if (initSql != null) {
            before.remember(session, initSql);
            runInitSql(session, initSql);
        }
        if (role != null) {
            takeOn(session, role);
        }
    }

    /** Keeps the custom settings of the init SQL through what a script does to the session. */
    void keep(Session session, SessionSettings settings) throws SQLException {
        if (initSql != null) {
            settings.remember(session, initSql);
        }
    }

    private static void requireOneServerSession(Session session) throws SQLException {
        int backendPid = session.query("SELECT pg_catalog.pg_backend_pid()", rs -> rs.getInt(1))
                .get(0);
        if (backendPid != session.driverPid()) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "Init SQL or a role is set, and the connection goes through a transaction pooler, where neither"
                            + " lasts from one transaction to the next. Nothing was done",
                    "Migrate past the pooler (confiture.url); or log in as that role, and set with ALTER ROLE … IN"
                            + " DATABASE … SET what the init SQL sets.");
        }
    }

    private static void runInitSql(Session session, String sql) throws SQLException {
        try {
            session.execute(sql);
        } catch (SQLException e) {
            ServerError error = ServerError.of(e);
            if (error.connectionLost()) {
                throw e;
            }
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The init SQL failed: " + error.message() + " [" + error.sqlState() + "]"
                            + (error.position() == null ? "" : " at its character " + error.position())
                            + ". Nothing was migrated",
                    "Correct confiture.init-sql (MigratorBuilder.initSql without Spring).",
                    e);
        }
        if (session.inTransaction()) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The init SQL leaves a transaction open. Nothing was migrated",
                    "Leave BEGIN out of confiture.init-sql (MigratorBuilder.initSql without Spring).");
        }
    }

    private static void takeOn(Session session, String role) throws SQLException {
        try {
            session.execute("SET ROLE " + Identifiers.quote(role));
        } catch (SQLException e) {
            ServerError error = ServerError.of(e);
            if (error.is("42501")) {
                throw new MigrationException(
                        ErrorCode.INSUFFICIENT_PRIVILEGE,
                        "The role " + role + " cannot be taken on: " + error.message() + " [42501]. Nothing was done",
                        "GRANT " + Identifiers.quote(role) + " TO the role that logs in, or migrate as a member of it"
                                + " (confiture.username).",
                        new Place(null, null, null, null, null, null, error.sqlState()),
                        e);
            }
            if (error.is("22023")) {
                throw new ConfigurationException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "The role " + role + " does not exist. Nothing was done",
                        hint(session, role),
                        e);
            }
            throw e;
        }
    }

    private static String hint(Session session, String role) throws SQLException {
        List<String> roles = session.query(
                "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname NOT LIKE 'pg\\_%'"
                        + " AND pg_catalog.pg_has_role(oid, 'MEMBER') ORDER BY 1",
                rs -> rs.getString(1));
        return "Correct confiture.role (MigratorBuilder.role without Spring)"
                + roles.stream()
                        .min(Comparator.comparingInt(other -> EditDistance.between(role, other)))
                        .map(nearest -> "; the nearest that can be taken on is " + nearest + ".")
                        .orElse(", or create the role.");
    }
}
