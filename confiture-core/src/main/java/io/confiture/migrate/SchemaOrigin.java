package io.confiture.migrate;

import java.time.Instant;

/**
 * That a database was built at once instead of by its migrations; see {@link Migrator#baselineFrom}.
 *
 * @param hash of the schema that it was built from
 * @param at when
 * @param equivalenceProven whether it was proven, and recorded, that this schema and the migrations that it stands for make
 *     the same catalog; false means not checked
 * @since 0.1.0
 */
public record SchemaOrigin(String hash, Instant at, boolean equivalenceProven) {

    /** Hash and whether it was proven, in words. */
    @Override
    public String toString() {
        return "built from schema " + InitialBuild.Built.brief(hash) + "; equivalence "
                + (equivalenceProven ? "proven" : "not checked");
    }
}
