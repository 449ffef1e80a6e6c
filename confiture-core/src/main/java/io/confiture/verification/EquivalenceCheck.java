package io.confiture.verification;

import io.confiture.build.SchemaBuilder;
import io.confiture.catalog.CatalogComparison;
import io.confiture.catalog.FactId;
import io.confiture.catalog.FactKind;
import io.confiture.error.ConfitureException;
import io.confiture.migrate.Migrator;
import io.confiture.postgres.Cancellation;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Identifiers;
import io.confiture.postgres.ScratchDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code verifyEquivalence}. */
final class EquivalenceCheck {
    private static final Logger log = LoggerFactory.getLogger(EquivalenceCheck.class);

    private final SchemaBuilder builder;
    private final Migrator migrator;
    private final ConnectionSource server;

    EquivalenceCheck(SchemaBuilder builder, Migrator migrator, ConnectionSource server) {
        this.builder = builder;
        this.migrator = migrator;
        this.server = server;
    }

    EquivalenceReport run() {
        long start = System.nanoTime();
        String hash = builder.computeHash();
        EquivalenceReport report;
        try (ScratchDatabase built = ScratchDatabase.create(server);
                ScratchDatabase replayed = ScratchDatabase.create(server)) {
            builder.executeOnScratch(built.source());
            Migrator migrations = migrator.onScratch(replayed.source());
            List<String> applied = migrations.applyAll().stream()
                    .map(result -> result.version() + "_" + result.name())
                    .toList();
            Side schema = Side.read(built.source(), List.of(), List.of());
            Side replay = Side.read(replayed.source(), List.of(), migrations.ownTables());
            CatalogComparison comparison = schema.compareTo(replay);
            List<String> caveats = new ArrayList<>(comparison.caveats());
            if (!builder.computeHash().equals(hash)) {
                caveats.add("the schema's files were changed while they were compared");
            }
            report = new EquivalenceReport(
                    hash,
                    applied,
                    comparison.differences(),
                    caveats,
                    filledInOneOnly(replayed, replay, built, schema),
                    false,
                    Duration.ofNanos(System.nanoTime() - start));
        }
        if (!report.proven()) {
            log.warn("{}", report);
            return report;
        }
        log.info("{}", report);
        return record(report);
    }

    private EquivalenceReport record(EquivalenceReport report) {
        boolean recorded;
        try {
            recorded = migrator.confirmEquivalence(report.schemaHash());
        } catch (ConfitureException e) {
            if (Cancellation.isRequested()) {
                throw e;
            }
            log.warn("The proof could not be recorded: {}", e.getMessage());
            recorded = false;
        }
        return new EquivalenceReport(
                report.schemaHash(),
                report.migrations(),
                report.differences(),
                report.caveats(),
                report.filledByMigrationsOnly(),
                recorded,
                report.duration());
    }

    /** Tables with rows in the first that have none in the second. */
    private static List<String> filledInOneOnly(
            ScratchDatabase first, Side firstSide, ScratchDatabase second, Side secondSide) {
        List<FactId> tables = firstSide.catalog().facts(FactKind.TABLE).stream()
                .map(fact -> fact.id())
                .filter(id -> secondSide.catalog().fact(id).isPresent())
                .toList();
        List<FactId> filled = filled(first.source(), tables);
        List<FactId> both = filled(second.source(), filled);
        return filled.stream()
                .filter(id -> !both.contains(id))
                .map(EquivalenceCheck::name)
                .toList();
    }

    private static List<FactId> filled(ConnectionSource source, List<FactId> tables) {
        if (tables.isEmpty()) {
            return List.of();
        }
        return Databases.on(source, session -> {
            List<FactId> filled = new ArrayList<>();
            for (FactId table : tables) {
                String sql = "SELECT EXISTS (SELECT FROM " + sqlName(table) + ")";
                if (session.query(sql, rs -> rs.getBoolean(1)).get(0)) {
                    filled.add(table);
                }
            }
            return filled;
        });
    }

    private static String sqlName(FactId table) {
        return Identifiers.qualified(Objects.requireNonNull(table.parent()).name(), table.name());
    }

    private static String name(FactId table) {
        return Objects.requireNonNull(table.parent()).name() + "." + table.name();
    }
}
