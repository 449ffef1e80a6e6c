package io.confiture.build;

import io.confiture.error.ConfitureException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.AsyncCall;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fresh databases with the same content, in the time that the server takes to copy one. The content is made once for each
 * key, in a template database that stays on the server, by whichever thread of whichever process comes first; the others
 * wait for it. Then each database is a clone: one call on a connection that is kept.
 *
 * <p>The key must change whenever the content does: {@link #key} makes one of the hash of a schema, a seed profile and
 * whatever else goes in. A template that is only half made is never used. What is set for a database as a whole
 * ({@code ALTER DATABASE … SET}, grants on it) is not part of a clone.
 *
 * <p>The role that logs in needs CREATEDB, nothing else. Databases belong to the role that sessions take on, if one is set. Of other databases only those of Confiture are ever dropped: a template by its
 * name and its comment, a clone by its name, which is {@code confiture_fresh_}, the second at which it was made as ten
 * digits, {@code _} and 13 random characters. Thread-safe; {@link #close()} gives the kept connections back and leaves templates and clones.
 *
 * @since 0.1.0
 */
public final class TemplateDatabases implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TemplateDatabases.class);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration LEFT_BEHIND = Duration.ofDays(1);
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final String IN_USE = "55006";
    private static final int ATTEMPTS_IN_USE = 40;

    private final ConnectionSource server;
    private final ConnectionSource maintenance;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final Map<String, CompletableFuture<String>> templates = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private TemplateDatabases(ConnectionSource server) {
        this.server = server;
        this.maintenance = TemplateBuild.maintenance(server);
    }

    /**
     * On the server of a database, whose encoding and locale the databases get.
     *
     * @throws io.confiture.error.ConfigurationException if another database of that server cannot be reached from it
     * @throws io.confiture.error.DatabaseConnectionException if the server cannot be reached
     */
    public static TemplateDatabases on(ConnectionSource server) {
        return new TemplateDatabases(Objects.requireNonNull(server, "server"));
    }

    /** See {@link #on(ConnectionSource)}. */
    public static TemplateDatabases on(DataSource server) {
        return on(ConnectionSource.of(server));
    }

    /** See {@link #on(ConnectionSource)}. */
    public static TemplateDatabases on(String url) {
        return on(ConnectionSource.of(url));
    }

    /** A key of whatever decides the content; of a schema and its seeds, {@link #key(SchemaBuilder)} is one. */
    public static String key(@Nullable Object... parts) {
        StringBuilder key = new StringBuilder();
        for (Object part : parts) {
            String text = String.valueOf(part);
            key.append(text.length()).append(':').append(text).append(' ');
        }
        return key.toString().trim();
    }

    /**
     * The key of what {@link SchemaBuilder#execute} makes: another one whenever a source is another, seeds among them, and for
     * another profile of seeds. Reads all sources.
     */
    public static String key(SchemaBuilder schema) {
        return key("schema", SchemaHash.of(schema.findSqlFiles(), HashAlgorithm.SHA256));
    }

    /**
     * A new database with the content of a key.
     *
     * @param key stands for the content, on this server and for everybody; any text
     * @param content makes it, where there is no template of that key yet; called by one thread of one process
     * @throws SchemaException if the template cannot be made. It is tried once by this object: later calls say so at once,
     *     unless it was cancelled, or the content ended with an {@link Error}, which is thrown as it is
     * @throws io.confiture.error.DatabaseConnectionException if the server cannot be reached
     */
    public FreshDatabase create(String key, DatabaseContent content) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        String name = TemplateNames.clone(System.currentTimeMillis(), ThreadLocalRandom.current());
        ConnectionSource source = server.toDatabase(name);
        String template = template(key, content);
        try {
            clone(name, template);
        } catch (SQLException e) {
            if (!ServerError.of(e).is(NO_SUCH_DATABASE)) {
                throw notCloned(e);
            }
            // Somebody has dropped it meanwhile.
            templates.remove(key);
            cloneAgain(name, template(key, content));
        }
        return new FreshDatabase(this, name, source);
    }

    /** {@link #create} on a thread of the executor. Cancelling it ends the wait for a template that others make. */
    public CompletableFuture<FreshDatabase> createAsync(String key, DatabaseContent content, Executor executor) {
        return AsyncCall.start("a fresh database", executor, () -> create(key, content));
    }

    private void cloneAgain(String name, String template) {
        try {
            clone(name, template);
        } catch (SQLException e) {
            throw notCloned(e);
        }
    }

    private void clone(String name, String template) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                execute("CREATE DATABASE " + name + " TEMPLATE " + template + TemplateBuild.owner(server));
                return;
            } catch (SQLException e) {
                // Nobody can connect to a template, but somebody may just be dropping or finishing it.
                if (!ServerError.of(e).is(IN_USE) || attempt == ATTEMPTS_IN_USE) {
                    throw e;
                }
                TemplateBuild.pause(attempt);
            }
        }
    }

    /** The name of the template, made first if it has to be. Whoever comes meanwhile waits; whoever comes later is told. */
    private String template(String key, DatabaseContent content) {
        CompletableFuture<String> mine = new CompletableFuture<>();
        for (CompletableFuture<String> known = templates.putIfAbsent(key, mine);
                known != null;
                known = templates.putIfAbsent(key, mine)) {
            String template = TemplateBuild.await(known, key);
            if (template != null) {
                return template;
            }
        }
        try {
            String template = new TemplateBuild(server, maintenance, key).require(content);
            mine.complete(template);
            return template;
        } catch (RuntimeException | Error e) {
            if (e instanceof SchemaException schema && schema.code() == ErrorCode.TEMPLATE_FAILED) {
                mine.completeExceptionally(e);
            } else {
                // Not the content's fault: the next one may have more luck.
                templates.remove(key, mine);
                mine.completeExceptionally(e);
            }
            throw e;
        }
    }

    /**
     * Drops what is out of use, unless somebody is connected to it: templates that are older than {@code age}, and clones
     * and unfinished templates older than that and than a day. This happens by itself, with an age of seven days, whenever
     * a template is made.
     *
     * @return the names of the databases that were dropped
     */
    public List<String> dropStale(Duration age) {
        return TemplateBuild.dropStale(maintenance, age, age.compareTo(LEFT_BEHIND) > 0 ? age : LEFT_BEHIND);
    }

    /** How long templates are kept when nobody says otherwise. */
    static Duration kept() {
        return KEPT;
    }

    static Duration leftBehind() {
        return LEFT_BEHIND;
    }

    void drop(String name) {
        try {
            execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "The database {} could not be dropped and is left on the server: {}",
                    name,
                    Secrets.mask(String.valueOf(e.getMessage())));
        }
    }

    private void execute(String sql) throws SQLException {
        Connection connection = idle.poll();
        if (connection != null && ended(connection)) {
            connection = null;
        }
        if (connection == null) {
            connection = maintenance.connect();
        }
        boolean usable = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            usable = true;
        } catch (SQLException e) {
            usable = !ServerError.of(e).connectionLost();
            throw e;
        } finally {
            if (usable && !closed) {
                idle.push(connection);
            } else {
                connection.close();
            }
        }
    }

    private static boolean ended(Connection connection) throws SQLException {
        return connection.isClosed();
    }

    private ConfitureException notCloned(SQLException failure) {
        ServerError error = ServerError.of(failure);
        if (error.is("42501")) {
            return TemplateBuild.mayNotCreate(failure);
        }
        return new SchemaException(
                ErrorCode.TEMPLATE_FAILED,
                "No database could be cloned: " + Secrets.mask(error.message())
                        + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]"),
                error.hint(),
                Secrets.mask(failure));
    }

    /** Gives the kept connections back. Databases that were handed out stay until they are closed. */
    @Override
    public void close() {
        closed = true;
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("Closing a broken connection failed", e);
            }
        }
    }
}
