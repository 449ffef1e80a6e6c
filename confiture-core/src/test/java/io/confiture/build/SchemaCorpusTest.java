package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.Fingerprint;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real schemas with their data, from a folder that {@code -Dconfiture.corpus} names: what is run on a database, and what psql
 * makes of the text, is what psql makes of the files.
 */
@Tag("corpus")
class SchemaCorpusTest {
    @TempDir
    Path project;

    /** Neither has a backslash in a plain literal, so that the setting that is refused means nothing to them. */
    private List<Path> sources(String name) throws IOException {
        String corpus = System.getProperty("confiture.corpus");
        assertThat(corpus).as("-Dconfiture.corpus").isNotNull();
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(corpus, name))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".sql"))
                    .sorted((one, other) -> other.compareTo(one))
                    .toList()) {
                String text = Files.readString(file)
                        .replace("SET standard_conforming_strings = off", "SET standard_conforming_strings = on");
                Path source = project.resolve("db/schema/" + sources.size() + "_" + file.getFileName());
                Files.createDirectories(source.getParent());
                sources.add(Files.writeString(source, text));
            }
        }
        return sources;
    }

    private static String fingerprint(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Fingerprint.of(connection);
        }
    }

    private static long psql(TestDatabase database, List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres", "-p"));
        command.addAll(List.of(String.valueOf(TestServer.port()), "-d", database.name()));
        files.forEach(file -> command.addAll(List.of("-f", file.toString())));
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return (System.nanoTime() - begin) / 1_000_000;
    }

    @ParameterizedTest
    @CsvSource({"sakila, 21, 7", "northwind, 14, 0"})
    void aRealSchemaIsWhatPsqlMakesOfIt(String name, int tables, int views) throws Exception {
        List<Path> files = sources(name);
        SchemaBuilder builder = new SourceTree(project).builder();
        Path text = project.resolve("built.sql");
        builder.writeTo(text);
        try (TestDatabase psqls = TestDatabase.create();
                TestDatabase ours = TestDatabase.create();
                TestDatabase texts = TestDatabase.create()) {
            long psql = psql(psqls, files);
            BuildResult result = builder.execute(ours.dataSource());
            psql(texts, List.of(text));
            String expected = fingerprint(psqls);
            assertThat(fingerprint(ours)).isEqualTo(expected);
            assertThat(fingerprint(texts)).isEqualTo(expected);
            assertThat(result.tablesCreated()).isEqualTo(tables);
            assertThat(result.viewsCreated()).isEqualTo(views);
            System.out.println(name + ": " + result.statements() + " statements, " + result.bytes() + " bytes, "
                    + expected.lines().count() + " facts and rows equal psql's; psql " + psql + " ms, execute "
                    + result.duration().toMillis() + " ms");
            List<Long> psqlTimes = new ArrayList<>();
            List<Long> ourTimes = new ArrayList<>();
            for (int i = 0; i < Integer.getInteger("confiture.rounds", 0); i++) {
                try (TestDatabase one = TestDatabase.create();
                        TestDatabase other = TestDatabase.create()) {
                    psqlTimes.add(psql(one, files));
                    long begin = System.nanoTime();
                    builder.execute(other.dataSource());
                    ourTimes.add((System.nanoTime() - begin) / 1_000_000);
                }
            }
            System.out.println(name + " again: psql " + psqlTimes + " ms, execute " + ourTimes + " ms");
        }
    }
}
