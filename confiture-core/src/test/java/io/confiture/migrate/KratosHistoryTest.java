package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.Fingerprint;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A real history of 346 migrations with their rollbacks, from a folder that {@code -Dconfiture.corpus} names, against what
 * psql makes of the same files.
 */
@Tag("corpus")
class KratosHistoryTest {
    private static Path folder() {
        String corpus = System.getProperty("confiture.corpus");
        assertThat(corpus).as("-Dconfiture.corpus").isNotNull();
        return Path.of(corpus, "kratos-migrations");
    }

    private static List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList());
        }
    }

    private static String fingerprint(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Fingerprint.of(connection);
        }
    }

    private static void psql(TestDatabase database, List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(TestServer.port()),
                "-U",
                "postgres",
                "-d",
                database.name()));
        files.forEach(file -> command.addAll(List.of("-f", file.toString())));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    @Test
    void allAppliedAllRolledBackAndAppliedAgainLeavesWhatPsqlLeaves() throws Exception {
        List<Path> ups = files(".up.sql");
        List<Path> downs = files(".down.sql");
        Collections.reverse(downs);
        try (TestDatabase ours = TestDatabase.create();
                TestDatabase psqls = TestDatabase.create()) {
            Migrator migrator = Migrator.builder(ours.dataSource())
                    .locations(folder().toString())
                    .build();
            psql(psqls, ups);
            String built = fingerprint(psqls);
            psql(psqls, downs);
            String emptied = fingerprint(psqls);

            assertThat(migrator.applyAll()).hasSize(346);
            assertThat(fingerprint(ours)).isEqualTo(built);
            assertThat(migrator.status().upToDate()).isTrue();
            assertThat(migrator.validate().count(ValidationReport.Outcome.OK)).isEqualTo(346);

            String first = migrator.applied().get(0).version();
            List<MigrationResult> rolledBack = migrator.rollbackTo(first);
            assertThat(rolledBack).hasSize(345);
            migrator.rollback(first);
            assertThat(fingerprint(ours)).isEqualTo(emptied);
            assertThat(migrator.applied()).isEmpty();

            assertThat(migrator.applyAll()).hasSize(346);
            assertThat(fingerprint(ours)).isEqualTo(built);
            System.out.println("kratos: 346 applied, 346 rolled back, 346 applied again; "
                    + built.lines().count() + " and " + emptied.lines().count() + " catalog facts equal psql's");
        }
    }
}
