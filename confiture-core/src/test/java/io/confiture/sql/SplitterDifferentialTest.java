package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.Fingerprint;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs every script of the corpus through psql and through Confiture and compares what they leave behind.
 * {@code -Dupdate-goldens=true} writes psql's results to {@code golden.csv}.
 * psql must not be older than the server from version 18 on, which leaves the end of CSV rows to the client.
 */
@Tag("conformance")
class SplitterDifferentialTest {

    @Test
    void psqlAndConfitureAgree() throws SQLException, IOException, InterruptedException {
        SortedMap<String, String> goldens = SplitterCorpus.goldens();
        List<SplitterCorpus.Case> cases = SplitterCorpus.cases();
        SoftAssertions softly = new SoftAssertions();
        int accepted = 0;
        int same = 0;
        for (SplitterCorpus.Case script : cases) {
            try (TestDatabase byPsql = TestDatabase.create();
                    TestDatabase byConfiture = TestDatabase.create()) {
                Psql psql = Psql.run(script, byPsql);
                softly.assertThat(psql.outcome())
                        .as("%s through psql: %s", script, psql.output())
                        .isEqualTo(script.psql());
                softly.assertThat(script.runConfiture(byConfiture))
                        .as("%s through Confiture", script)
                        .isEqualTo(script.confiture());
                accepted += psql.outcome().equals("ok") ? 1 : 0;
                String expected = SplitterCorpus.fingerprint(byPsql);
                String actual = SplitterCorpus.fingerprint(byConfiture);
                if (script.leaves().equals("same")) {
                    softly.assertThat(actual).as("%s", script).isEqualTo(expected);
                    same += actual.equals(expected) ? 1 : 0;
                    goldens.put(SplitterCorpus.goldenKey(script), Fingerprint.sha256(expected));
                } else if (script.leaves().equals("own")) {
                    goldens.put(SplitterCorpus.goldenKey(script), Fingerprint.sha256(actual));
                }
            }
        }
        System.out.printf(
                "Splitter corpus: %d scripts, psql accepts %d, same catalog %d%n", cases.size(), accepted, same);
        softly.assertThat(accepted).as("scripts psql accepts").isGreaterThanOrEqualTo(40);
        softly.assertAll();
        if (Boolean.getBoolean("update-goldens")) {
            SplitterCorpus.writeGoldens(goldens);
        }
        assertThat(SplitterCorpus.goldens()).containsAllEntriesOf(goldens);
    }

    private record Psql(String outcome, String output) {

        static Psql run(SplitterCorpus.Case script, TestDatabase database) throws InterruptedException {
            try {
                Process process = new ProcessBuilder(
                                "psql",
                                "-X",
                                "-q",
                                "-v",
                                "ON_ERROR_STOP=1",
                                "-f",
                                SplitterCorpus.DIRECTORY
                                        .resolve(script.script())
                                        .toString(),
                                "-d",
                                database.url().substring("jdbc:".length()))
                        .redirectErrorStream(true)
                        .start();
                process.getOutputStream().close();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                return new Psql(process.exitValue() == 0 ? "ok" : "fail", output);
            } catch (IOException e) {
                throw new UncheckedIOException("This test needs psql", e);
            }
        }
    }
}
