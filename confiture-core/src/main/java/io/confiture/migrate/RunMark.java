package io.confiture.migrate;

import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row beside the ledger that says how a migration came to be applied.
 *
 * @param version as recorded; of a repeatable migration its id
 * @param checksum of what was run; null where nothing was
 */
record RunMark(long id, Kind kind, String version, @Nullable String checksum, Instant at) {

    /** What a mark says. */
    enum Kind {
        /** A repeatable migration was run with this text. */
        REPEATABLE,
        /** The ledger's row was taken over from another tool. */
        ADOPTED;

        static final String[] NAMES = Stream.of(values()).map(Kind::toString).toArray(String[]::new);

        /** The form in the table. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
