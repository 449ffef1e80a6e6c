package io.confiture.benchmarks;

import io.confiture.migrate.Migrator;
import java.nio.file.Path;
import javax.sql.DataSource;

/** Confiture as its starter calls it. */
final class ConfitureRunner implements Runner {
    @Override
    public void run(DataSource dataSource, Path folder) {
        Migrator.builder(dataSource).locations("file:" + folder).build().applyAll();
    }
}
