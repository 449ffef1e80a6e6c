package io.confiture.build;

import io.confiture.config.Config;
import io.confiture.config.SeedConfig;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.AsyncCall;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.ScratchDatabase;
import io.confiture.postgres.Secrets;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.ServerFacts;
import io.confiture.postgres.Session;
import io.confiture.postgres.SessionSettings;
import io.confiture.resource.FolderContents;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads seed data: the {@code *.sql} files of the seed directories, in the order of the directories and by name within
 * each, of which a profile selects some. Many rows in INSERTs go through COPY where that gives the same table contents.
 * Everything is read before anything runs. Immutable and thread-safe; files are read anew by each call.
 *
 * <p>What is committed together, the configuration says ({@link SeedConfig}): all files as one ({@code CONCATENATE}; the
 * first failure undoes all), or {@code SEQUENTIAL}: in one transaction with a savepoint for each file, or each file in a
 * transaction of its own. A failure stops and is thrown; with {@code continueOnError} the file is undone, reported, and the
 * others go on. Between sequential files the settings that one has made are undone.
 *
 * @since 0.1.0
 */
public final class SeedLoader {
    private static final Logger log = LoggerFactory.getLogger(SeedLoader.class);
    private static final SessionSettings.Ours OURS = new SessionSettings.Ours(Duration.ofSeconds(5), "Confiture seeds");

    private final Config config;
    private final SeedConfig seeds;
    private final @Nullable ClassLoader classLoader;
    private final boolean once;

    private SeedLoader(Config config, SeedConfig seeds, @Nullable ClassLoader classLoader, boolean once) {
        this.config = config;
        this.seeds = seeds;
        this.classLoader = classLoader;
        this.once = once;
    }

    public static SeedLoader of(Config config) {
        return new SeedLoader(config, config.seeds(), null, false);
    }

    /** The same with another profile; null for all files. */
    public SeedLoader withProfile(@Nullable String profile) {
        SeedConfig changed = new SeedConfig(
                seeds.dirs(),
                seeds.executionMode(),
                seeds.continueOnError(),
                seeds.transactionMode(),
                seeds.profiles(),
                profile);
        return new SeedLoader(config, changed, classLoader, once);
    }

    /** The same, with folders of {@code classpath:} found by this class loader instead of the calling thread's. */
    public SeedLoader withClassLoader(ClassLoader loader) {
        return new SeedLoader(config, seeds, loader, once);
    }

    /**
     * The same, loading each file once: what was loaded is recorded beside the data, in the table {@code tb_confiture_seed}
     * of the schema that is current when the call begins. Loading the same files again changes nothing and reports
     * {@link SeedFileResult.Outcome#ALREADY_LOADED}; a file whose text has changed since fails, because what its former
     * text has left cannot be told.
     */
    public SeedLoader once() {
        return new SeedLoader(config, seeds, classLoader, true);
    }

    /**
     * The files that would be loaded, in order.
     *
     * @throws ConfigurationException if a directory is missing or nothing is named like the profile
     */
    public List<SchemaFile> files() {
        FolderContents contents = new FolderContents(classLoader);
        return new SeedFiles(config, seeds, contents, new Folders(config, contents)).find(new HashSet<>());
    }

    /** See {@link #load(ConnectionSource)}. */
    public SeedReport load(DataSource dataSource) {
        return load(ConnectionSource.of(dataSource));
    }

    /** See {@link #load(ConnectionSource)}. The connection gets its settings back and is not closed. */
    public SeedReport load(Connection connection) {
        return load(ConnectionSource.of(connection));
    }

    /**
     * Loads the files.
     *
     * @return what became of each; every file is loaded, unless the configuration says to go on behind failures
     * @throws SeedException if a file fails and that stops the run; its report says what is in the database
     * @throws io.confiture.error.SqlScriptException if a file cannot be read as statements or holds one that cannot run in a
     *     transaction; nothing was run
     * @throws DatabaseConnectionException if there is no connection, or it broke
     */
    public SeedReport load(ConnectionSource source) {
        List<SchemaFile> files = files();
        files.forEach(SeedCheck::require);
        try (Session session = Session.open(source)) {
            ServerFacts facts = ServerFacts.read(session);
            session.begin(OURS, session.driverPid() != facts.backendPid());
            SeedRun run = new SeedRun(session, seeds, once, currentSchema(facts));
            SeedReport report = run.run(files);
            SeedScript.Stop stopped = run.stopped();
            if (stopped != null) {
                throw failed(stopped, report);
            }
            report.failed().forEach(file -> log.warn("A seed file was not loaded: {}", file.failure()));
            log.info(
                    "Loaded {} of {} seed files, {} rows, in {} ms",
                    report.files().size() - report.failed().size(),
                    report.files().size(),
                    report.rows(),
                    report.duration().toMillis());
            return report;
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    /** {@link #load(ConnectionSource)} on a thread of the executor; cancelling it cancels the statement in the server. */
    public CompletableFuture<SeedReport> loadAsync(ConnectionSource source, Executor executor) {
        Objects.requireNonNull(source, "source");
        return AsyncCall.start("loading of seeds", executor, () -> load(source));
    }

    /**
     * Loads the files into a scratch database that is dropped afterwards, and tells every row that the server refuses, not
     * only the first: foreign keys, unique and NOT NULL and other constraints, values that do not fit. What refers to a
     * row that is refused is refused, too. Files are loaded as one, whatever the configuration says.
     *
     * @param server leads to the server on which the scratch database is made; its own database is not touched
     * @param schema makes the tables, as {@code database -> SchemaBuilder.of(config).execute(database,
     *     ExecuteOptions.defaults().withSeeds(false))} or with migrations
     * @throws SchemaException if there is no scratch database to be had, or the schema cannot be made
     * @throws io.confiture.error.SqlScriptException if a file cannot be read as statements or holds one that cannot run in a
     *     transaction
     */
    public SeedValidation validate(ConnectionSource server, DatabaseContent schema) {
        List<SchemaFile> files = files();
        files.forEach(SeedCheck::require);
        try (ScratchDatabase scratch = ScratchDatabase.create(server)) {
            try {
                schema.create(scratch.source().asDataSource());
            } catch (ConfitureException e) {
                throw e;
            } catch (Exception e) {
                throw new SchemaException(
                        ErrorCode.SCHEMA_INVALID,
                        "The schema for the validation of seeds cannot be made: "
                                + Secrets.mask(String.valueOf(e.getMessage())) + ". Nothing is left of it",
                        null,
                        Secrets.mask(e));
            }
            return validate(scratch.source(), files);
        }
    }

    private static SeedValidation validate(ConnectionSource scratch, List<SchemaFile> files) {
        try (Session session = Session.open(scratch)) {
            session.begin(OURS, false);
            session.beginTransaction();
            List<SeedFailure> failures = new ArrayList<>();
            long statements = 0;
            long rows = 0;
            for (SchemaFile file : files) {
                SeedScript script = new SeedScript(session, file, failures::add, null);
                script.run();
                statements += script.statements();
                rows += script.rows();
            }
            if (!files.isEmpty()) {
                try {
                    session.execute("SET CONSTRAINTS ALL IMMEDIATE");
                } catch (SQLException e) {
                    SeedFailures.requireGoingOn(e);
                    failures.add(SeedFailures.ofDeferred(files.get(files.size() - 1), e));
                }
            }
            session.rollback();
            return new SeedValidation(files.size(), statements, rows, failures);
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    /** {@link #validate} on a thread of the executor; cancelling it cancels the statement in the server. */
    public CompletableFuture<SeedValidation> validateAsync(
            ConnectionSource server, DatabaseContent schema, Executor executor) {
        return AsyncCall.start("validation of seeds", executor, () -> validate(server, schema));
    }

    private String currentSchema(ServerFacts facts) {
        String schema = facts.currentSchema();
        if (schema == null && once) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "There is no current schema for the record of loaded seeds. Nothing was loaded",
                    "Set search_path for the role or the database.");
        }
        return schema == null ? "" : schema;
    }

    private static SeedException failed(SeedScript.Stop stopped, SeedReport report) {
        String state = report.files().stream().anyMatch(file -> file.outcome() == SeedFileResult.Outcome.LOADED)
                ? "The files before it are loaded"
                : "Nothing is loaded";
        return BuildFailure.ofSeeds("Seeds could not be loaded:", stopped, state, report);
    }

    static ConfitureException broken(SQLException failure) {
        ServerError error = ServerError.of(failure);
        String said = Secrets.mask(error.message()) + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]");
        if (error.connectionLost()) {
            return new DatabaseConnectionException(
                    ErrorCode.CONNECTION_FAILED,
                    "The connection broke while seeds were loaded: " + said
                            + (error.commitUnanswered()
                                    ? ". It broke before the answer to COMMIT came: what was being committed is loaded as"
                                            + " a whole, or not at all"
                                    : ". What was not committed is rolled back"),
                    "Look at the data, and load again.",
                    Secrets.mask(failure));
        }
        return new SchemaException(
                error.is("57014") ? ErrorCode.CANCELLED : ErrorCode.SEED_FAILED,
                "Seeds could not be loaded: " + said + ". What was not committed is rolled back",
                error.hint(),
                Secrets.mask(failure));
    }
}
