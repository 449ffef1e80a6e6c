package io.confiture.benchmarks;

import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.ui.LoggerUIService;

/** Liquibase as Spring Boot calls it; analytics are off and nothing is printed, so that it is not slowed by either. */
final class LiquibaseRunner implements Runner {
    @Override
    public void run(DataSource dataSource, Path folder) throws Exception {
        try (DirectoryResourceAccessor files = new DirectoryResourceAccessor(folder)) {
            Scope.child(
                    Map.of(Scope.Attr.ui.name(), new LoggerUIService(), Scope.Attr.resourceAccessor.name(), files),
                    () -> update(dataSource, files));
        }
    }

    private static void update(DataSource dataSource, DirectoryResourceAccessor files) throws Exception {
        try (var database = DatabaseFactory.getInstance()
                .findCorrectDatabaseImplementation(new JdbcConnection(dataSource.getConnection()))) {
            Liquibase liquibase = new Liquibase(MigrationFiles.LIQUIBASE_ROOT, files, database);
            liquibase.setShowSummary(UpdateSummaryEnum.SUMMARY);
            liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
            liquibase.update(new Contexts(), new LabelExpression());
        }
    }
}
