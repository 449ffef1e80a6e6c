package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.test.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Each irregularity of a history under each policy, at the start of an application. */
@ExtendWith(OutputCaptureExtension.class)
class PoliciesTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @ParameterizedTest
    @CsvSource({
        "out-of-order, '', MIGR_111",
        "out-of-order, fail, MIGR_111",
        "out-of-order, warn, 001_create_people: not applied",
        "out-of-order, allow, ''",
        "missing, '', MIGR_112",
        "missing, fail, MIGR_112",
        "missing, warn, 000_gone: applied",
        "missing, allow, ''",
        "changed, '', MIGR_113",
        "changed, fail, MIGR_113",
        "changed, warn, 001_create_people: applied with checksum",
        "changed, allow, ''",
    })
    void thePolicyOfTheApplicationHolds(String irregularity, String policy, String said, CapturedOutput output) {
        Apps.start(database).close();
        int before = output.getAll().length();
        database.execute(
                switch (irregularity) {
                    case "missing" ->
                        "INSERT INTO tb_confiture (id, slug, version, name, checksum)"
                                + " VALUES (gen_random_uuid(), 'gone', '000', 'gone', repeat('a', 64))";
                    case "changed" -> "UPDATE tb_confiture SET checksum = repeat('a', 64) WHERE version = '001'";
                    default -> "DELETE FROM tb_confiture WHERE version = '001'";
                });
        if (irregularity.equals("out-of-order")) {
            database.execute("DROP TABLE people");
        }
        String[] properties =
                policy.isEmpty() ? new String[0] : new String[] {"confiture.migrate." + irregularity + "=" + policy};
        if (said.startsWith("MIGR_")) {
            assertThat(Apps.failure(database, properties)).isNotNull();
            assertThat(output.getAll().substring(before)).contains(said);
            return;
        }
        Apps.start(database, properties).close();
        String printed = output.getAll().substring(before);
        if (said.isEmpty()) {
            assertThat(printed).doesNotContain(" WARN ");
        } else {
            assertThat(printed.lines().filter(line -> line.contains(" WARN ")))
                    .singleElement()
                    .asString()
                    .contains(said);
        }
        assertThat(database.values("SELECT version FROM tb_confiture")).contains("001", "002");
    }
}
