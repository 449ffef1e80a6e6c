package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.config.Separators;
import io.confiture.error.ConfigurationException;
import io.confiture.error.SchemaException;
import io.confiture.error.SqlScriptException;
import io.confiture.sql.ScriptReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files become when they are put together. */
class SchemaTextTest {
    @TempDir
    Path project;

    private SourceTree tree;

    @BeforeEach
    void tree() {
        tree = new SourceTree(project);
    }

    private String body() {
        String text = tree.builder().build();
        return text.substring(text.indexOf("\n\n") + 2);
    }

    @Test
    void theTextNamesItsSources() {
        tree.write("db/schema/10/a.sql", "CREATE TABLE a ();\n").write("db/schema/b.sql", "CREATE TABLE b ();\n");
        SchemaBuilder builder = tree.builder(config -> config.environment("staging"));
        assertThat(builder.build()).isEqualTo("""
                        -- Schema built by Confiture: change its sources, not this file
                        -- Environment: staging
                        -- Files: 2
                        -- Hash of the sources: sha256:%s

                        /* File: 10/a.sql */
                        CREATE TABLE a ();

                        /* File: b.sql */
                        CREATE TABLE b ();
                        """.formatted(builder.computeHash()));
    }

    @Test
    void theLastLineOfAFileAndTheFirstOfTheNextBecomeOne() {
        tree.write("db/schema/1.sql", "SELECT 1;")
                .write("db/schema/2.sql", "\uFEFFSELECT 2; -- without end of line")
                .write("db/schema/3.sql", "  ")
                .write("db/schema/4.sql", "")
                .write("db/schema/5.sql", "SELECT 5\r\n")
                .write("db/schema/6.sql", "SELECT 6 -- no semicolon;")
                .write("db/schema/7.sql", "SELECT 7 /* ; */")
                .write("db/schema/8.sql", "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END")
                .write("db/schema/9.sql", "COPY t FROM stdin;\n1\n\\.");
        assertThat(body()).isEqualTo("""
                /* File: 1.sql */
                SELECT 1;

                /* File: 2.sql */
                SELECT 2; -- without end of line

                /* File: 3.sql */
                \s\s

                /* File: 4.sql */

                /* File: 5.sql */
                SELECT 5
                ;

                /* File: 6.sql */
                SELECT 6 -- no semicolon;
                ;

                /* File: 7.sql */
                SELECT 7 /* ; */
                ;

                /* File: 8.sql */
                CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END
                ;

                /* File: 9.sql */
                COPY t FROM stdin;
                1
                \\.
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'open",
                "/* /* nested */",
                "SELECT $tag$ $other$",
                "CREATE TABLE \"t",
                "COPY t FROM stdin;\n1\n",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;",
            })
    void aFileThatWouldSwallowTheNextOneIsRefusedWithItsPlace(String text) {
        tree.write("db/schema/1.sql", "SELECT 1;\n " + text).write("db/schema/2.sql", "SELECT 2;");
        assertThatThrownBy(() -> tree.builder().build()).isInstanceOfSatisfying(SqlScriptException.class, e -> {
            assertThat(Path.of(e.file())).isEqualTo(project.resolve("db/schema/1.sql"));
            assertThat(e.line()).isEqualTo(2);
        });
    }

    @Test
    void commandsOfPsqlStayAndHideNothing() {
        String psql = """
                \\set who 'it''s me'
                \\echo building :who
                SELECT 1 \\gset
                -- confiture: transactional=false
                \\i other.sql
                """;
        tree.write("db/schema/1.sql", psql).write("db/schema/2.sql", "SELECT 2;");
        assertThat(body()).contains(psql + ";\n").endsWith("SELECT 2;\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*", "/*.sql", "*/ DROP TABLE users; --.sql", "new\nline; DROP TABLE x;.sql", "x\r\n.sql"})
    void aFileNameBreaksOutOfItsSeparator(String name) {
        for (Separators separators : new Separators[] {
            Separators.BLOCK_COMMENT,
            Separators.LINE_COMMENT,
            new Separators(Separators.Style.CUSTOM, "/* {file_path} and again {file_path} */"),
        }) {
            String separator = new Separator(separators).of(name);
            byte[] bytes = separator.getBytes(StandardCharsets.UTF_8);
            assertThat(separator).endsWith("\n");
            assertThat(separator.lines()).hasSize(1);
            try (var reader = ScriptReader.openForPsql(name, bytes, bytes.length)) {
                assertThat(reader.next()).isNull();
            }
        }
    }

    @Test
    void aTemplateIsAComment() {
        tree.write("db/schema/it's.sql", "SELECT 1;");
        assertThat(tree.builder(config ->
                                config.separators(new Separators(Separators.Style.CUSTOM, "-- <{file_path}>\r\n--")))
                        .build())
                .endsWith("\n\n-- <it's.sql>\n--\nSELECT 1;\n");
        for (String wrong : new String[] {"SELECT '{file_path}';", "-- no place", "DROP TABLE x; -- {file_path}"}) {
            assertThatThrownBy(() -> tree.builder(
                                    config -> config.separators(new Separators(Separators.Style.CUSTOM, wrong)))
                            .build())
                    .as(wrong)
                    .isInstanceOfAny(ConfigurationException.class, SqlScriptException.class);
        }
    }

    @Test
    void whatIsNoTextIsRefusedWithItsLine() {
        for (byte[] wrong : new byte[][] {
            {(byte) 0xC3}, {(byte) 0xE9, ' '}, {0}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xC0, (byte) 0xAF}
        }) {
            byte[] bytes = new byte[wrong.length + 5];
            System.arraycopy("--\n--".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, 5);
            System.arraycopy(wrong, 0, bytes, 5, wrong.length);
            tree.write("db/schema/1.sql", bytes);
            assertThatThrownBy(() -> tree.builder().build())
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("1.sql:2: a byte that is no UTF-8");
        }
        tree.write("db/schema/1.sql", "-- \u00E9 \u20AC \uD83D\uDE00 \uFFFD\n");
        assertThat(body()).contains("-- \u00E9 \u20AC \uD83D\uDE00 \uFFFD\n");
    }

    @Test
    void twoBuildsDifferByATimeStamp() {
        tree.write("db/schema/a.sql", "SELECT 1;").write("db/seeds/s.sql", "SELECT 'é';");
        SchemaBuilder builder = tree.builder(config -> config.seedDirs("db/seeds"));
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        builder.writeTo(stream);
        assertThat(builder.build()).isEqualTo(builder.build()).isEqualTo(stream.toString(StandardCharsets.UTF_8));
    }

    @Test
    void seedsAreLeftOutOnRequest() {
        tree.write("db/schema/a.sql", "SELECT 1;").write("db/seeds/s.sql", "INSERT INTO t VALUES (1);");
        SchemaBuilder builder = tree.builder(config -> config.seedDirs("db/seeds"));
        assertThat(builder.build()).contains("INSERT", "-- Files: 2");
        assertThat(builder.build(BuildOptions.schemaOnly()))
                .doesNotContain("INSERT")
                .contains("-- Files: 1", builder.computeHash());
    }

    @Test
    void aFileIsWrittenAsAWholeAndReplacesOnlyAnOutput() throws IOException {
        tree.write("db/schema/a.sql", "SELECT 1;");
        SchemaBuilder builder = tree.builder();
        Path target = project.resolve("db/generated/schema_local.sql");
        builder.writeTo(target);
        tree.write("db/schema/a.sql", "SELECT 2;");
        builder.writeTo(target);
        assertThat(target).hasContent(builder.build());
        tree.write("db/schema/b.sql", "SELECT 'open");
        assertThatThrownBy(() -> builder.writeTo(target)).isInstanceOf(SqlScriptException.class);
        assertThat(Files.readString(target)).contains("SELECT 2;");
        assertThatThrownBy(() -> builder.writeTo(project.resolve("db/schema/a.sql")))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("a.sql exists and was not built by Confiture");
        assertThat(project.resolve("db/schema/a.sql")).hasContent("SELECT 2;");
        try (var left = Files.list(target.getParent())) {
            assertThat(left).containsExactly(target);
        }
    }

    @Test
    void aWrittenFileMayBeReadByWhomAnyOtherFileMay() throws IOException {
        tree.write("db/schema/a.sql", "SELECT 1;");
        Path target = project.resolve("out.sql");
        tree.builder().writeTo(target);
        assertThat(Files.getPosixFilePermissions(target))
                .isEqualTo(Files.getPosixFilePermissions(project.resolve("db/schema/a.sql")));
    }

    @Test
    void anOutputAmongTheSourcesIsNotBuiltIntoTheNextOne() {
        tree.write("db/schema/a.sql", "SELECT 1;");
        tree.builder().writeTo(project.resolve("db/schema/z.sql"));
        assertThatThrownBy(() -> tree.builder().build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("z.sql is the output of a build");
    }

    @Test
    void anEnvironmentThatTheProjectDoesNotHaveIsTold() {
        assertThatThrownBy(() -> SchemaBuilder.forEnvironment("nowhere"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void theTextIsBuiltOnTheExecutorsThread() {
        tree.write("db/schema/a.sql", "SELECT 1;");
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            assertThat(tree.builder().buildAsync(executor).join())
                    .isEqualTo(tree.builder().build());
        } finally {
            executor.shutdown();
        }
    }
}
