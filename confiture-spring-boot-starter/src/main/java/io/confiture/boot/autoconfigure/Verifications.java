package io.confiture.boot.autoconfigure;

import io.confiture.migrate.Migrator;
import io.confiture.verification.DriftOptions;
import io.confiture.verification.DriftReport;
import io.confiture.verification.SchemaVerification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.io.ResourceLoader;

/** Compares databases as the properties say. */
final class Verifications {
    private final ConfitureProperties properties;
    private final SchemaBuilders builders;
    /** Each comparison may make scratch databases: one at a time is enough for a database. */
    private final Map<String, ReentrantLock> comparing = new ConcurrentHashMap<>();

    Verifications(ConfitureProperties properties, SchemaBuilders builders) {
        this.properties = properties;
        this.builders = builders;
    }

    /** For the application's own migrators where {@code confiture.enabled} is false. */
    static Verifications unconfigured(ResourceLoader resourceLoader, ListableBeanFactory beanFactory) {
        ConfitureProperties properties = new ConfitureProperties();
        return new Verifications(properties, new SchemaBuilders(properties, resourceLoader, beanFactory));
    }

    SchemaVerification of(String database, Migrator migrator) {
        return builders.find(database)
                .map(builder -> SchemaVerification.of(builder, migrator))
                .orElseGet(() -> SchemaVerification.of(migrator));
    }

    DriftReport drift(String database, Migrator migrator) {
        DriftProperties drift = properties.of(database).getDrift();
        String prefix = PropertyNames.prefix(database) + ".drift";
        if (!drift.isSaid()) {
            return new DriftReport.NotChecked(
                    "what is expected",
                    List.of("what to compare with is not said. Set " + prefix + ".expected to a written catalog; or "
                            + prefix + ".against to migrations or schema, which runs all of them on a scratch database"
                            + " of the same server"));
        }
        DriftOptions options = drift.options(prefix, properties.targetOf(database));
        ReentrantLock lock = comparing.computeIfAbsent(database, any -> new ReentrantLock());
        lock.lock();
        try {
            return of(database, migrator).drift(options);
        } finally {
            lock.unlock();
        }
    }
}
