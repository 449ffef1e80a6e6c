package io.confiture.migrate;

import java.time.Duration;
import java.util.List;

/**
 * What came of building an empty database at once; see {@link Migrator#baselineFrom}. Unless it was built, nothing was
 * done, and {@link Migrator#applyAll()} brings the database forward as ever.
 *
 * @since 0.1.0
 */
public sealed interface InitialBuild {

    /**
     * The schema was created and all versioned migrations were recorded, in one transaction.
     *
     * @param hash what {@link InitialSchema#hash()} said
     * @param recorded the migrations, in order, as {@link MigrationAction#BASELINED}
     * @param skipped those of them that are written in Java, whose effects nobody can compare with the schema's text
     * @param duration of the whole transaction
     */
    record Built(String hash, List<MigrationResult> recorded, List<String> skipped, Duration duration)
            implements InitialBuild {
        public Built {
            recorded = List.copyOf(recorded);
            skipped = List.copyOf(skipped);
        }

        @Override
        public String toString() {
            return "built from schema " + Built.brief(hash) + " in " + duration.toMillis() + " ms, " + recorded.size()
                    + " migrations recorded, equivalence not checked"
                    + (skipped.isEmpty() ? "" : "; skipped migrations in Java: " + String.join(", ", skipped));
        }

        static String brief(String hash) {
            return hash.length() > 12 ? hash.substring(0, 12) + "…" : hash;
        }
    }

    /**
     * There is something in the database.
     *
     * @param found what, at most twenty of them, such as {@code table public.users}
     */
    record NotEmpty(List<String> found) implements InitialBuild {
        public NotEmpty {
            found = List.copyOf(found);
        }

        @Override
        public String toString() {
            return "not built from the schema: the database has " + String.join(", ", found);
        }
    }

    /**
     * The migrations would do something that the schema is not known to do.
     *
     * @param reasons each names the migration, its file and line, and what is missing
     */
    record Refused(List<String> reasons) implements InitialBuild {
        public Refused {
            reasons = List.copyOf(reasons);
        }

        @Override
        public String toString() {
            return "not built from the schema: " + String.join("; ", reasons);
        }
    }

    /** Whether the database was built by this call. */
    default boolean built() {
        return this instanceof Built;
    }
}
