package io.confiture.verification;

import io.confiture.build.SchemaBuilder;
import io.confiture.catalog.CatalogAspect;
import io.confiture.catalog.CatalogComparison;
import io.confiture.error.ConfitureException;
import io.confiture.migrate.Migration;
import io.confiture.migrate.Migrator;
import io.confiture.postgres.ConnectionSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of {@code drift}. */
final class DriftCheck {
    private static final int SHOWN = 10;

    private final @Nullable SchemaBuilder builder;
    private final Migrator migrator;
    private final ConnectionSource live;
    private final ConnectionSource server;
    private final DriftOptions options;

    DriftCheck(
            @Nullable SchemaBuilder builder,
            Migrator migrator,
            ConnectionSource live,
            ConnectionSource server,
            DriftOptions options) {
        this.builder = builder;
        this.migrator = migrator;
        this.live = live;
        this.server = server;
        this.options = options;
    }

    DriftReport run() {
        String against = against();
        try {
            Side expected = new ExpectedCatalog(builder, migrator, server).get(options);
            Side actual = Side.read(live, options.schemas(), migrator.ownTables());
            CatalogComparison comparison =
                    actual.compareTo(expected, options.ignored().toArray(CatalogAspect[]::new));
            if (!comparison.isEqual()) {
                List<String> notes = new ArrayList<>(pending());
                if (options.target() != null) {
                    notes.add("repeatable migrations are not replayed while the target leaves others out, and what they"
                            + " have made shows as a difference");
                }
                notes.addAll(comparison.caveats());
                return new DriftReport.Drifted(against, comparison.differences(), notes);
            }
            return comparison.caveats().isEmpty()
                    ? new DriftReport.InSync(against, actual.catalog().fingerprint())
                    : new DriftReport.NotChecked(against, comparison.caveats());
        } catch (ConfitureException e) {
            if (Databases.cancelled(e)) {
                throw e;
            }
            return new DriftReport.NotChecked(against, List.of(String.valueOf(e.getMessage())), e);
        }
    }

    private String against() {
        return switch (options.against()) {
            case SCHEMA -> "the schema's files";
            case MIGRATIONS -> options.target() == null ? "all migrations" : "the migrations up to " + options.target();
            case EXPECTED -> "the expected catalog " + options.location();
        };
    }

    private List<String> pending() {
        List<String> ids =
                migrator.pending(options.target()).stream().map(Migration::id).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        return List.of(ids.size() + " migrations are pending, and what they do shows as a difference: "
                + String.join(", ", ids.subList(0, Math.min(ids.size(), SHOWN)))
                + (ids.size() > SHOWN ? ", …" : ""));
    }
}
