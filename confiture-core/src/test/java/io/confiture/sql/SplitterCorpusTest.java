package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.Fingerprint;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SplitterCorpusTest {
    private static final Map<String, String> GOLDENS = SplitterCorpus.goldens();

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private static String empty = "";

    @BeforeAll
    static void lookAtAnEmptyDatabase() throws SQLException {
        try (TestDatabase untouched = TestDatabase.create()) {
            empty = SplitterCorpus.fingerprint(untouched);
        }
    }

    static List<SplitterCorpus.Case> cases() {
        return SplitterCorpus.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void leavesBehindWhatItShould(SplitterCorpus.Case script) throws SQLException, IOException {
        assertThat(script.runConfiture(database).outcome()).isEqualTo(script.confiture());
        String after = SplitterCorpus.fingerprint(database);
        if (script.leaves().equals("empty")) {
            assertThat(after).isEqualTo(empty);
        } else {
            assertThat(Fingerprint.sha256(after)).as(after).isEqualTo(GOLDENS.get(SplitterCorpus.goldenKey(script)));
        }
    }
}
