package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Scripts thrown together from what splitters trip over, and scripts composed of statements that are known. The seed of a
 * failure is in its message; {@code -Dconfiture.seed} sets the first one of the long run.
 */
class RandomScriptTest {
    private static final int SCRIPTS = 1_500;
    private static final int MANY_SCRIPTS = 200_000;

    private static final String[] PIECES = {
        " ",
        "\n",
        "\r\n",
        "\t",
        ";",
        ";\n",
        "'",
        "''",
        "\"",
        "\\",
        "\\.\n",
        "\n\\.\n",
        "$$",
        "$a$",
        "$",
        "$1",
        "(",
        ")",
        "--",
        "-- x\n",
        "/*",
        "*/",
        "/",
        "*",
        "-",
        "E'",
        "U&'",
        "U&\"",
        "e",
        "N'",
        "a",
        "é",
        "😀",
        "1",
        "1e5",
        "SELECT ",
        "CREATE FUNCTION f() ",
        "CREATE OR REPLACE PROCEDURE p() ",
        "BEGIN ATOMIC ",
        "begin ",
        "atomic ",
        "CASE ",
        "END ",
        "END;",
        "COPY a FROM stdin;",
        "COPY a FROM stdin;\n1\n\\.\n",
        "COPY a TO stdout;",
        "set_config(",
        "\uFEFF",
        "-- migrate:up\n",
        "-- migrate:down\n",
        "-- confiture: lock-timeout=1s\n",
        "\\restrict x\n",
        "COMMIT;",
        "INDEX ",
        "CONCURRENTLY ",
        "REINDEX (",
        "ALTER TABLE ",
        "DETACH PARTITION ",
        "DROP ",
        ".",
        ",",
        "=",
        "SET client_encoding TO ",
        "U&\"\\0061\" UESCAPE '",
        "UESCAPE "
    };

    @Test
    void onlyScriptErrorsEscapeAndNothingGetsLost() {
        check("thrown", 1_000_000, 3 * SCRIPTS);
    }

    @Test
    void randomBytesAreNoDanger() {
        for (int seed = 0; seed < SCRIPTS; seed++) {
            Random random = new Random(seed);
            byte[] script = new byte[random.nextInt(60)];
            random.nextBytes(script);
            check(seed, script);
        }
    }

    @Test
    void composedScriptsFallApartIntoWhatTheyWereComposedOf() {
        check("composed", 1_000_000, SCRIPTS);
    }

    @Test
    @Tag("conformance")
    void holdsForManyMore() {
        long first = Long.getLong("confiture.seed", System.nanoTime());
        int read = check("thrown", first, MANY_SCRIPTS);
        int composed = check("composed", first, MANY_SCRIPTS);
        System.out.printf(
                "Random scripts: seed %d, %d thrown together (%d read to their end), %d composed (%d read to their end)%n",
                first, MANY_SCRIPTS, read, MANY_SCRIPTS, composed);
        assertThat(composed).isEqualTo(MANY_SCRIPTS);
    }

    /** How many could be read to their end. */
    private static int check(String kind, long first, int scripts) {
        int read = 0;
        for (long seed = first; seed < first + scripts; seed++) {
            Random random = new Random(seed);
            if (kind.equals("thrown")) {
                read += check(seed, thrown(random).getBytes(UTF_8)).error() == null ? 1 : 0;
            } else {
                read += checkComposed(seed, new ComposedScript(random));
            }
        }
        return read;
    }

    private static int checkComposed(long seed, ComposedScript script) {
        byte[] bytes = script.text().getBytes(UTF_8);
        ScriptProperties.Outcome outcome = check(seed, bytes);
        assertThat(outcome.error()).as("seed %d: %s", seed, script.text()).isNull();
        assertThat(Scripts.textsAndRows(script.text()))
                .as("seed %d: %s", seed, script.text())
                .isEqualTo(script.statements());
        return 1;
    }

    private static ScriptProperties.Outcome check(long seed, byte[] script) {
        try {
            return ScriptProperties.check(script);
        } catch (Throwable e) {
            throw new AssertionError("Seed " + seed + ": " + new String(script, UTF_8), e);
        }
    }

    private static String thrown(Random random) {
        StringBuilder script = new StringBuilder();
        for (int pieces = random.nextInt(30); pieces > 0; pieces--) {
            script.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return script.toString();
    }
}
