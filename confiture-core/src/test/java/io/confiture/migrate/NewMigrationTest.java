package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewMigrationTest extends MigratorTestCase {
    // The zone must not matter.
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-31T23:30:05.9Z"), ZoneId.of("Pacific/Auckland"));

    private List<Path> create(String name) {
        MigrationFiles files = new MigrationFiles(
                List.of(folder.location()),
                false,
                io.confiture.sql.Placeholders.NONE,
                List.of(),
                Naming.CONFITURE,
                null,
                CLOCK);
        return new NewMigration(files, CLOCK).create(name, files.folder());
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).toList();
    }

    @ParameterizedTest
    @CsvSource({"add users, add_users", "Add `Größe`!, add_größe", "__a--b.up.sql, a_b_up_sql", "2_x, 2_x"})
    void aMigrationIsNamedByTimeInUtcAndACleanName(String name, String cleaned) {
        assertThat(names(create(name)))
                .containsExactly("20260131233005_" + cleaned + ".up.sql", "20260131233005_" + cleaned + ".down.sql");
    }

    @Test
    void twoWithinASecondHaveVersionsInOrder() {
        create("a");
        assertThat(names(create("a")).get(0)).isEqualTo("20260131233006_a.up.sql");
        assertThat(names(create("b")).get(0)).isEqualTo("20260131233007_b.up.sql");
    }

    @Test
    void severalAtOncePickTheSameNumber() throws Exception {
        int processes = 8;
        CyclicBarrier start = new CyclicBarrier(processes);
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            List<Future<Void>> creations = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                String name = "by_" + i;
                creations.add(threads.submit(() -> {
                    start.await();
                    for (int round = 0; round < 5; round++) {
                        create(name);
                    }
                    return null;
                }));
            }
            for (Future<Void> creation : creations) {
                creation.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        try (Stream<Path> files = Files.list(Path.of(folder.location()))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(processes * 5 * 2)
                    .noneMatch(file -> file.startsWith("."));
        }
        assertThat(migrator().status().pendingCount()).isEqualTo(processes * 5);
    }

    @ParameterizedTest
    @CsvSource({
        "001, 20260131233005",
        "20260131233004, 20260131233005",
        "20991231235959, 20991231235960",
        "99999999999999999999.7, 100000000000000000000"
    })
    void theVersionIsAboveTheNewest(String newest, String version) {
        folder.write("deep/" + newest + "_x.up.sql", "");
        assertThat(names(create("b")).get(0)).isEqualTo(version + "_b.up.sql");
    }

    @Test
    void nothingThatIsThereIsOverwritten() throws IOException {
        folder.write("20260131233005_a.down.sql", "-- mine").write("20260131233005_a.up.sql", "-- mine");
        create("a");
        assertThat(Files.readString(Path.of(folder.location(), "20260131233005_a.up.sql")))
                .isEqualTo("-- mine");
    }

    @Test
    void neitherDirectionRunsBeforeItIsWritten() throws IOException {
        Migrator migrator = migrator();
        List<Path> files = migrator.newMigration("add users");
        MigrationException e = refused(MigrationException.class, ErrorCode.SCRIPT_SYNTAX, migrator::applyAll);
        assertThat(e).hasMessageContaining("add_users.up.sql holds no statement yet");
        assertThat(migrator.plan().blockers()).hasSize(1);
        Files.writeString(files.get(0), Files.readString(files.get(0)) + "CREATE TABLE users ();");
        assertThat(migrator.applyAll()).hasSize(1);
        String version = migrator.applied().get(0).version();
        refused(MigrationException.class, ErrorCode.SCRIPT_SYNTAX, () -> migrator.rollback(version));
        Files.writeString(files.get(1), Files.readString(files.get(1)) + "DROP TABLE users;");
        migrator.rollback(version);
        assertThat(exists("users")).isFalse();
    }

    @Test
    void theFolderIsCreatedInTheFirstLocationOnDisk() {
        Path absent = temp.resolve("not/yet");
        List<Path> files = Migrator.builder("postgresql://nobody.invalid/x")
                .locations("classpath:docs", "file:" + absent, temp.toString())
                .build()
                .newMigration("a");
        assertThat(files)
                .hasSize(2)
                .allSatisfy(file -> assertThat(file).exists().hasParent(absent));
    }

    @Test
    void forClassPathLocationsTheFolderHasToBeNamed() {
        Migrator migrator = Migrator.builder(database.dataSource())
                .locations("classpath:docs")
                .build();
        ConfigurationException e =
                fails(ConfigurationException.class, ErrorCode.INVALID_CONFIGURATION, () -> migrator.newMigration("a"));
        assertThat(e).hasMessageContaining("newMigration(name, Path.of(\"src/main/resources/docs\"))");
        List<Path> first = migrator.newMigration("a", temp);
        assertThat(first).allSatisfy(file -> assertThat(file).exists());
        assertThat(migrator.newMigration("a", temp)).doesNotContainAnyElementsOf(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "__"})
    void aNameThatSaysNothingIsRefused(String name) {
        fails(ConfigurationException.class, ErrorCode.BAD_FILE_NAME, () -> create(name));
        assertThat(Path.of(folder.location())).doesNotExist();
    }

    @Test
    void aPlaceThatIsNoFolderIsToldWithItsName() {
        folder.write("file", "");
        Path file = Path.of(folder.location(), "file");
        assertThat(fails(
                        ConfigurationException.class,
                        ErrorCode.LOCATION_MISSING,
                        () -> migrator().newMigration("a", file)))
                .hasMessageContaining(file.toString());
    }
}
