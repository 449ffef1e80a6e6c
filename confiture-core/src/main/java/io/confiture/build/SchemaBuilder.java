package io.confiture.build;

import io.confiture.config.Config;
import io.confiture.config.SeedConfig;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.postgres.AsyncCall;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.DatabaseUrl;
import io.confiture.postgres.Session;
import io.confiture.resource.FolderContents;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Builds a fresh schema from its sources: as text, as a hash, or on a database. Immutable and thread-safe; sources are read
 * anew by each call.
 *
 * @since 0.1.0
 */
public final class SchemaBuilder {
    private final Config config;
    private final FolderContents contents;

    private SchemaBuilder(Config config, @Nullable ClassLoader classLoader) {
        this.config = config;
        this.contents = new FolderContents(classLoader);
    }

    /**
     * For the environment that the variable {@code CONFITURE_ENV} names, else {@code local}, of the project in the folder that
     * {@code CONFITURE_PROJECT_DIR} names, else the working directory.
     *
     * @throws io.confiture.error.ConfigurationException if there is no configuration, or it is wrong
     */
    public static SchemaBuilder forEnvironment() {
        return of(Config.load());
    }

    /**
     * For an environment of the project in the folder that {@code CONFITURE_PROJECT_DIR} names, else the working directory.
     *
     * @throws io.confiture.error.ConfigurationException if there is no such environment, or its configuration is wrong
     */
    public static SchemaBuilder forEnvironment(String name) {
        return of(Config.load(name));
    }

    /** For settings that are there already. Sources of {@code classpath:} are found by the class loader of this thread. */
    public static SchemaBuilder of(Config config) {
        return new SchemaBuilder(config, null);
    }

    /** The same, with sources of {@code classpath:} found by this class loader instead of the calling thread's. */
    public SchemaBuilder withClassLoader(ClassLoader loader) {
        return new SchemaBuilder(config, loader);
    }

    /** The settings it builds by. */
    public Config config() {
        return config;
    }

    /**
     * The sources in the order of the build: schema, with seeds where their folders come, then those of the seed
     * directories.
     *
     * @throws io.confiture.error.ConfigurationException if a folder is missing that must be there
     * @throws io.confiture.error.SchemaException if there is no file at all
     */
    public List<SchemaFile> findSqlFiles() {
        return new SchemaFiles(config, contents).find();
    }

    /** The SHA-256 of the sources, as 64 hexadecimal digits. See {@link #computeHash(HashAlgorithm)}. */
    public String computeHash() {
        return computeHash(HashAlgorithm.SHA256);
    }

    /**
     * The hash of the sources in hexadecimal digits. The same for the same names, texts and order, wherever they lie and
     * however they were checked out: a byte order mark and the kind of line ends do not move it, nor do settings of the
     * output. Seeds count only if the configuration says so.
     */
    public String computeHash(HashAlgorithm algorithm) {
        return SchemaHash.of(SchemaOutput.hashed(findSqlFiles(), config.build().hashSeeds()), algorithm);
    }

    /** The text of the schema, with seeds. See {@link #build(BuildOptions)}. */
    public String build() {
        return build(BuildOptions.defaults());
    }

    /**
     * The text of the schema: a header with environment, number of files and hash, then each file behind a comment that names
     * it. The same sources give the same text, byte for byte, on every machine: lines end with a line feed, also within
     * literals. A last statement without semicolon gets one. Commands of psql and the rows of COPY stay as they are; the text
     * is meant for psql. Nothing is written anywhere.
     *
     * @throws io.confiture.error.SqlScriptException if a file ends within a literal, a comment or the rows of a COPY, so that
     *     it would swallow the next one
     * @throws io.confiture.error.SchemaException if there is no file, or one that cannot be read or is not UTF-8
     * @throws io.confiture.error.ConfigurationException if a folder is missing that must be there
     */
    public String build(BuildOptions options) {
        return output(options).inMemory();
    }

    /** As {@link #build()}, on a thread of the executor. */
    public CompletableFuture<String> buildAsync(Executor executor) {
        return buildAsync(executor, BuildOptions.defaults());
    }

    /** As {@link #build(BuildOptions)}, on a thread of the executor; the future fails with what that one throws. */
    public CompletableFuture<String> buildAsync(Executor executor, BuildOptions options) {
        return AsyncCall.start("build()", executor, () -> build(options));
    }

    /** As {@link #writeTo(Path, BuildOptions)}, with seeds. */
    public void writeTo(Path path) {
        writeTo(path, BuildOptions.defaults());
    }

    /**
     * Writes the text that {@link #build(BuildOptions)} gives, in memory bounded by the largest single statement. Folders are
     * created as needed. The file is there as a whole or not at all, and replaces one that an earlier build has written; any
     * other file at the path is left alone.
     *
     * @throws io.confiture.error.SchemaException also if the path holds a file of somebody's own
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public void writeTo(Path path, BuildOptions options) {
        output(options).to(path);
    }

    /** As {@link #writeTo(OutputStream, BuildOptions)}, with seeds. */
    public void writeTo(OutputStream out) {
        writeTo(out, BuildOptions.defaults());
    }

    /**
     * Writes the text that {@link #build(BuildOptions)} gives, in memory bounded by the largest single statement. The stream is
     * flushed and not closed. When this throws, a part may have been written.
     *
     * @throws java.io.UncheckedIOException if the stream fails
     */
    public void writeTo(OutputStream out, BuildOptions options) {
        output(options).to(out);
    }

    /** As {@link #execute(Connection, ExecuteOptions)}, with seeds, in one transaction, dropping nothing. */
    public BuildResult execute(Connection connection) {
        return execute(connection, ExecuteOptions.defaults());
    }

    /**
     * Runs the schema on a database: every statement of every source in order, over one connection, by default in one
     * transaction, so that it is built as a whole or not at all. What a file sets, such as {@code search_path}, holds for those
     * behind it, as it would in psql. Rows of COPY go from file to server as a stream.
     *
     * <p>All sources are read before the first statement runs: a statement that cannot run as asked for is refused with its
     * place, and so is a schema whose objects the server has no room to lock in one transaction. No lock keeps others from
     * doing the same at once; {@code Migrator} takes one when it builds an empty database.
     *
     * <p>Seeds are loaded as their settings say ({@link SeedConfig}), many rows in INSERTs through COPY where that gives the
     * same table contents. What commits seed files by themselves, or goes on behind one that fails, is refused where all is one
     * transaction.
     *
     * <p>{@link ExecuteOptions#dropExisting()} drops, within the same transaction, what lives in these schemas and nothing
     * else: the schemas themselves stay with their owners and grants, so do extensions; a ledger of migrations in them goes. If
     * anything outside depends on it, nothing is dropped. A protected database must be confirmed by its name.
     *
     * <p>The connection stays open and is given back as it came: auto-commit, role, {@code search_path} and the rest.
     *
     * @throws io.confiture.error.SchemaException if a statement fails, with its place and the state of the database, or is
     *     refused; also if the connection has a transaction open
     * @throws io.confiture.error.SqlScriptException if a source cannot be read as statements
     * @throws SeedException if a seed file fails that is loaded by itself; its report says what is in the database
     * @throws io.confiture.error.ConfigurationException if a folder is missing, what is there may not be dropped, or seeds
     *     cannot be loaded as their settings say
     * @throws io.confiture.error.DatabaseConnectionException if the connection breaks
     */
    public BuildResult execute(Connection connection, ExecuteOptions options) {
        return run(options).on(ConnectionSource.of(connection));
    }

    /** As {@link #execute(Connection)}, on a connection of the data source. */
    public BuildResult execute(DataSource dataSource) {
        return execute(dataSource, ExecuteOptions.defaults());
    }

    /** As {@link #execute(Connection, ExecuteOptions)}, on a connection of the data source. */
    public BuildResult execute(DataSource dataSource, ExecuteOptions options) {
        return execute(ConnectionSource.of(dataSource), options);
    }

    /** As {@link #execute(Connection, ExecuteOptions)}, on a connection of the source. */
    public BuildResult execute(ConnectionSource source, ExecuteOptions options) {
        return run(options).on(source);
    }

    /**
     * As {@link #execute(ConnectionSource, ExecuteOptions)}, on a scratch database, with seeds: in one transaction, or around
     * what no transaction may hold in several. Where seeds have transactions of their own they get savepoints instead.
     *
     * @throws io.confiture.error.SchemaException also if a statement {@linkplain io.confiture.sql.BeyondDatabase reaches
     *     beyond the database}, to roles or the settings of the server for example; nothing was run then. What {@code DO},
     *     {@code CALL} and functions do is not seen
     */
    public BuildResult executeOnScratch(ConnectionSource scratch) {
        List<SchemaFile> sources = findSqlFiles();
        ExecuteOptions options = SchemaReach.of(sources).onScratch();
        SeedConfig seeds = SeedTransactions.undivided(config.seeds());
        return new SchemaRun(parts(sources, true), seeds, options, config.isProtected()).on(scratch);
    }

    /** As {@link #execute(String, ExecuteOptions)}, with seeds, in one transaction, dropping nothing. */
    public BuildResult execute(String environment) {
        return execute(environment, ExecuteOptions.defaults());
    }

    /**
     * As {@link #execute(Connection, ExecuteOptions)}, on the database of an environment of the same project. Only the database
     * is that environment's, and whether it is protected; what is built is what this builder's settings say.
     *
     * @throws io.confiture.error.ConfigurationException also if there is no such environment, or it names no database
     */
    public BuildResult execute(String environment, ExecuteOptions options) {
        Config target = Config.load(config.projectDir(), environment);
        DatabaseUrl database = target.database();
        if (database == null) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The environment " + environment + " names no database. Nothing was run",
                    "Write its database into the configuration, or hand over a DataSource.");
        }
        boolean guarded = config.isProtected() || target.isProtected();
        return run(options, guarded).on(ConnectionSource.of(database.jdbc()));
    }

    /** As {@link #execute(DataSource, ExecuteOptions)}, on a thread of the executor; cancelling ends the server's statement. */
    public CompletableFuture<BuildResult> executeAsync(
            Executor executor, DataSource dataSource, ExecuteOptions options) {
        return executeAsync(executor, ConnectionSource.of(dataSource), options);
    }

    /** As {@link #execute(Connection, ExecuteOptions)}, on a thread of the executor; cancelling ends the server's statement. */
    public CompletableFuture<BuildResult> executeAsync(
            Executor executor, Connection connection, ExecuteOptions options) {
        return executeAsync(executor, ConnectionSource.of(connection), options);
    }

    private CompletableFuture<BuildResult> executeAsync(
            Executor executor, ConnectionSource source, ExecuteOptions options) {
        return AsyncCall.start("execute()", executor, () -> execute(source, options));
    }

    /**
     * As {@link #execute(Connection, ExecuteOptions)}, within the transaction that is open on a session, which goes on: for
     * those who do more in it. What the sources set in the session stays set.
     *
     * @throws IllegalArgumentException if the options ask for more than one transaction
     */
    public BuildResult executeWithin(Session session, ExecuteOptions options) {
        return run(options).within(session);
    }

    /** The text in three parts, by who runs it, with seeds. See {@link #split(BuildOptions)}. */
    public PrivilegeSplit split() {
        return split(BuildOptions.defaults());
    }

    /**
     * The text in three parts, by who runs it: a superuser before the application's own role, that role, a superuser after it.
     *
     * @throws io.confiture.error.ConfigurationException if a folder that the split names holds no file
     */
    public PrivilegeSplit split(BuildOptions options) {
        List<SchemaFile> sources = findSqlFiles();
        return PrivilegeSplit.of(sources, wanted(sources, options.seeds()), config);
    }

    /**
     * Validates the sources, seeds included, by their text alone. What text cannot know is not guessed: the outcome is never OK,
     * and the report names what was not checked.
     *
     * @throws io.confiture.error.SchemaException if there is no file, or one cannot be read
     * @throws io.confiture.error.ConfigurationException if a folder is missing that must be there
     */
    public SchemaReport validate() {
        return new SourceCheck(config.build().twoPass()).check(findSqlFiles());
    }

    /** As {@link #validate()}, on a thread of the executor. */
    public CompletableFuture<SchemaReport> validateAsync(Executor executor) {
        return AsyncCall.start("validate()", executor, () -> validate());
    }

    /**
     * As {@link #validate()}, then with a server. It parses each statement without running it, which gives exact syntax errors
     * and nothing else. If the options ask for it and all can be parsed, the schema is built in a scratch database, which is
     * dropped: then the outcome is OK or FAILED. The database of the source is not changed.
     *
     * @param source leads to any database of the server; a scratch database needs a role that may create databases
     * @throws io.confiture.error.SchemaException also if the role may not create a scratch database
     * @throws io.confiture.error.DatabaseConnectionException if the server cannot be reached, or the connection breaks
     */
    public SchemaReport validate(ConnectionSource source, ValidationOptions options) {
        List<SchemaFile> files = wanted(findSqlFiles(), options.seeds());
        SchemaReport byText = new SourceCheck(config.build().twoPass()).check(files);
        boolean readable = byText.checked().contains(SchemaCheck.TEXT);
        return new SchemaValidation(files, readable ? passed(files) : files, config.seeds(), byText)
                .with(source, options.build());
    }

    /** As {@link #validate(ConnectionSource, ValidationOptions)}, on a connection of the data source. */
    public SchemaReport validate(DataSource dataSource, ValidationOptions options) {
        return validate(ConnectionSource.of(dataSource), options);
    }

    /**
     * As {@link #validate(ConnectionSource, ValidationOptions)}, on a thread of the executor; cancelling ends the server's
     * statement.
     */
    public CompletableFuture<SchemaReport> validateAsync(
            Executor executor, ConnectionSource source, ValidationOptions options) {
        return AsyncCall.start("validate()", executor, () -> validate(source, options));
    }

    private SchemaRun run(ExecuteOptions options) {
        return run(options, config.isProtected());
    }

    private SchemaRun run(ExecuteOptions options, boolean guarded) {
        List<SchemaFile> files = parts(findSqlFiles(), options.seeds());
        SeedTransactions.requirePossible(config.seeds(), files, options.transaction());
        return new SchemaRun(files, config.seeds(), options, guarded);
    }

    private SchemaOutput output(BuildOptions options) {
        List<SchemaFile> sources = findSqlFiles();
        return new SchemaOutput(
                new SchemaText(config), sources, config.build().hashSeeds(), parts(sources, options.seeds()));
    }

    /** What is built and run. */
    private List<SchemaFile> parts(List<SchemaFile> sources, boolean seeds) {
        return passed(wanted(sources, seeds));
    }

    private static List<SchemaFile> wanted(List<SchemaFile> sources, boolean seeds) {
        return seeds ? sources : sources.stream().filter(file -> !file.seed()).toList();
    }

    /** Foreign keys last, if they are to be added last. */
    private List<SchemaFile> passed(List<SchemaFile> files) {
        return config.build().twoPass() ? ForeignKeyPass.over(files).files() : files;
    }
}
