package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.test.TestDatabase;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code confiture.build.seeds.*} of a start that builds: what the settings say is done, or the start says why it is not. */
class SeedSettingsAtStartTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private static String[] building(String... properties) {
        return Stream.concat(
                        Stream.of(
                                "confiture.build.on-startup=when-empty",
                                "confiture.build.include=classpath:schema/people",
                                "confiture.build.seeds.dirs=classpath:schema/seeds",
                                "confiture.build.seeds.mode=sequential"),
                        Stream.of(properties))
                .toArray(String[]::new);
    }

    @Test
    void eachSeedFileIsLoadedForItselfInTheOneTransaction() {
        Apps.start(database, building()).close();
        assertThat(database.value("SELECT count(*) FROM people")).isEqualTo("2");
        assertThat(database.value("SELECT count(*) FROM tb_confiture_run WHERE kind = 'baseline'"))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "confiture.build.seeds.on-error=continue, confiture.build.seeds.on-error",
        "confiture.build.seeds.transaction=transaction, confiture.build.seeds.transaction"
    })
    void whatCannotBeHeldWithinOneTransactionStopsTheStartAndIsNamed(String property, String name) {
        Throwable failure = Apps.failure(database, building(property));
        assertThat(PropertiesTest.exitCode(failure)).isEqualTo(5);
        assertThat(Objects.requireNonNull(new ConfitureFailureAnalyzer().analyze(failure))
                        .getDescription())
                .contains(name)
                .contains("one transaction");
        assertThat(database.value("SELECT to_regclass('people')")).isNull();
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }
}
