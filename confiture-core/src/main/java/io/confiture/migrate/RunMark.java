package io.confiture.migrate;

import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row beside the ledger that says how a migration, or all of them at once, came to be applied.
 *
 * @param version as recorded; of a repeatable migration its id, of a whole schema its hash
 * @param checksum of what was run; null where nothing was; of a whole schema the digest of what it stands for
 */
record RunMark(long id, Kind kind, String version, @Nullable String checksum, Instant at) {

    /** What a mark says. */
    enum Kind {
        /** A repeatable migration was run with this text. */
        REPEATABLE,
        /** The ledger's row was taken over from another tool. */
        ADOPTED,
        /** The database was built from the schema of this hash, which stands for the migrations of this digest. */
        BUILT,
        /** It was proven that the schema of this hash and the migrations of this digest make the same catalog. */
        EQUIVALENT;

        static final String[] NAMES = Stream.of(values()).map(Kind::toString).toArray(String[]::new);

        /** The form in the table. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
