package io.confiture.build;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What running a schema has done.
 *
 * @param duration from the first statement to the last commit
 * @param files how many files were run, seeds included
 * @param statements how many statements were run
 * @param bytes how many bytes of the files were read, COPY rows included
 * @param created how many objects of each kind the database has more than before, counted in its catalog: {@code tables},
 *     {@code indexes}, {@code views}, {@code materialized views}, {@code functions}, {@code procedures},
 *     {@code sequences}, {@code types}, {@code triggers}, {@code extensions}, {@code schemas}; less than 0 where there are
 *     fewer
 * @param seeds what became of each seed file, in order; one may have failed only if {@code seed.continue_on_error} says so
 * @param warnings what the server warned of, in the order it did
 * @param notices what the server noted
 * @since 0.1.0
 */
public record BuildResult(
        Duration duration,
        int files,
        long statements,
        long bytes,
        Map<String, Long> created,
        List<SeedFileResult> seeds,
        List<String> warnings,
        List<String> notices) {

    public BuildResult {
        created = Map.copyOf(created);
        seeds = List.copyOf(seeds);
        warnings = List.copyOf(warnings);
        notices = List.copyOf(notices);
    }

    /** Tables created, partitioned ones and partitions included. */
    public long tablesCreated() {
        return created("tables");
    }

    public long indexesCreated() {
        return created("indexes");
    }

    /** Views created; materialized ones count for themselves. */
    public long viewsCreated() {
        return created("views");
    }

    /** Functions created, aggregates included, procedures not. */
    public long functionsCreated() {
        return created("functions");
    }

    private long created(String kind) {
        return created.getOrDefault(kind, 0L);
    }
}
