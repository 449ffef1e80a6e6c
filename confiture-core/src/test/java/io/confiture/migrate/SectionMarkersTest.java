package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.migrate.ValidationReport.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The markers of a file with sections, in a file that has none. */
class SectionMarkersTest extends MigratorTestCase {

    @ParameterizedTest
    @CsvSource({
        "002_b.up.sql, 002_b",
        "002_b.verify.sql, 002_b",
        "R__b.sql, R__b",
        "beforeMigrate.sql, beforeMigrate",
        "V2__b.sql, 2_b",
        "B2__b.sql, 2_b",
    })
    void aFileWithoutSectionsThatHasMarkersIsRefusedBecauseItsDownPartWouldRun(String file, String migration) {
        boolean verify = file.contains("verify");
        folder.write(
                file, "-- migrate: tables of b\nSELECT true;\n  -- migrate:down\n" + (verify ? "" : "DROP TABLE a;"));
        if (verify) {
            folder.write("002_b.up.sql", "-- confiture: verify=always\nCREATE TABLE b ();");
        } else if (migration.startsWith("before")) {
            folder.write("001_a.up.sql", "CREATE TABLE a ();");
        }
        Migrator migrator = (migration.startsWith("2") ? builder().naming(Naming.FLYWAY) : builder()).build();
        MigrationException e = refused(
                MigrationException.class,
                verify ? ErrorCode.VERIFICATION_FAILED : ErrorCode.SCRIPT_SYNTAX,
                migrator::applyAll);
        assertThat(e).hasMessageContaining(file + ":3:3: a line -- migrate:up or -- migrate:down");
        assertThat(List.of(e.line(), e.column())).containsExactly(3, 3);
        assertThat(migrator.plan().blockers()).anyMatch(blocker -> blocker.contains(file + ":3:3"));
        if (!migration.startsWith("before")) {
            assertThat(migrator.validate().checks()).singleElement().satisfies(check -> {
                assertThat(check.what()).isEqualTo("script");
                assertThat(check.outcome()).isEqualTo(Outcome.FAILED);
                assertThat(check.detail()).contains(file + ":3:3");
            });
        }
    }

    @Test
    void aDownFileWithAMarkerIsRefusedBeforeTheRollback() {
        folder.write("001_a.up.sql", "CREATE TABLE a ();")
                .write("001_a.down.sql", "-- migrate:up\nCREATE TABLE b ();\n-- migrate:down\nDROP TABLE a;");
        migrator().applyAll();
        refused(
                MigrationException.class,
                ErrorCode.SCRIPT_SYNTAX,
                () -> migrator().rollback("001"));
    }

    /** It has run as it is, by an older version or another tool. */
    @Test
    void aMarkerInWhatIsAppliedIsNoMatter() {
        folder.write("001_a.up.sql", "-- migrate:up\nCREATE TABLE a ();");
        migrator().baseline("001");
        folder.write("002_b.up.sql", "CREATE TABLE b ();");
        assertThat(migrator().applyAll()).hasSize(1);
        assertThat(migrator().validate().valid()).isTrue();
    }
}
