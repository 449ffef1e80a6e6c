package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.MigrationException;
import io.confiture.migrate.Migrator;
import io.confiture.test.Fingerprint;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The scripts of {@code splitter}, each with a trap, and what is to become of them. */
final class SplitterCorpus {
    static final Path DIRECTORY = Path.of("src/test/resources/splitter");
    private static final Path GOLDEN = DIRECTORY.resolve("golden.csv");

    private SplitterCorpus() {}

    /**
     * @param psql {@code ok} or {@code fail}
     * @param confiture {@code ok}, or {@code fail:} and an error code or SQLSTATE
     * @param leaves what Confiture leaves behind: the {@code same} as psql, its {@code own} or nothing ({@code empty})
     */
    record Case(String script, String psql, String confiture, String leaves) {
        byte[] bytes() {
            return read(DIRECTORY.resolve(script));
        }

        /** Runs the script through Confiture, as a migration, and tells the outcome. */
        Result runConfiture(TestDatabase database) throws IOException {
            Path folder = Files.createTempDirectory("splitter");
            Path migration = folder.resolve("1_script.up.sql");
            try {
                Files.write(migration, bytes());
                Migrator.builder(database.dataSource())
                        .locations(folder.toString())
                        .build()
                        .applyAll();
                return new Result("ok", null, null);
            } catch (MigrationException e) {
                return new Result("fail:" + (e.sqlState() == null ? e.code() : e.sqlState()), e.line(), e.column());
            } finally {
                Files.delete(migration);
                Files.delete(folder);
            }
        }

        @Override
        public String toString() {
            return script;
        }
    }

    /**
     * What became of a script, and where it failed.
     *
     * @param outcome as {@link Case#confiture()}
     */
    record Result(
            String outcome,
            @Nullable Integer line,
            @Nullable Integer column) {}

    static List<Case> cases() {
        List<Case> cases = lines(DIRECTORY.resolve("expectations.csv"))
                .map(line -> line.split(","))
                .map(cells -> new Case(cells[0], cells[1], cells[2], cells[3]))
                .toList();
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(cases)
                    .extracting(Case::script)
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith(".sql"))
                                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    static String fingerprint(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Fingerprint.of(connection);
        }
    }

    /** Deparsed definitions differ between versions of the server, hashes with them. */
    static String goldenKey(Case script) {
        String version = System.getProperty("postgres.binaries.version");
        return version.substring(0, version.indexOf('.')) + "," + script.script();
    }

    /** The SHA-256 of what is to be left behind, by version of the server and script. */
    static SortedMap<String, String> goldens() {
        SortedMap<String, String> goldens = new TreeMap<>();
        lines(GOLDEN).forEach(line -> {
            int comma = line.lastIndexOf(',');
            goldens.put(line.substring(0, comma), line.substring(comma + 1));
        });
        return goldens;
    }

    static void writeGoldens(SortedMap<String, String> goldens) throws IOException {
        StringBuilder text = new StringBuilder(
                "# major version of the server, script, SHA-256 of what is left behind: psql's result where expectations.csv says same\n");
        goldens.forEach((key, hash) -> text.append(key).append(',').append(hash).append('\n'));
        Files.writeString(GOLDEN, text);
    }

    private static Stream<String> lines(Path file) {
        return new String(read(file), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
