package io.confiture.sql;

import static io.confiture.sql.Scripts.open;
import static io.confiture.sql.Scripts.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a script says about how it is to be run. */
class ScriptDirectivesTest {

    private ScriptDirectives directives(String script, ScriptSection section) {
        try (ScriptReader reader = open(script, section)) {
            return reader.directives();
        }
    }

    private static ScriptDirectives timeouts(
            @Nullable Boolean transactional, Duration lockTimeout, Duration statementTimeout) {
        return new ScriptDirectives(
                transactional, lockTimeout, statementTimeout, false, false, List.of(), List.of(), List.of(), Map.of());
    }

    @Test
    void tellWhatTheMigrationIs() {
        String script = "-- confiture: empty=refuse verify=always labels=eu,test-data placeholders=owner,tbl.space\n"
                + "-- confiture: meta.ticket=ABC-12 meta.author=\"Ada L.\" meta.a=b=c meta.empty=\nSELECT 1";
        ScriptDirectives read = directives(script, ScriptSection.WHOLE);
        assertThat(read.verifyAlways()).isTrue();
        assertThat(read.refuseEmpty()).isTrue();
        assertThat(read.labels()).containsExactly("eu", "test-data");
        assertThat(read.placeholders()).containsExactly("owner", "tbl.space");
        assertThat(read.metadata())
                .containsExactly(
                        entry("ticket", "ABC-12"), entry("author", "Ada L."), entry("a", "b=c"), entry("empty", ""));
    }

    @Test
    void areReadWithoutTheStatement() {
        String script = "-- migrate:up\n-- confiture: labels=eu\nSELECT 'never closed";
        assertThat(ScriptDirectives.read("x", new ByteArrayInputStream(script.getBytes(UTF_8)), ScriptSection.UP)
                        .labels())
                .containsExactly("eu");
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts(script, ScriptSection.UP))
                .satisfies(e -> assertThat(e.problem()).contains("literal"));
    }

    @Test
    void readNoMoreOfTheFileThanTheyNeed() throws IOException {
        byte[] header = "-- confiture: labels=eu\nSELECT '".getBytes(UTF_8);
        InputStream endless = new SequenceInputStream(new ByteArrayInputStream(header), new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        });
        assertThat(ScriptDirectives.read("x", endless, ScriptSection.WHOLE).labels())
                .containsExactly("eu");
    }

    @Test
    void standAboveTheFirstStatement() {
        String script = "-- A comment\n--confiture: transactional=false lock-timeout=2s\r\n/* x */\n"
                + "  -- Confiture:\tstatement-timeout=5min\nSELECT 1; SELECT 2";
        assertThat(directives(script, ScriptSection.WHOLE))
                .isEqualTo(timeouts(false, Duration.ofSeconds(2), Duration.ofMinutes(5)));
        assertThat(texts(script)).containsExactly("SELECT 1", "SELECT 2");
    }

    @Test
    void mayBeAskedForAnyTime() {
        try (ScriptReader reader = open("-- confiture: transactional=true\nSELECT 1; SELECT 2", ScriptSection.UP)) {
            assertThat(reader.directives().transactional()).isTrue();
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("SELECT 1");
            assertThat(reader.directives().transactional()).isTrue();
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("SELECT 2");
            assertThat(reader.next()).isNull();
            assertThat(reader.directives().transactional()).isTrue();
        }
    }

    @Test
    void sayNothingByDefault() {
        assertThat(directives("-- confiturex: a=b\n-- see confiture: x", ScriptSection.WHOLE))
                .isEqualTo(ScriptDirectives.NONE);
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "2s, PT2S", "5min, PT5M", "1h, PT1H", "0, PT0S", "2147483647ms, PT596H31M23.647S"})
    void durations(String written, Duration meant) {
        assertThat(directives("-- confiture: lock-timeout=" + written, ScriptSection.WHOLE)
                        .lockTimeout())
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transactionl=false | 1 | 15 | unknown directive \"transactionl\"",
                "lock_timeout=2s | 1 | 15 | unknown directive \"lock_timeout\"",
                "lock-timeout=2 | 1 | 15 | lock-timeout=2 is no duration",
                "lock-timeout=2d | 1 | 15 | no duration",
                "lock-timeout=-1s | 1 | 15 | no duration",
                "lock-timeout=2147483648ms | 1 | 15 | no duration",
                "lock-timeout=9999999999h | 1 | 15 | no duration",
                "transactional=no | 1 | 15 | neither true nor false",
                "transactional | 1 | 15 | has no value",
                "verify=yes | 1 | 15 | verify=yes is not known",
                "empty=true | 1 | 15 | empty=true is not known",
                "labels=a,,b | 1 | 15 | labels=a,,b is no list of names",
                "labels= | 1 | 15 | no list of names",
                "labels=a, b | 1 | 15 | no list of names",
                "labels=a,b,a | 1 | 15 | holds a name twice",
                "placeholders=${a} | 1 | 15 | no list of names",
                "meta.=x | 1 | 15 | unknown directive",
                "meta=x | 1 | 15 | unknown directive",
                "meta.a=1 meta.a=2 | 1 | 24 | given twice",
                "lock-timeout=1s transactional=false lock-timeout=1s | 1 | 51 | given twice",
            })
    void mistakesAreNamed(String directive, int line, int column, String problem) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts("-- confiture: " + directive + "\nSELECT 1"))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_DIRECTIVE);
                    assertThat(e.problem()).contains(problem);
                    assertThat(List.of(e.line(), e.column())).containsExactly(line, column);
                });
    }

    @Test
    void theNearestNameIsSuggested() {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts("-- confiture: statment_timeout=1s"))
                .satisfies(e -> assertThat(e.hint()).startsWith("Did you mean \"statement-timeout\"?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1;\n-- confiture: transactional=false\n",
                "SELECT 1; -- confiture: transactional=false\n",
                "SELECT\n-- confiture: transactional=false\n1",
                "-- confiture:\nSELECT 1",
                "/* x */ ; -- confiture: transactional=false\nSELECT 1",
            })
    void elsewhereAreErrors(String script) {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(() -> texts(script))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_DIRECTIVE));
    }

    @Test
    void aboveTheMarkersHoldForBothSectionsWithinOneForItAlone() {
        String script = "-- confiture: lock-timeout=1s statement-timeout=1s\n-- migrate:up\n"
                + "-- confiture: transactional=false lock-timeout=2s\nSELECT 1;\n-- migrate:down\n"
                + "-- confiture: lock-timeout=3s\nSELECT 2;";
        Duration second = Duration.ofSeconds(1);
        assertThat(directives(script, ScriptSection.UP)).isEqualTo(timeouts(false, Duration.ofSeconds(2), second));
        assertThat(directives(script, ScriptSection.DOWN)).isEqualTo(timeouts(null, Duration.ofSeconds(3), second));
    }

    @Test
    void ofTheOtherSectionAreCheckedToo() {
        assertThatExceptionOfType(SqlScriptException.class)
                .isThrownBy(
                        () -> directives("-- migrate:up\n-- confiture: x=y\n-- migrate:down\n", ScriptSection.DOWN));
    }
}
