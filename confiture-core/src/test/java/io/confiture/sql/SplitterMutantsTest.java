package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.SqlScriptException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Shows that the corpus notices when a rule of the splitter is broken: each mutant is the splitter compiled with one
 * expression replaced. {@code -Dupdate-goldens=true} rewrites the boundaries they are compared with.
 */
class SplitterMutantsTest {
    private static final Path SOURCES = Path.of("src/main/java/io/confiture/sql");
    private static final Path BOUNDARIES = SplitterCorpus.DIRECTORY.resolve("boundaries.txt");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theSplitterKeepsItsBoundaries() throws Exception {
        List<String> boundaries = boundaries(SplitterMutantsTest.class.getClassLoader());
        if (Boolean.getBoolean("update-goldens")) {
            Files.write(BOUNDARIES, boundaries);
        }
        assertThat(boundaries).isEqualTo(Files.readAllLines(BOUNDARIES));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "comments do not nest ~ Lexer ~ open++; ~ ;",
                "any END ends a body ~ StatementStructure ~ inBody && bodyStatementEnded ~ inBody",
                "a body is nothing special ~ StatementStructure ~ depth == 0 && !inBody; ~ depth == 0;",
                "parentheses are nothing special ~ StatementStructure ~ depth == 0 && !inBody; ~ !inBody;",
                "dollar signs are no part of names ~ ScriptInput ~ isDigit(b) || b == '$' ~ isDigit(b)",
                "any dollar sign may end a literal ~ Lexer ~ if (in.lookingAt(delimiter)) ~ if (in.has(delimiterLength))",
                "E'' has no escapes ~ StatementScanner ~ literal(begin, true) ~ literal(begin, false)",
                "all literals have escapes ~ Lexer ~ escapes ? '\\\\' : '\\'' ~ '\\\\'",
                "E'' is not continued ~ StatementScanner ~ afterEscapeLiteral && lineBegins ~ false",
                "rows end with LF only ~ CopyData ~ in.peek(length) == '\\r' ? 1 : 0 ~ 0",
                "any line with the mark ends the rows ~ CopyData ~ default -> 0 ~ default -> length",
                "COPY is nothing special ~ StatementStructure ~ previousIs(\"from\") ~ false",
                "the rest of a COPY line is lost ~ ScriptReader ~ behindCopy = scanner.restOfLine(); ~ behindCopy ="
                        + " scanner.restOfLine(); behindCopy.restOfLine();",
                "a byte order mark is text ~ ScriptInput ~ peek() == 0xEF ~ peek() == -2",
                "quoted names are nothing special ~ StatementScanner ~ '\"' -> quotedName(in.offset()) ~ '\"' -> structure.token(symbol())",
            })
    void theCorpusNoticesThat(String rule, String type, String expression, String replacement) throws Exception {
        try (URLClassLoader mutant = compile(type, expression, replacement)) {
            assertThat(boundaries(mutant)).isNotEqualTo(Files.readAllLines(BOUNDARIES));
        }
    }

    private URLClassLoader compile(String type, String expression, String replacement)
            throws IOException, URISyntaxException {
        Path source = SOURCES.resolve(type + ".java");
        String text = Files.readString(source);
        assertThat(text.split(Pattern.quote(expression), -1))
                .as("places of \"%s\" in %s, plus one", expression, type)
                .hasSize(2);
        Path mutated = directory.resolve(type + ".java");
        Files.writeString(mutated, text.replace(expression, replacement));
        List<String> sources = new ArrayList<>(List.of(mutated.toString()));
        try (Stream<Path> all = Files.list(SOURCES)) {
            all.filter(path -> !path.equals(source)).map(Path::toString).forEach(sources::add);
        }
        URL errors = location(SqlScriptException.class);
        URL annotations = location(NullMarked.class);
        Path classes = Files.createDirectory(directory.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options = List.of(
                "-d",
                classes.toString(),
                "-proc:none",
                "-cp",
                Path.of(errors.toURI()) + File.pathSeparator + Path.of(annotations.toURI()));
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            assertThat(compiler.getTask(
                                    messages,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjects(sources.toArray(String[]::new)))
                            .call())
                    .as("%s", messages)
                    .isTrue();
        }
        URL[] path = {classes.toUri().toURL(), errors, annotations};
        return new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /** Where the statements of all scripts begin and end, or what error stops the reading. */
    private static List<String> boundaries(ClassLoader loader) throws Exception {
        Class<?> reader = loader.loadClass(ScriptReader.class.getName());
        Class<?> section = loader.loadClass(ScriptSection.class.getName());
        Object whole = section.getMethod("valueOf", String.class).invoke(null, "WHOLE");
        Method open = reader.getMethod("open", String.class, InputStream.class, section);
        Method next = reader.getMethod("next");
        List<String> boundaries = new ArrayList<>();
        for (SplitterCorpus.Case script : SplitterCorpus.cases()) {
            Object opened = open.invoke(null, script.script(), new ByteArrayInputStream(script.bytes()), whole);
            try {
                for (Object found = next.invoke(opened); found != null; found = next.invoke(opened)) {
                    Object start = found.getClass().getMethod("start").invoke(found);
                    Object end = found.getClass().getMethod("endOffset").invoke(found);
                    boundaries.add(script + " " + start + " to " + end);
                }
            } catch (InvocationTargetException e) {
                String message =
                        String.valueOf(Objects.requireNonNull(e.getCause()).getMessage());
                boundaries.add(message.lines().findFirst().orElseThrow());
            }
        }
        return boundaries;
    }
}
