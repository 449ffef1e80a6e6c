package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code psql} and {@code pg_dump} as they are installed. */
final class PostgresTools {
    private PostgresTools() {}

    private record Result(int exit, String output) {}

    /** The version of {@code pg_dump}, which reads servers up to that. */
    static int dumpMajor() {
        Matcher version = Pattern.compile("(\\d+)")
                .matcher(run(List.of("pg_dump", "--version"), null).output());
        assertThat(version.find()).isTrue();
        return Integer.parseInt(version.group(1));
    }

    /** A copy of the database, made by dumping it and restoring the dump. */
    static TestDatabase restored(TestDatabase database, Path directory) {
        Path dump = directory.resolve(database.name() + ".sql");
        Result dumped = run(List.of("pg_dump", "-d", url(database)), dump.toFile());
        assertThat(dumped.exit()).as(dumped.output()).isZero();
        TestDatabase copy = TestDatabase.create();
        load(copy, dump);
        return copy;
    }

    /** What {@code pg_dump} says of a server that is too new for it. */
    static String refusal(TestDatabase database) {
        Result dumped = run(List.of("pg_dump", "-d", url(database)), null);
        assertThat(dumped.exit()).isNotZero();
        return dumped.output();
    }

    /** Runs a script; any error ends it. */
    static void load(TestDatabase database, Path script) {
        Result loaded = run(
                List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script.toString(), "-d", url(database)),
                null);
        assertThat(loaded.exit()).as(loaded.output()).isZero();
    }

    private static String url(TestDatabase database) {
        return database.url().substring("jdbc:".length());
    }

    private static Result run(List<String> command, @Nullable File output) {
        try {
            Path said = Files.createTempFile("catalog", ".out");
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
            builder.redirectError(said.toFile());
            builder.redirectOutput(output == null ? said.toFile() : output);
            if (output == null) {
                builder.redirectErrorStream(true);
            }
            Process process = builder.start();
            process.getOutputStream().close();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            String text = Files.readString(said, StandardCharsets.UTF_8);
            Files.delete(said);
            return new Result(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException("This test needs psql and pg_dump", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
