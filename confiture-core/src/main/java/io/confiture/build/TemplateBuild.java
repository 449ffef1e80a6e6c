package io.confiture.build;

import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.AdvisoryLock;
import io.confiture.postgres.Cancellation;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.DatabaseLocale;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import io.confiture.postgres.SessionPreparation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the template of one key, if nobody has: under an advisory lock, in a database with another name, which gets the
 * template's name as the last step. So a template that has its name is whole, whatever happens to the lock.
 */
final class TemplateBuild {
    private static final Logger log = LoggerFactory.getLogger(TemplateBuild.class);
    private static final long LONGEST_PAUSE_MILLIS = 250;
    private static final int ATTEMPTS_TO_END_SESSIONS = 100;
    private static final String EXISTS_ALREADY = "42P04";

    private static final String STALE = """
            SELECT d.datname, d.datistemplate FROM pg_catalog.pg_database d WHERE \
            NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid) AND \
            CASE WHEN d.datname ~ '^confiture_fresh_[0-9]{10}_[01][0-9a-z]{12}$' \
            THEN pg_catalog.split_part(d.datname, '_', 3)::bigint < pg_catalog.date_part('epoch', pg_catalog.now()) - ? \
            WHEN d.datname ~ '^confiture_(template|unfinished)_' \
            AND pg_catalog.starts_with(pg_catalog.shobj_description(d.oid, 'pg_database'), ?) \
            THEN pg_catalog.substr(pg_catalog.shobj_description(d.oid, 'pg_database'), ?)::bigint \
            < pg_catalog.date_part('epoch', pg_catalog.now()) \
            - CASE WHEN d.datname ~ '^confiture_template_' THEN ? ELSE ? END \
            ELSE false END ORDER BY 1""";

    private final ConnectionSource server;
    private final ConnectionSource maintenance;
    private final String key;

    TemplateBuild(ConnectionSource server, ConnectionSource maintenance, String key) {
        this.server = server;
        this.maintenance = maintenance;
        this.key = key;
    }

    /**
     * What stands behind CREATE DATABASE: it belongs to the role that sessions take on, which need not be allowed to make
     * one. The role that logs in makes it.
     */
    static String owner(ConnectionSource server) {
        String role = server.preparation().role();
        return role == null ? "" : " OWNER " + Identifiers.quote(role);
    }

    /** Where all processes meet: advisory locks are of one database. */
    static ConnectionSource maintenance(ConnectionSource prepared) {
        ConnectionSource server = prepared.with(SessionPreparation.NONE, 0);
        ConnectionSource postgres = server.toDatabase("postgres");
        try {
            postgres.release(postgres.connect());
            return postgres;
        } catch (DatabaseConnectionException | SQLException e) {
            // Not everybody may go there, or it was dropped. The own database is the next best place.
            log.debug("Templates are made from the database itself: {}", e.getMessage());
            try (Session session = Session.open(server)) {
                return server.toDatabase(session.query("SELECT pg_catalog.current_database()", rs -> rs.getString(1))
                        .get(0));
            } catch (SQLException failure) {
                throw failed(failure);
            }
        }
    }

    /** How the template, which exists now, is cloned: what stands behind TEMPLATE. */
    String require(DatabaseContent content) {
        try {
            String locale = locale();
            String digest = TemplateNames.digest(TemplateDatabases.key(key, locale));
            try (Session session = Session.open(maintenance)) {
                if (!exists(session, digest)) {
                    require(session, digest, locale, content);
                }
                return TemplateNames.TEMPLATE + digest + strategy(session);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private String locale() throws SQLException {
        try (Session session = Session.open(server)) {
            return DatabaseLocale.read(session).toString();
        }
    }

    /**
     * To copy files is several times faster than to log each page (from version 15 the server does that unless told
     * otherwise), but costs two checkpoints and a flush of each file where the server cares to survive a crash.
     */
    private static String strategy(Session session) throws SQLException {
        return session.query(
                        "SELECT CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 150000"
                                + " AND pg_catalog.current_setting('fsync') = 'off' THEN ' STRATEGY FILE_COPY' ELSE '' END",
                        rs -> rs.getString(1))
                .get(0);
    }

    private static boolean exists(Session session, String digest) throws SQLException {
        return !session.query(
                        "SELECT 1 FROM pg_catalog.pg_database WHERE datname = ?",
                        rs -> rs.getInt(1),
                        TemplateNames.TEMPLATE + digest)
                .isEmpty();
    }

    private void require(Session session, String digest, String locale, DatabaseContent content) throws SQLException {
        int pid = session.query("SELECT pg_catalog.pg_backend_pid()", rs -> rs.getInt(1))
                .get(0);
        try (AdvisoryLock lock =
                AdvisoryLock.ofSession(session, AdvisoryLock.key("confiture template " + digest), pid)) {
            for (int attempt = 1; !lock.tryAcquire(); attempt++) {
                pause(attempt);
            }
            if (!exists(session, digest)) {
                make(session, digest, locale, content);
            }
        }
    }

    private void make(Session session, String digest, String locale, DatabaseContent content) throws SQLException {
        long start = System.nanoTime();
        dropStale(session, TemplateDatabases.kept(), TemplateDatabases.leftBehind());
        String name = TemplateNames.unfinished(digest, ThreadLocalRandom.current());
        try {
            session.execute("CREATE DATABASE " + name + " TEMPLATE template0 " + locale + owner(server));
            session.execute("COMMENT ON DATABASE " + name + " IS '" + TemplateNames.MARK
                    + System.currentTimeMillis() / 1000 + "'");
            fill(name, content);
            endSessions(session, name);
            session.execute("ALTER DATABASE " + name + " WITH IS_TEMPLATE true");
            session.execute("ALTER DATABASE " + name + " RENAME TO " + TemplateNames.TEMPLATE + digest);
            log.info(
                    "Made the template database {}{} in {} ms",
                    TemplateNames.TEMPLATE,
                    digest,
                    (System.nanoTime() - start) / 1_000_000);
        } catch (SQLException | RuntimeException | Error e) {
            drop(session, name);
            // Behind another database of the server, where this lock is not seen, somebody was faster.
            if (!(e instanceof SQLException sql && ServerError.of(sql).is(EXISTS_ALREADY))) {
                throw e;
            }
        }
    }

    private void fill(String name, DatabaseContent content) {
        try {
            content.create(server.toDatabase(name).asDataSource());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(e);
        } catch (Exception e) {
            if (e instanceof ConfitureException passing && !isOfContent(passing)) {
                throw passing;
            }
            throw new SchemaException(
                    ErrorCode.TEMPLATE_FAILED,
                    "The template database for " + key + " could not be made. It is dropped, nothing is left. What"
                            + " failed: " + Secrets.mask(String.valueOf(e.getMessage())),
                    "Correct what fills it; until then no database of this key can be had.",
                    Secrets.mask(e));
        }
    }

    /** Whether it would fail again; not so if it was cancelled or the server was away. */
    private static boolean isOfContent(ConfitureException failure) {
        return failure.code() != ErrorCode.CANCELLED && !(failure instanceof DatabaseConnectionException);
    }

    /** A pool of the content may still hold connections, and a database that somebody is connected to cannot be cloned. */
    private static void endSessions(Session session, String name) throws SQLException {
        session.execute("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false");
        for (int attempt = 1; attempt <= ATTEMPTS_TO_END_SESSIONS; attempt++) {
            int open = session.query(
                            "SELECT count(pg_catalog.pg_terminate_backend(a.pid)) FROM pg_catalog.pg_stat_activity a"
                                    + " WHERE a.datname = ? AND a.backend_type = 'client backend'",
                            rs -> rs.getInt(1),
                            name)
                    .get(0);
            if (open == 0) {
                return;
            }
            pause(attempt);
        }
    }

    private static void drop(Session session, String name) {
        try {
            session.uncancelled(() -> {
                // So it is if it was whole and could not get its name; the server drops no template.
                if (!session.query(
                                "SELECT 1 FROM pg_catalog.pg_database WHERE datname = ? AND datistemplate",
                                rs -> rs.getInt(1),
                                name)
                        .isEmpty()) {
                    session.execute("ALTER DATABASE " + name + " WITH IS_TEMPLATE false");
                }
                session.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
                return true;
            });
        } catch (SQLException e) {
            log.warn(
                    "The unfinished template {} could not be dropped and is left on the server: {}",
                    name,
                    Secrets.mask(String.valueOf(e.getMessage())));
        }
    }

    static List<String> dropStale(ConnectionSource maintenance, Duration templates, Duration others) {
        try (Session session = Session.open(maintenance)) {
            return dropStale(session, templates, others);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private record Stale(String name, boolean template) {}

    private static List<String> dropStale(Session session, Duration templates, Duration others) throws SQLException {
        List<String> dropped = new ArrayList<>();
        for (Stale stale : session.query(
                STALE,
                rs -> new Stale(rs.getString(1), rs.getBoolean(2)),
                others.toSeconds(),
                TemplateNames.MARK,
                TemplateNames.MARK.length() + 1,
                templates.toSeconds(),
                others.toSeconds())) {
            String name = Identifiers.quote(stale.name());
            try {
                if (stale.template()) {
                    session.execute("ALTER DATABASE " + name + " WITH IS_TEMPLATE false");
                }
                // Without FORCE: the server refuses it while somebody is connected or clones it.
                session.execute("DROP DATABASE IF EXISTS " + name);
                dropped.add(stale.name());
            } catch (SQLException e) {
                if (ServerError.of(e).connectionLost() || ServerError.of(e).is("57014")) {
                    throw e;
                }
                log.debug("{} stays: {}", name, e.getMessage());
            }
        }
        if (!dropped.isEmpty()) {
            log.info("Dropped databases that nobody has used for long: {}", String.join(", ", dropped));
        }
        return dropped;
    }

    /** The template that another thread makes; null if that was cancelled, which concerns nobody else. */
    static @Nullable String await(CompletableFuture<String> template, String key) {
        try {
            return template.isDone() ? template.join() : Cancellation.interruptibly(() -> get(template));
        } catch (CompletionException e) {
            Throwable first = e.getCause() == null ? e : e.getCause();
            if (first instanceof ConfitureException passing && !isOfContent(passing)) {
                if (passing.code() == ErrorCode.CANCELLED) {
                    return null;
                }
                throw passing;
            }
            String said = first instanceof Error ? Secrets.mask(first.toString()) : String.valueOf(first.getMessage());
            // One of a thousand tests tells it in full.
            throw new SchemaException(
                    ErrorCode.TEMPLATE_FAILED,
                    "There is no template database for " + key + ": to make it has failed before, with "
                            + said.lines().findFirst().orElse(""),
                    "Look at the first failure; the others follow from it.");
        } catch (InterruptedException e) {
            throw cancelled(e);
        }
    }

    private static String get(CompletableFuture<String> template) throws InterruptedException {
        try {
            return template.get();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    static void pause(int attempt) {
        long bound = Math.min(LONGEST_PAUSE_MILLIS, 5L << Math.min(attempt, 10));
        try {
            Cancellation.interruptibly(() -> {
                Thread.sleep(bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1));
                return true;
            });
        } catch (InterruptedException e) {
            throw cancelled(e);
        }
    }

    private static SchemaException cancelled(InterruptedException reason) {
        return new SchemaException(
                ErrorCode.CANCELLED,
                "Cancelled or interrupted while a template database was made or waited for. Nothing was created",
                null,
                reason);
    }

    static ConfitureException mayNotCreate(SQLException failure) {
        return new SchemaException(
                ErrorCode.INSUFFICIENT_PRIVILEGE,
                "The role may not create databases: " + ServerError.of(failure).message()
                        + " [42501]. Nothing was created",
                "ALTER ROLE … CREATEDB for the role that logs in; or give the URL of a server of your own, such as one for"
                        + " tests.",
                failure);
    }

    private static ConfitureException failed(SQLException failure) {
        ServerError error = ServerError.of(failure);
        String said = Secrets.mask(error.message()) + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]");
        if (error.connectionLost()) {
            return new DatabaseConnectionException(
                    ErrorCode.CONNECTION_FAILED,
                    "The connection broke while a template database was made: " + said,
                    "Start again; what may be left of it is dropped later.",
                    Secrets.mask(failure));
        }
        if (error.is("42501")) {
            return mayNotCreate(failure);
        }
        return new SchemaException(
                error.is("57014") ? ErrorCode.CANCELLED : ErrorCode.TEMPLATE_FAILED,
                "No template database could be made: " + said + ". None is left",
                error.hint(),
                Secrets.mask(failure));
    }
}
