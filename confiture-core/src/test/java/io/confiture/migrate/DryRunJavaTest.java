package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import io.confiture.migrate.DryRunReport.MigrationTrial;
import io.confiture.migrate.DryRunReport.Outcome;
import io.confiture.test.DatabaseContents;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dry runs of what is not a versioned SQL script. */
class DryRunJavaTest extends MigratorTestCase {
    private static final DryRunOptions WITH_JAVA = DryRunOptions.defaults().javaMigrations(true);

    private final AtomicInteger calls = new AtomicInteger();

    private Migrator migrator(InJava.Code code) {
        return builder()
                .javaMigration(InJava.of("002", context -> {
                    calls.incrementAndGet();
                    code.run(context);
                }))
                .build();
    }

    private static void insert(MigrationContext context) {
        context.jdbc().sql("INSERT INTO a VALUES (1)").update();
    }

    @BeforeEach
    void write() {
        folder.write("001_a.up.sql", "CREATE TABLE a (id int);")
                .write("003_b.up.sql", "SELECT 1 / (SELECT count(*) FROM a);");
    }

    @Test
    void itIsNotTriedUnlessAskedFor() {
        DryRunReport report = migrator(DryRunJavaTest::insert).dryRun();
        assertThat(report.migrations())
                .extracting(MigrationTrial::outcome)
                .containsExactly(Outcome.OK, Outcome.NOT_TRIED, Outcome.UNKNOWN);
        assertThat(report.migrations().get(1).detail()).contains("javaMigrations(true)");
        assertThat(calls).hasValue(0);
    }

    @Test
    void askedForItIsRunAndRolledBack() {
        List<String> before = DatabaseContents.of(database);
        DryRunReport report = migrator(DryRunJavaTest::insert).dryRun(WITH_JAVA);
        assertThat(report.wouldSucceed()).isTrue();
        assertThat(calls).hasValue(1);
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }

    @Test
    void whatItThrowsIsToldAsAFailure() {
        List<String> before = DatabaseContents.of(database);
        DryRunReport report = migrator(context -> {
                    insert(context);
                    throw new IllegalStateException("no such customer");
                })
                .dryRun(WITH_JAVA);
        assertThat(report.migrations())
                .extracting(MigrationTrial::outcome)
                .containsExactly(Outcome.OK, Outcome.FAILED, Outcome.NOT_TRIED);
        assertThat(failure(report.migrations().get(1)).message()).contains("no such customer");
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }

    @Test
    void oneThatEndsTheTransactionIsNoReportButAnAlarm() {
        MigrationException e = fails(
                MigrationException.class,
                ErrorCode.TRANSACTION_CONTROL,
                () -> migrator(context -> context.jdbc().sql("COMMIT").update()).dryRun(WITH_JAVA));
        assertThat(e).hasMessageContaining("cannot be undone: 002_in_java ended its transaction");
        assertThat(exists("a")).isTrue();
        assertThat(ledger()).isEmpty();
    }

    @Test
    void repeatableMigrationsAreTriedAfterTheOthers() {
        folder.write("R__view.sql", "CREATE OR REPLACE VIEW v AS SELECT id FROM a;");
        folder.delete("003_b.up.sql");
        List<String> before = DatabaseContents.of(database);
        DryRunReport report = builder().build().dryRun();
        assertThat(report.migrations()).extracting(MigrationTrial::name).containsExactly("a", "view");
        assertThat(report.wouldSucceed()).isTrue();
        assertThat(DatabaseContents.of(database)).isEqualTo(before);
    }
}
