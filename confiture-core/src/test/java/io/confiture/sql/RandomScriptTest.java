package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.SqlScriptException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts thrown together from what splitters trip over. The seed of a failure is in its message. */
class RandomScriptTest {
    private static final int SCRIPTS = 1_500;

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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void onlyScriptErrorsEscapeAndNothingGetsLost(int round) {
        for (int i = 0; i < SCRIPTS; i++) {
            long seed = round * 1_000_000L + i;
            byte[] script = script(new Random(seed)).getBytes(UTF_8);
            for (ScriptSection section : ScriptSection.values()) {
                List<String> outcome = read(new ByteArrayInputStream(script), script, section);
                assertThat(read(new Trickle(script), script, section))
                        .as("seed %d, %s", seed, section)
                        .isEqualTo(outcome);
            }
        }
    }

    @Test
    void randomBytesAreNoDanger() {
        for (int seed = 0; seed < SCRIPTS; seed++) {
            Random random = new Random(seed);
            byte[] script = new byte[random.nextInt(60)];
            random.nextBytes(script);
            assertThat(read(new ByteArrayInputStream(script), script, ScriptSection.WHOLE))
                    .as("seed %d", seed)
                    .isEqualTo(read(new Trickle(script), script, ScriptSection.WHOLE));
        }
    }

    private static String script(Random random) {
        StringBuilder script = new StringBuilder();
        for (int pieces = random.nextInt(30); pieces > 0; pieces--) {
            script.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return script.toString();
    }

    /** The statements and rows, each statement checked against its bytes, and at the end the error if there is one. */
    private static List<String> read(InputStream in, byte[] script, ScriptSection section) {
        List<String> outcome = new ArrayList<>();
        long end = 0;
        try (ScriptReader reader = ScriptReader.open("random.sql", in, section)) {
            outcome.add(reader.directives().toString());
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                int start = Math.toIntExact(next.start().offset());
                byte[] text = next.text().getBytes(UTF_8);
                assertThat(new String(script, start, text.length, UTF_8)).isEqualTo(next.text());
                assertThat(next.text()).isNotEmpty();
                assertThat(start).isGreaterThanOrEqualTo((int) end);
                end = next.endOffset();
                assertThat(end - start - text.length).isBetween(0L, 1L);
                assertThat(next.locate(Integer.MAX_VALUE).offset()).isEqualTo(start + text.length);
                outcome.add(next + " " + next.effect() + " " + next.changesSession());
                if (next.copiesIn() && start % 2 == 0) {
                    outcome.add(new String(reader.copyData().readAllBytes(), UTF_8));
                }
            }
        } catch (SqlScriptException e) {
            outcome.add(e.getMessage());
            assertThat(e.line()).isPositive();
            assertThat(e.column()).isPositive();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return outcome;
    }

    /** Gives one byte at a time. */
    private static final class Trickle extends InputStream {
        private final byte[] bytes;
        private int at;

        Trickle(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return at < bytes.length ? bytes[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int b = read();
            if (b < 0) {
                return -1;
            }
            target[offset] = (byte) b;
            return 1;
        }
    }
}
