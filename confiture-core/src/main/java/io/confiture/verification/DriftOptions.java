package io.confiture.verification;

import io.confiture.catalog.CatalogAspect;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a live database is compared with, and what counts. Immutable.
 *
 * @param against where the expectation comes from
 * @param location of the written catalog; null unless {@link Against#EXPECTED}
 * @param target the last migration that is replayed, {@code 003} or {@code 003_name}; null for all of them, and unless
 *     {@link Against#MIGRATIONS}
 * @param ignored what may differ; owners, grants and versions of extensions unless said otherwise
 * @param schemas the schemas that are compared; empty for all that either side has
 * @since 0.1.0
 */
public record DriftOptions(
        Against against,
        @Nullable String location,
        @Nullable String target,
        Set<CatalogAspect> ignored,
        List<String> schemas) {

    /**
     * Where an expectation comes from.
     *
     * @since 0.1.0
     */
    public enum Against {
        /** The schema's files, built on a scratch database. */
        SCHEMA,
        /** All migrations, or those up to a target, applied to a scratch database. */
        MIGRATIONS,
        /** A catalog that {@link SchemaVerification#writeExpected} has written: no right to create databases is needed. */
        EXPECTED
    }

    public DriftOptions {
        Objects.requireNonNull(against, "against");
        if ((against == Against.EXPECTED) != (location != null)) {
            throw new IllegalArgumentException("A location goes with EXPECTED, and with nothing else");
        }
        if (target != null && against != Against.MIGRATIONS) {
            throw new IllegalArgumentException("A target goes with MIGRATIONS, and with nothing else");
        }
        ignored = Set.copyOf(ignored);
        schemas = List.copyOf(schemas);
    }

    /** Compares with the schema's files. */
    public static DriftOptions schema() {
        return of(Against.SCHEMA, null);
    }

    /** Compares with what all migrations make. */
    public static DriftOptions migrations() {
        return of(Against.MIGRATIONS, null);
    }

    /**
     * Compares with a written catalog.
     *
     * @param location {@code classpath:confiture-expected.json}, or a file as {@code file:…} or without prefix
     */
    public static DriftOptions expected(String location) {
        return of(Against.EXPECTED, Objects.requireNonNull(location, "location"));
    }

    private static DriftOptions of(Against against, @Nullable String location) {
        return new DriftOptions(
                against,
                location,
                null,
                EnumSet.of(CatalogAspect.OWNERS, CatalogAspect.GRANTS, CatalogAspect.EXTENSION_VERSIONS),
                List.of());
    }

    /** Compares owners as well: the role that makes the expectation then must be the one that owns the live objects. */
    public DriftOptions withOwners() {
        return counting(CatalogAspect.OWNERS);
    }

    /** Compares grants and default privileges as well. */
    public DriftOptions withGrants() {
        return counting(CatalogAspect.GRANTS);
    }

    private DriftOptions counting(CatalogAspect aspect) {
        Set<CatalogAspect> left = EnumSet.noneOf(CatalogAspect.class);
        left.addAll(ignored);
        left.remove(aspect);
        return new DriftOptions(against, location, target, left, schemas);
    }

    /**
     * Compares with what the migrations up to this one make, for a database that is not to go further. As in a run with a
     * target, repeatable migrations are left out while it leaves others out; what they have made shows as a difference.
     *
     * @param migration {@code 003} or {@code 003_name}; null for all migrations
     * @throws IllegalArgumentException unless the comparison is with the migrations
     */
    public DriftOptions withTarget(@Nullable String migration) {
        return new DriftOptions(against, location, migration, ignored, schemas);
    }

    /** Compares these schemas only. */
    public DriftOptions withSchemas(String... names) {
        return new DriftOptions(against, location, target, ignored, List.of(names));
    }
}
