package io.confiture.catalog;

import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.AsyncCall;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * What one or several schemas of a database consist of, as the server's own catalogs tell it: {@linkplain Fact facts},
 * insensitive to object ids, to the order of columns and to how a statement was written. Immutable and thread-safe; equal
 * catalogs have the same {@link #fingerprint()}.
 *
 * <p>What extensions have brought is left out, and so are data: rows, where a sequence has got to, whether a materialized
 * view is populated. User objects of a kind that is not modelled are named by {@link #notModelled()}.
 *
 * @since 0.1.0
 */
public final class Catalog {
    private final int serverMajor;
    private final SortedSet<String> schemas;
    private final FactTree tree;
    private final List<String> notModelled;

    Catalog(int serverMajor, SortedSet<String> schemas, FactTree tree, List<String> notModelled) {
        this.serverMajor = serverMajor;
        this.schemas = Collections.unmodifiableSortedSet(new TreeSet<>(schemas));
        this.tree = tree;
        this.notModelled = notModelled.stream().sorted().toList();
    }

    /**
     * Reads schemas in a constant number of queries, in one snapshot: a transaction of its own, REPEATABLE READ and READ
     * ONLY, that is rolled back. If the connection has a transaction open, it is read in that one, whose own changes it then
     * sees; the transaction goes on unchanged, and the snapshot is as good as its isolation level. When an object is dropped
     * between being listed and being described, all is read again, up to five times.
     *
     * @param connection of the PostgreSQL JDBC driver, or a pool's around one; stays open, and its settings are those of
     *     before. Used by nobody else meanwhile
     * @param schemas names as the server keeps them, not quoted; one that does not exist is a schema without facts
     * @throws SchemaException if the server refuses, or keeps changing while it is read
     */
    public static Catalog read(Connection connection, Collection<String> schemas) {
        if (schemas.isEmpty()) {
            throw new IllegalArgumentException("Name at least one schema to read");
        }
        SortedSet<String> names = new TreeSet<>(schemas);
        try {
            return Snapshot.read(connection, (statement, major) -> CatalogReader.read(statement, major, names));
        } catch (SQLException e) {
            throw unreadable(names, e);
        }
    }

    /**
     * As {@link #read(Connection, Collection)}, of all schemas but the server's own and those that an extension has brought.
     * {@link #schemas()} are those that were found.
     */
    public static Catalog readAll(Connection connection) {
        try {
            return Snapshot.read(connection, (statement, major) -> CatalogReader.read(statement, major, null));
        } catch (SQLException e) {
            throw unreadable(List.of("all schemas"), e);
        }
    }

    private static SchemaException unreadable(Collection<String> schemas, SQLException failure) {
        ServerError error = ServerError.of(failure);
        return new SchemaException(
                ErrorCode.CATALOG_UNREADABLE,
                "The catalog of " + String.join(", ", schemas) + " could not be read: " + error.message()
                        + (error.sqlState() == null ? "" : " [" + error.sqlState() + "]"),
                "Nothing was changed; read again when no migration is under way.",
                failure);
    }

    /**
     * As {@link #read(Connection, Collection)}, on a connection taken for it.
     *
     * @throws SchemaException if the server refuses, or keeps changing while it is read
     * @throws io.confiture.error.DatabaseConnectionException if there is no connection to be had
     */
    public static Catalog read(ConnectionSource source, Collection<String> schemas) {
        try (Session session = Session.open(source)) {
            return read(session.sharedConnection(), schemas);
        } catch (SQLException e) {
            throw unreadable(schemas, e);
        }
    }

    /**
     * As {@link #read(ConnectionSource, Collection)}, on a thread of the executor. Whoever cancels the future ends the
     * statement under way in the server.
     */
    public static CompletableFuture<Catalog> readAsync(
            Executor executor, ConnectionSource source, Collection<String> schemas) {
        List<String> names = List.copyOf(schemas);
        return AsyncCall.start("Reading the catalog", executor, () -> read(source, names));
    }

    /**
     * Reads what {@link #toJson()} has written.
     *
     * @throws SchemaException if the text is not that, with line and column; nothing is guessed
     */
    public static Catalog fromJson(String json) {
        return CatalogJson.read(json);
    }

    /**
     * The catalog as text, to be shipped with an application as what is expected of its database. The same for equal catalogs
     * of one server version, byte for byte; a line for each fact.
     */
    public String toJson() {
        return CatalogJson.write(this, tree);
    }

    /** The version of the server, such as 17: what it writes of views and expressions differs between versions. */
    public int serverMajor() {
        return serverMajor;
    }

    /** The schemas asked for, also those that do not exist; sorted. */
    public SortedSet<String> schemas() {
        return schemas;
    }

    /** All facts, each before its parts, otherwise by kind and name. */
    public List<Fact> facts() {
        return tree.facts();
    }

    /** The fact about this. */
    public Optional<Fact> fact(FactId id) {
        return Optional.ofNullable(tree.find(id));
    }

    /** The facts of one kind, in order. */
    public List<Fact> facts(FactKind kind) {
        return facts().stream().filter(fact -> fact.id().kind() == kind).toList();
    }

    /** Tables, ordinary, partitioned and foreign, by schema, kind and name. */
    public List<Table> tables() {
        return tree.inSchemas(FactKind.TABLE, FactKind.FOREIGN_TABLE)
                .map(Table::of)
                .toList();
    }

    /** Views, and materialized views, by schema, kind and name. */
    public List<View> views() {
        return tree.inSchemas(FactKind.VIEW, FactKind.MATERIALIZED_VIEW)
                .map(View::of)
                .toList();
    }

    /** Functions, procedures and aggregates, by schema, kind and name. */
    public List<Routine> routines() {
        return tree.inSchemas(FactKind.FUNCTION, FactKind.PROCEDURE, FactKind.AGGREGATE)
                .map(Routine::of)
                .toList();
    }

    /** The same for two catalogs with the same facts, whatever server they are of; 64 hexadecimal digits. */
    public String fingerprint() {
        return tree.hash();
    }

    /**
     * Objects of users that no fact covers, since their kind is not modelled, such as {@code text search configuration
     * public.german}; sorted. Whether they differ between two databases is not known.
     */
    public List<String> notModelled() {
        return notModelled;
    }

    /** This catalog without an aspect that does not count, for comparisons and fingerprints. */
    public Catalog without(CatalogAspect... aspects) {
        Set<CatalogAspect> left = Set.copyOf(List.of(aspects));
        return filtered(tree.filtered(id -> !isOf(left, id), (id, property) -> !isOf(left, id, property)));
    }

    /** This catalog without some of its facts, each with all that is within it. */
    public Catalog without(Predicate<FactId> left) {
        return filtered(tree.filtered(id -> !left.test(id), (id, property) -> true));
    }

    /**
     * This catalog as one of just these schemas: facts of others are left out, and one that was not read has none, which is
     * true of a database of which every schema was read.
     */
    public Catalog ofSchemas(Collection<String> names) {
        SortedSet<String> kept = new TreeSet<>(names);
        FactTree within = tree.filtered(
                id -> id.parent() != null || id.kind() != FactKind.SCHEMA || kept.contains(id.name()),
                (id, property) -> true);
        return new Catalog(serverMajor, kept, within, notModelled);
    }

    private Catalog filtered(FactTree filtered) {
        return new Catalog(serverMajor, schemas, filtered, notModelled);
    }

    private static boolean isOf(Set<CatalogAspect> aspects, FactId id) {
        return switch (id.kind()) {
            case GRANT, OWNER_GRANT, DEFAULT_PRIVILEGES ->
                aspects.contains(CatalogAspect.GRANTS)
                        || id.isOfDatabase() && aspects.contains(CatalogAspect.DATABASE_OBJECTS);
            default -> id.isOfDatabase() && aspects.contains(CatalogAspect.DATABASE_OBJECTS);
        };
    }

    private static boolean isOf(Set<CatalogAspect> aspects, FactId id, String property) {
        return property.equals("owner") && aspects.contains(CatalogAspect.OWNERS)
                || id.kind() == FactKind.EXTENSION
                        // An extension brings its comment along.
                        && (property.equals("version") || property.equals("comment"))
                        && aspects.contains(CatalogAspect.EXTENSION_VERSIONS);
    }

    /**
     * What distinguishes this catalog from the expected one. Differences read from expected to this: {@code ADDED} is here
     * and was not expected.
     *
     * @param ignored what does not count
     * @throws IllegalArgumentException if the two are not of the same schemas
     */
    public CatalogComparison compareTo(Catalog expected, CatalogAspect... ignored) {
        if (!schemas.equals(expected.schemas)) {
            throw new IllegalArgumentException(
                    "Catalogs of different schemas: expected " + expected.schemas + ", but this is of " + schemas);
        }
        Set<CatalogAspect> left = Set.copyOf(List.of(ignored));
        return new CatalogComparison(
                Comparer.compare(
                        expected.tree, tree, id -> !isOf(left, id), (id, property) -> !isOf(left, id, property)),
                caveats(expected));
    }

    private List<String> caveats(Catalog expected) {
        List<String> caveats = new ArrayList<>();
        if (serverMajor != expected.serverMajor) {
            caveats.add("expected is of PostgreSQL " + expected.serverMajor + ", this of " + serverMajor
                    + ", and servers of different versions do not write every definition in the same way");
        }
        for (String schema : schemas) {
            FactId id = FactId.schema(schema);
            if (tree.find(id) == null && expected.tree.find(id) == null) {
                caveats.add("schema " + schema + " does not exist on either side");
            }
        }
        SortedSet<String> unknown = new TreeSet<>(notModelled);
        unknown.addAll(expected.notModelled);
        unknown.forEach(object -> caveats.add(object + " is of a kind that is not compared"));
        return caveats;
    }

    /** Whether the other has the same schemas and the same facts. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Catalog catalog
                && schemas.equals(catalog.schemas)
                && fingerprint().equals(catalog.fingerprint());
    }

    @Override
    public int hashCode() {
        return fingerprint().hashCode();
    }

    @Override
    public String toString() {
        return "Catalog of " + String.join(", ", schemas) + " (" + facts().size() + " facts, " + fingerprint() + ")";
    }
}
