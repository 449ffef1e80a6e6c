package io.confiture.verification;

import io.confiture.catalog.CatalogDifference;
import java.time.Duration;
import java.util.List;

/**
 * Whether a schema's files and all migrations make the same catalog. Data are not compared; see
 * {@link #filledByMigrationsOnly()}.
 *
 * @param schemaHash of the schema's files
 * @param migrations the migrations that were applied, in order, repeatable and Java ones among them
 * @param differences from what the migrations make to what the schema makes
 * @param caveats what the comparison cannot vouch for
 * @param filledByMigrationsOnly tables that have rows behind the migrations, and none behind the schema with its seeds
 * @param recorded whether the proof is recorded in the migrator's database, because that was built from this schema
 * @param duration of everything
 * @since 0.1.0
 */
public record EquivalenceReport(
        String schemaHash,
        List<String> migrations,
        List<CatalogDifference> differences,
        List<String> caveats,
        List<String> filledByMigrationsOnly,
        boolean recorded,
        Duration duration) {

    public EquivalenceReport {
        migrations = List.copyOf(migrations);
        differences = List.copyOf(differences);
        caveats = List.copyOf(caveats);
        filledByMigrationsOnly = List.copyOf(filledByMigrationsOnly);
    }

    /** True only if everything was compared and nothing differs. */
    public boolean proven() {
        return differences.isEmpty() && caveats.isEmpty();
    }

    /** For people: a line for each difference. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("schema " + schemaHash + " and " + migrations.size() + " migrations "
                + (proven()
                        ? "make the same catalog"
                        : differences.isEmpty()
                                ? "show no difference, which proves nothing"
                                : "make different catalogs; " + differences.size()
                                        + (differences.size() == 1 ? " difference" : " differences")
                                        + " from migrations to schema"));
        differences.forEach(difference -> text.append("\n  ").append(difference));
        caveats.forEach(caveat -> text.append("\n  not certain: ").append(caveat));
        filledByMigrationsOnly.forEach(table ->
                text.append("\n  note: the migrations fill ").append(table).append(", and no seed does"));
        return text.toString();
    }
}
