package io.confiture.catalog;

/**
 * What may differ between two databases without anybody having changed the schema.
 *
 * @since 0.1.0
 */
public enum CatalogAspect {
    /** Who owns an object: in production hardly ever who owns it in a scratch database. */
    OWNERS,
    /** Grants, and default privileges. */
    GRANTS,
    /** The version of an extension: that of the server's installation. */
    EXTENSION_VERSIONS,
    /** What belongs to no schema: extensions, publications, event triggers, casts, default privileges of all schemas. */
    DATABASE_OBJECTS
}
