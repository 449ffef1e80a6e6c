package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelsTest extends MigratorTestCase {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dev      | dev        | true",
                "dev,test | test       | true",
                "dev      | production | false",
                "dev      |            | false",
                "!production | production | false",
                "!production | dev     | true",
                "!production |         | true",
                "eu,!test | eu,test    | false",
            })
    void aMigrationRunsWhereItsLabelsSaySo(String labels, String active, boolean runs) {
        folder.three().write("004_demo.up.sql", "-- confiture: labels=" + labels + "\nCREATE TABLE demo (id int);");
        List<String> run = active == null ? List.of() : List.of(active.split(","));
        builder().labels(run).build().applyAll();
        assertThat(exists("demo")).isEqualTo(runs);
        assertThat(ledger()).hasSize(runs ? 4 : 3);
    }

    @Test
    void oneThatIsLeftOutIsIgnoredAndNotPending() {
        folder.three().write("002.5_demo.up.sql", "-- confiture: labels=dev\nSELECT 1;");
        Migrator migrator = builder().environment("production").build();
        migrator.applyAll();
        MigrationStatus status = migrator.status();
        assertThat(status.pending()).isEmpty();
        assertThat(status.upToDate()).isTrue();
        assertThat(status.migrations())
                .filteredOn(info -> info.state() == MigrationState.IGNORED)
                .singleElement()
                .satisfies(info ->
                        assertThat(info.detail()).isEqualTo("its labels are dev, those of this run production"));
        assertThat(migrator.validate().valid()).isTrue();
    }

    @Test
    void theEnvironmentIsTheLabelOfTheRunUnlessOthersAreGiven() {
        folder.write("1_demo.up.sql", "-- confiture: labels=dev\nCREATE TABLE demo (id int);");
        assertThat(builder().environment("dev").labels(List.of("eu")).build().pending())
                .isEmpty();
        assertThat(builder().environment("dev").build().applyAll()).hasSize(1);
    }

    @Test
    void oneThatIsSelectedLaterFallsUnderThePolicyForOutOfOrder() {
        folder.three().write("002.5_demo.up.sql", "-- confiture: labels=dev\nSELECT 1;");
        migrator().applyAll();
        Migrator dev = builder().labels(Set.of("dev")).build();
        refused(MigrationException.class, ErrorCode.OUT_OF_ORDER, dev::applyAll);
        assertThat(builder()
                        .labels(Set.of("dev"))
                        .outOfOrder(Policy.ALLOW)
                        .build()
                        .applyAll())
                .hasSize(1);
    }

    @Test
    void oneThatWasAppliedStaysAppliedWhenItsLabelIsGone() {
        folder.write("1_demo.up.sql", "-- confiture: labels=dev\nCREATE TABLE demo (id int);");
        builder().labels(Set.of("dev")).build().applyAll();
        assertThat(migrator().status().migrations())
                .extracting(MigrationInfo::state)
                .containsExactly(MigrationState.APPLIED);
    }

    @Test
    void aHeadThatCannotBeReadIsToldByTheRunAndDoesNotHideTheMigration() {
        folder.write("1_demo.up.sql", "-- confiture: lables=dev\nSELECT 1;");
        assertThat(migrator().pending()).hasSize(1);
        assertThat(refused(
                        MigrationException.class,
                        ErrorCode.UNKNOWN_DIRECTIVE,
                        () -> migrator().applyAll()))
                .hasMessageContaining("labels");
    }

    @Test
    void oneThatIsLeftOutIsNotSaidToBeAppliedWhenItIsAskedForByName() {
        folder.three().write("004_demo.up.sql", "-- confiture: labels=dev\nCREATE TABLE demo (id int);");
        migrator().applyAll();
        ConfigurationException e = refused(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                () -> migrator().apply("004"));
        assertThat(e).hasMessageContaining("004_demo").hasMessageContaining("its labels are dev");
    }

    @Test
    void aTargetThatIsLeftOutIsTheTargetAllTheSame() {
        folder.three().write("002.5_demo.up.sql", "-- confiture: labels=dev\nSELECT 1;");
        assertThat(migrator().applyAll("002.5"))
                .extracting(MigrationResult::version)
                .containsExactly("001", "002");
        assertThat(migrator().rollback("002").version()).isEqualTo("002");
    }
}
