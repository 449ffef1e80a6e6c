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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
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
        int samePlaces = 0;
        for (SplitterCorpus.Case script : cases) {
            try (TestDatabase byPsql = TestDatabase.create();
                    TestDatabase byConfiture = TestDatabase.create()) {
                Psql psql = Psql.run(script, byPsql);
                softly.assertThat(psql.outcome())
                        .as("%s through psql: %s", script, psql.output())
                        .isEqualTo(script.psql());
                SplitterCorpus.Result confiture = script.runConfiture(byConfiture);
                softly.assertThat(confiture.outcome())
                        .as("%s through Confiture", script)
                        .isEqualTo(script.confiture());
                PsqlError error = PsqlError.of(psql.output());
                if (error != null && script.confiture().matches("fail:(?!MIGR).*")) {
                    softly.assertThat(confiture.line()).as("line of %s", script).isEqualTo(error.line(script));
                    if (error.column() > 0) {
                        softly.assertThat(confiture.column())
                                .as("column of %s", script)
                                .isEqualTo(error.column());
                    }
                    samePlaces++;
                }
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
                "Splitter corpus: %d scripts, psql accepts %d, same catalog %d, same place of an error %d%n",
                cases.size(), accepted, same, samePlaces);
        softly.assertThat(cases).hasSizeGreaterThanOrEqualTo(80);
        softly.assertThat(accepted).as("scripts psql accepts").isGreaterThanOrEqualTo(70);
        softly.assertThat(same).as("scripts that leave the same behind").isGreaterThanOrEqualTo(70);
        softly.assertThat(samePlaces).as("errors whose place psql tells").isGreaterThanOrEqualTo(3);
        softly.assertAll();
        if (Boolean.getBoolean("update-goldens")) {
            SplitterCorpus.writeGoldens(goldens);
        }
        assertThat(SplitterCorpus.goldens()).containsAllEntriesOf(goldens);
    }

    /**
     * Where the server found an error, as psql tells it.
     *
     * @param end the line of the script where the statement ends
     * @param line within the statement
     * @param column 0 where psql's columns are those of a terminal, not of the text
     */
    private record PsqlError(int end, int line, int column) {
        private static final Pattern FORM =
                Pattern.compile("(?m)^psql:[^:]*:(\\d+): ERROR: .*\\R(LINE (\\d+): )(.*)\\R( *)\\^");

        static @Nullable PsqlError of(String output) {
            Matcher found = FORM.matcher(output);
            if (!found.find()) {
                return null;
            }
            boolean plain =
                    found.group(4).matches("\\p{ASCII}*") && !found.group(4).startsWith("...");
            int column = found.group(5).length() - found.group(2).length() + 1;
            return new PsqlError(
                    Integer.parseInt(found.group(1)), Integer.parseInt(found.group(3)), plain ? column : 0);
        }

        int line(SplitterCorpus.Case script) {
            String text = new String(script.bytes(), StandardCharsets.UTF_8);
            List<SqlStatement> ending = Scripts.statements(text).stream()
                    .filter(statement ->
                            statement.start().line() + statement.text().lines().count() - 1 == end)
                    .toList();
            return ending.get(0).start().line() + line - 1;
        }
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
