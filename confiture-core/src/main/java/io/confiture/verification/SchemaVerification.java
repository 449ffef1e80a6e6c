package io.confiture.verification;

import io.confiture.build.SchemaBuilder;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.migrate.InitialBuild;
import io.confiture.migrate.InitialSchema;
import io.confiture.migrate.Migrator;
import io.confiture.postgres.AsyncCall;
import io.confiture.postgres.ConnectionSource;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the schema's files make, what the migrations make, and what a live database is. Immutable and thread-safe.
 *
 * <p>What has to be made is made on scratch databases, on the server of the live one or on another, and dropped whatever
 * comes of it; the role needs the right to create databases there. A schema or migration with a statement that
 * {@linkplain io.confiture.sql.BeyondDatabase reaches beyond its database} is not run at all, and the comparison not made.
 * What {@code DO} blocks, functions and migrations in Java do is not seen, and takes effect on that server. Hooks and
 * listeners of the migrator are not called. The migrator's own tables never count.
 *
 * @since 0.1.0
 */
public final class SchemaVerification {
    private final @Nullable SchemaBuilder builder;
    private final Migrator migrator;
    private final ConnectionSource live;
    private final ConnectionSource server;

    private SchemaVerification(
            @Nullable SchemaBuilder builder, Migrator migrator, ConnectionSource live, ConnectionSource server) {
        this.builder = builder;
        this.migrator = Objects.requireNonNull(migrator, "migrator");
        this.live = Objects.requireNonNull(live, "live");
        this.server = Objects.requireNonNull(server, "server");
    }

    /** For the database of the migrator, and scratch databases beside it. */
    public static SchemaVerification of(SchemaBuilder builder, Migrator migrator) {
        return of(builder, migrator, migrator.source());
    }

    /**
     * For the database of the migrator, reached in another way than the migrator does.
     *
     * @param source leads to the database of the migrator, and to other databases of its server
     */
    public static SchemaVerification of(SchemaBuilder builder, Migrator migrator, ConnectionSource source) {
        return new SchemaVerification(Objects.requireNonNull(builder, "builder"), migrator, source, source);
    }

    /** Without the schema's files, which not every application carries: for comparisons with the two other expectations. */
    public static SchemaVerification of(Migrator migrator) {
        return new SchemaVerification(null, migrator, migrator.source(), migrator.source());
    }

    /** The same, with scratch databases on another server, such as one for tests, of the same version best. */
    public SchemaVerification withScratchServer(ConnectionSource other) {
        return new SchemaVerification(builder, migrator, live, other);
    }

    /** The schema's files as what an empty database is built from; see {@link Migrator#baselineFrom}. */
    public static InitialSchema initialSchema(SchemaBuilder builder) {
        return new SchemaFilesAtStart(builder);
    }

    /**
     * Builds the database from the schema's files if it is empty, and records all versioned migrations; see
     * {@link Migrator#baselineFrom}. {@link Migrator#applyAll()} is to follow, whatever came of it.
     */
    public InitialBuild startFromSchema() {
        return migrator.baselineFrom(initialSchema(builder()));
    }

    /** As {@link #startFromSchema()}, on a thread of the executor. */
    public CompletableFuture<InitialBuild> startFromSchemaAsync(Executor executor) {
        return AsyncCall.start("startFromSchema()", executor, this::startFromSchema);
    }

    /**
     * Builds the schema on one scratch database, applies all migrations to another, and compares. If nothing differs and the
     * migrator's database was built from this schema, the proof is recorded there.
     *
     * @throws io.confiture.error.SchemaException if the schema cannot be built, or reaches beyond its database, or a scratch
     *     database cannot be created
     * @throws io.confiture.error.MigrationException if the migrations cannot be applied to an empty database, or reach beyond
     *     it; nothing is known of equivalence then
     */
    public EquivalenceReport verifyEquivalence() {
        return new EquivalenceCheck(builder(), migrator, server).run();
    }

    /** As {@link #verifyEquivalence()}, on a thread of the executor. */
    public CompletableFuture<EquivalenceReport> verifyEquivalenceAsync(Executor executor) {
        return AsyncCall.start("verifyEquivalence()", executor, this::verifyEquivalence);
    }

    /** Compares the live database with the schema's files; see {@link #drift(DriftOptions)}. */
    public DriftReport drift() {
        return drift(DriftOptions.schema());
    }

    /**
     * Compares the live database with what is expected of it. Takes no lock and changes nothing; works on a read-only
     * standby if scratch databases are made elsewhere, or none is needed. What keeps the comparison from being made is told
     * in the report.
     *
     * @throws io.confiture.error.ConfitureException if the call was cancelled
     */
    public DriftReport drift(DriftOptions options) {
        return new DriftCheck(builder, migrator, live, server, options).run();
    }

    /** As {@link #drift()}, on a thread of the executor. */
    public CompletableFuture<DriftReport> driftAsync(Executor executor) {
        return driftAsync(executor, DriftOptions.schema());
    }

    /** As {@link #drift(DriftOptions)}, on a thread of the executor. */
    public CompletableFuture<DriftReport> driftAsync(Executor executor, DriftOptions options) {
        return AsyncCall.start("drift()", executor, () -> drift(options));
    }

    /**
     * Writes the catalog that the schema's files make, for {@link DriftOptions#expected}: at build time, where a scratch
     * database may be created. The same files on the same version of the server give the same bytes.
     *
     * @param file written as a whole or not at all; folders are created as needed
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public void writeExpected(Path file) {
        writeExpected(file, DriftOptions.Against.SCHEMA);
    }

    /**
     * Writes the catalog that the schema's files or the migrations make.
     *
     * @param from {@link DriftOptions.Against#SCHEMA} or {@link DriftOptions.Against#MIGRATIONS}
     */
    public void writeExpected(Path file, DriftOptions.Against from) {
        new ExpectedCatalog(builder, migrator, server).write(file, from);
    }

    /** As {@link #writeExpected(Path, DriftOptions.Against)}, on a thread of the executor. */
    public CompletableFuture<@Nullable Void> writeExpectedAsync(
            Executor executor, Path file, DriftOptions.Against from) {
        return AsyncCall.start("writeExpected()", executor, () -> {
            writeExpected(file, from);
            return null;
        });
    }

    private SchemaBuilder builder() {
        return required(builder);
    }

    static SchemaBuilder required(@Nullable SchemaBuilder builder) {
        if (builder == null) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "There are no files of a schema to build from. Nothing was done",
                    "Give SchemaVerification a SchemaBuilder, or compare with the migrations or a written catalog.");
        }
        return builder;
    }
}
