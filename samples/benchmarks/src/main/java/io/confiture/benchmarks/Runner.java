package io.confiture.benchmarks;

import java.nio.file.Path;
import javax.sql.DataSource;

/** One tool, started as an application starts it: everything is new but the data source. */
interface Runner {
    /** Brings the database to the state of the folder. */
    void run(DataSource dataSource, Path folder) throws Exception;
}
