package io.confiture.sql;

import static io.confiture.sql.Scripts.open;
import static io.confiture.sql.Scripts.statements;
import static io.confiture.sql.Scripts.texts;
import static io.confiture.sql.Scripts.textsAndRows;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;

import io.confiture.error.ErrorCode;
import io.confiture.error.SqlScriptException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptReaderTest {

    @Test
    void closesTheStream() {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream in = new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        ScriptReader.open("x", in, ScriptSection.WHOLE).close();
        assertThat(closed).isTrue();
    }

    @Test
    void aStreamThatFailsNamesTheFile() {
        InputStream in = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return read();
            }
        };
        ScriptReader reader = ScriptReader.open("x.sql", in, ScriptSection.WHOLE);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(reader::next)
                .withMessageContaining("x.sql");
    }

    @Test
    void aStreamMayGiveFewBytesAtATime() {
        InputStream in =
                new ByteArrayInputStream("SELECT $a$é$a$; COPY t FROM stdin;\n1\n\\.\nSELECT 2".getBytes(UTF_8)) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(length, 1));
                    }
                };
        try (ScriptReader reader = ScriptReader.open("x", in, ScriptSection.WHOLE)) {
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("SELECT $a$é$a$");
            assertThat(Objects.requireNonNull(reader.next()).copiesIn()).isTrue();
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("SELECT 2");
            assertThat(reader.next()).isNull();
            assertThat(reader.next()).isNull();
        }
    }

    @Nested
    class Copy {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "COPY t FROM stdin",
                    "copy t from STDIN",
                    "COPY a.\"T\" (a, b) FROM stdin WITH (FORMAT csv)",
                    "COPY t FROM /* x */ stdin CSV",
                    "COPY BINARY t FROM stdin",
                    "COPY t FROM stdout",
                })
        void rowsFollow(String copy) {
            assertThat(textsAndRows(copy + ";\n1;\t'\n\\.\nSELECT 1;")).containsExactly(copy, "> 1;\t'\n", "SELECT 1");
        }

        @Test
        void rowsFollowALongListOfColumns() {
            String copy = "COPY t (" + "a, ".repeat(500) + "a) FROM stdin";
            assertThat(textsAndRows(copy + ";\n1\n\\.\n")).containsExactly(copy, "> 1\n");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "COPY t FROM 'stdin'",
                    "COPY t FROM \"stdin\"",
                    "COPY t FROM PROGRAM 'x'",
                    "COPY t TO stdout",
                    "COPY t TO 'x' /* FROM stdin */",
                    "COPY (SELECT a FROM stdin) TO 'x'",
                    "SELECT 1 FROM stdin",
                    "SELECT 'COPY t FROM stdin;'",
                    "CREATE FUNCTION f() AS $$COPY t FROM stdin;$$ LANGUAGE sql",
                })
        void noRowsFollow(String statement) {
            assertThat(textsAndRows(statement + ";\nSELECT 1;")).containsExactly(statement, "SELECT 1");
        }

        @Test
        void writesToTheClient() {
            assertThat(statements("COPY (SELECT * FROM t) TO STDOUT WITH CSV;COPY t TO 'x'"))
                    .extracting(SqlStatement::copiesOut)
                    .containsExactly(true, false);
        }

        @Test
        void aBackslashBeginsRowsToo() {
            assertThat(textsAndRows("COPY t FROM stdin;\n\\N\t1\n\\.x\n\\\\.\n \\.\n\\.\nSELECT 1"))
                    .containsExactly("COPY t FROM stdin", "> \\N\t1\n\\.x\n\\\\.\n \\.\n", "SELECT 1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\\.\n", "\\.\r\n", "\\.", "\\.\r"})
        void aLineEndsTheRows(String end) {
            assertThat(textsAndRows("COPY t FROM stdin;\r\n1\r\n" + end))
                    .containsExactly("COPY t FROM stdin", "> 1\r\n");
        }

        @Test
        void thereMayBeNoRows() {
            assertThat(textsAndRows("COPY t FROM stdin;\n\\.\nSELECT 1")).contains("> ", "SELECT 1");
        }

        @Test
        void whatFollowsOnTheLineIsReadAfterTheRows() {
            assertThat(textsAndRows("COPY a FROM stdin; SELECT 1; COPY b FROM stdin; -- x\n1\n\\.\n2\n\\.\nSELECT 2"))
                    .containsExactly(
                            "COPY a FROM stdin", "> 1\n", "SELECT 1", "COPY b FROM stdin", "> 2\n", "SELECT 2");
        }

        @Test
        void aStatementBehindItOnTheLineMustEndThere() {
            assertThatExceptionOfType(SqlScriptException.class)
                    .isThrownBy(() -> texts("COPY a FROM stdin; SELECT\n1\n\\.\n1;"))
                    .withMessageContaining("script.sql:1:20: a statement that begins behind a COPY");
        }

        @Test
        void rowsThatNeverEndAreBlamedOnTheirStatement() throws IOException {
            try (ScriptReader reader = open("SELECT 1;\n COPY t FROM stdin;\n1\n2\n", ScriptSection.WHOLE)) {
                reader.next();
                reader.next();
                InputStream rows = reader.copyData();
                assertThat(rows.readNBytes(4)).asString(UTF_8).isEqualTo("1\n2\n");
                assertThatExceptionOfType(SqlScriptException.class)
                        .isThrownBy(rows::read)
                        .withMessageContaining("script.sql:2:2: a COPY … FROM STDIN whose rows never end");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"COPY t FROM stdin", "COPY t FROM stdin\n1\n\\.\n", "COPY t FROM stdin;"})
        void withoutSemicolonOrRowsIsAnError(String script) {
            assertThatExceptionOfType(SqlScriptException.class)
                    .isThrownBy(() -> texts(script))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SCRIPT_SYNTAX));
        }

        @Test
        void rowsAreBytes() throws IOException {
            byte[] rows = {(byte) 0xFF, 0, (byte) 0xE9, '\n'};
            byte[] script = new byte[19 + rows.length + 3];
            System.arraycopy("COPY t FROM stdin;\n".getBytes(UTF_8), 0, script, 0, 19);
            System.arraycopy(rows, 0, script, 19, rows.length);
            System.arraycopy("\\.\n".getBytes(UTF_8), 0, script, 19 + rows.length, 3);
            try (ScriptReader reader = open(script, ScriptSection.WHOLE)) {
                reader.next();
                assertThat(reader.copyData().readAllBytes()).isEqualTo(rows);
                assertThat(reader.copyData().read()).isEqualTo(-1);
            }
        }

        @Test
        void theFirstRowHasALineAndStatementsBelowStillKnowTheirs() {
            try (ScriptReader reader =
                    open("-- x\nCOPY t\nFROM stdin; SELECT 1;\n1\n2\n\\.\nSELECT 2", ScriptSection.WHOLE)) {
                reader.next();
                assertThat(reader.copyDataLine()).isEqualTo(4);
                assertThat(Objects.requireNonNull(reader.next()).start()).isEqualTo(new SourcePosition(3, 13, 24));
                assertThat(Objects.requireNonNull(reader.next()).start()).isEqualTo(new SourcePosition(7, 1, 41));
            }
        }

        @Test
        void otherStatementsHaveNoRows() {
            try (ScriptReader reader = open("SELECT 1", ScriptSection.WHOLE)) {
                assertThatIllegalStateException().isThrownBy(reader::copyData);
            }
        }
    }

    @Nested
    class Directives {

        private ScriptDirectives directives(String script, ScriptSection section) {
            try (ScriptReader reader = open(script, section)) {
                return reader.directives();
            }
        }

        private static ScriptDirectives timeouts(
                @Nullable Boolean transactional, Duration lockTimeout, Duration statementTimeout) {
            return new ScriptDirectives(
                    transactional,
                    lockTimeout,
                    statementTimeout,
                    false,
                    false,
                    List.of(),
                    List.of(),
                    List.of(),
                    Map.of());
        }

        @Test
        void tellWhatTheMigrationIs() {
            String script =
                    "-- confiture: empty=refuse verify=always labels=eu,test-data placeholders=owner,tbl.space\n"
                            + "-- confiture: meta.ticket=ABC-12 meta.author=\"Ada L.\" meta.a=b=c meta.empty=\nSELECT 1";
            ScriptDirectives read = directives(script, ScriptSection.WHOLE);
            assertThat(read.verifyAlways()).isTrue();
            assertThat(read.refuseEmpty()).isTrue();
            assertThat(read.labels()).containsExactly("eu", "test-data");
            assertThat(read.placeholders()).containsExactly("owner", "tbl.space");
            assertThat(read.metadata())
                    .containsExactly(
                            entry("ticket", "ABC-12"),
                            entry("author", "Ada L."),
                            entry("a", "b=c"),
                            entry("empty", ""));
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
                    .isThrownBy(() ->
                            directives("-- migrate:up\n-- confiture: x=y\n-- migrate:down\n", ScriptSection.DOWN));
        }
    }

    @Nested
    class Sections {
        private static final String SCRIPT =
                "-- A comment\n-- migrate:up\nCREATE TABLE a ();\nSELECT '\n-- migrate:down\n';\n"
                        + "\n  --  migrate:down  \r\nCOPY t FROM stdin;\n-- migrate:up\n\\.\nDROP TABLE a;\n";

        @Test
        void areReadOneByOne() {
            assertThat(texts(SCRIPT, ScriptSection.UP))
                    .containsExactly("CREATE TABLE a ()", "SELECT '\n-- migrate:down\n'");
            assertThat(texts(SCRIPT, ScriptSection.DOWN)).containsExactly("COPY t FROM stdin", "DROP TABLE a");
            assertThat(texts(SCRIPT, ScriptSection.WHOLE)).hasSize(4);
        }

        @Test
        void haveRanges() {
            ScriptSections sections = scan(SCRIPT);
            assertThat(sections.marked()).isTrue();
            assertThat(range(SCRIPT, sections.upStart(), sections.upEnd()))
                    .startsWith("CREATE TABLE")
                    .endsWith("';\n\n  ");
            assertThat(range(SCRIPT, sections.downStart(), sections.downEnd()))
                    .startsWith("COPY")
                    .endsWith("a;\n");
        }

        @Test
        void withoutMarkersAllIsUp() {
            String script = "\uFEFFSELECT 1;";
            assertThat(texts(script, ScriptSection.UP)).containsExactly("SELECT 1");
            assertThat(texts(script, ScriptSection.DOWN)).isEmpty();
            assertThat(scan(script)).isEqualTo(new ScriptSections(false, 0, 12, -1, -1));
        }

        @Test
        void theDownSectionMayBeMissingOrEmpty() {
            assertThat(scan("-- migrate:up\nSELECT 1;")).isEqualTo(new ScriptSections(true, 14, 23, -1, -1));
            assertThat(scan("-- migrate:up\n-- migrate:down")).isEqualTo(new ScriptSections(true, 14, 14, 29, 29));
        }

        @Test
        void aMarkerInABodyDoesNotCount() {
            String script =
                    "-- migrate:up\nCREATE FUNCTION f() RETURNS int BEGIN ATOMIC\n-- migrate:down\nSELECT 1; END;"
                            + " /*\n-- migrate:down\n*/ DO $$\n-- migrate:down\n$$";
            assertThat(texts(script, ScriptSection.UP)).hasSize(2);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "-- migrate:up transaction:false | 1 | 1 | text behind the marker",
                    "-- migrate:upp | 1 | 1 | unknown marker",
                    "-- migrate: | 1 | 1 | unknown marker",
                    "-- migrate:up~-- migrate:up | 2 | 1 | a second -- migrate:up",
                    "-- migrate:up~-- migrate:down~-- migrate:down | 3 | 1 | a second -- migrate:down",
                    "-- migrate:up~-- migrate:down~-- migrate:up | 3 | 1 | behind -- migrate:down",
                    "-- migrate:down | 1 | 1 | without -- migrate:up",
                    "SELECT 1;~-- migrate:up | 1 | 1 | a statement above",
                    "-- migrate:up~SELECT 1; -- migrate:down | 2 | 11 | behind something else",
                    "-- migrate:up~SELECT 1 -- migrate:down | 2 | 10 | behind something else",
                })
        void mistakesAreNamed(String script, int line, int column, String problem) {
            assertThatExceptionOfType(SqlScriptException.class)
                    .isThrownBy(() -> scan(script.replace('~', '\n')))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.SCRIPT_SYNTAX);
                        assertThat(e.problem()).contains(problem);
                        assertThat(List.of(e.line(), e.column())).containsExactly(line, column);
                    });
        }

        @Test
        void optionsOfOtherToolsAreTranslated() {
            assertThatExceptionOfType(SqlScriptException.class)
                    .isThrownBy(() -> scan("-- migrate:up transaction:false"))
                    .satisfies(e -> assertThat(e.hint()).contains("-- confiture: transactional=false"));
        }

        @Test
        void aMarkerEndsAStatementWithoutSemicolon() {
            String script = "-- migrate:up\nSELECT 1 -- x\n-- migrate:down\nSELECT (2\n";
            assertThat(texts(script, ScriptSection.UP)).containsExactly("SELECT 1");
            assertThat(texts(script, ScriptSection.DOWN)).containsExactly("SELECT (2");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "-- migrate:up | 1:1",
                    "SELECT 1;~ /* x */ --  migrate: down  ~SELECT 2 | 2:10",
                    "SELECT 1~-- migrate:down | 2:1",
                    "-- migrate:up transaction:false | 1:1",
                    "-- migrate:up~-- migrate:down | 1:1",
                    "COPY t FROM stdin;~-- migrate:up~\\.~-- migrate:down | 4:1",
                    "-- migrate: users table |",
                    "-- migrate: down the road |",
                    "-- migrate:upper |",
                    "-- migrate:dwon |",
                    "-- see migrate:down |",
                    "SELECT 1; -- migrate:down |",
                    "SELECT '~-- migrate:down~', $$~-- migrate:down~$$; /*~-- migrate:down~*/ |",
                    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC~-- migrate:down~SELECT 1; END |",
                })
        void areNotedInAScriptThatHasNone(String script, String place) {
            try (ScriptReader reader = open(script.replace('~', '\n'), ScriptSection.WHOLE)) {
                while (reader.next() != null) {
                    // Only the marker matters.
                }
                SourcePosition marker = reader.ignoredMarker();
                assertThat(marker == null ? null : marker.line() + ":" + marker.column())
                        .isEqualTo(place);
            }
        }

        private ScriptSections scan(String script) {
            return ScriptSections.scan(Scripts.FILE, new ByteArrayInputStream(script.getBytes(UTF_8)));
        }

        private String range(String script, long from, long to) {
            return new String(script.getBytes(UTF_8), (int) from, (int) (to - from), UTF_8);
        }
    }
}
