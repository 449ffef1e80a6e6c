package io.confiture.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.SchemaBuilder;
import io.confiture.migrate.MigrationResult;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages on an empty database and on drift show, run. */
class DocumentedVerificationTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final DataSource dataSource = database.dataSource();

    @TempDir
    Path temp;

    @Test
    void thePagesCallsRun() {
        Project project = new Project(temp);
        SchemaBuilder schema = project.builder();
        String folder = project.migrations.location();
        Path resources = temp.resolve("target/classes");
        // start
        Migrator migrator = Migrator.builder(dataSource)
                .locations(folder)
                .initialSchema(SchemaVerification.initialSchema(schema))
                .build();
        List<MigrationResult> results = migrator.applyAll(); // empty: 001 to 003 baselined, R__names applied
        // end
        assertThat(results)
                .hasToString("[001_create_users baselined in 0 ms, 002_add_name baselined in 0 ms,"
                        + " 003_first baselined in 0 ms, " + results.get(3) + "]");
        // equivalence
        SchemaVerification verification = SchemaVerification.of(schema, migrator);
        EquivalenceReport report = verification.verifyEquivalence();
        if (!report.proven()) {
            throw new IllegalStateException(report.toString()); // a line for each difference
        }
        // end
        assertThat(report.recorded()).isTrue();
        // drift
        DriftReport now = verification.drift(); // against the schema's files
        DriftReport replayed = verification.drift(DriftOptions.migrations());
        // end
        assertThat(now.inSync()).isTrue();
        assertThat(replayed.inSync()).isTrue();
        // expected
        verification.writeExpected(resources.resolve("expected-catalog.json")); // when the application is built
        // end
        SchemaVerification inProduction = SchemaVerification.of(migrator);
        assertThat(inProduction
                        .drift(DriftOptions.expected(
                                resources.resolve("expected-catalog.json").toString()))
                        .inSync())
                .isTrue();
    }
}
