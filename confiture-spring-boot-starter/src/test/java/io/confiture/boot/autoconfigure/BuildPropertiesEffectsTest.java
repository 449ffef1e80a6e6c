package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.confiture.build.ExecuteOptions;
import io.confiture.build.PrivilegeSplit.Part;
import io.confiture.build.SchemaBuilder;
import io.confiture.build.SchemaFile;
import io.confiture.build.TransactionMode;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What each property below {@code confiture.build} changes, seen at what the bean then builds. */
class BuildPropertiesEffectsTest {
    private static final ExecuteOptions PER_FILE = ExecuteOptions.defaults().withTransaction(TransactionMode.PER_FILE);
    private static final String SEQUENTIAL = "confiture.build.seeds.mode=sequential";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @TempDir
    private Path project;

    private ApplicationContextRunner runner = new ApplicationContextRunner();

    @BeforeEach
    void sources() throws IOException {
        write("db/schema/10_loan.sql", "CREATE TABLE loan (id int PRIMARY KEY, book int REFERENCES book (id));");
        write("db/schema/2_book.sql", "CREATE TABLE book (id int PRIMARY KEY);");
        write("db/schema/0x1A_view.sql", "CREATE VIEW books AS SELECT 1;");
        write("db/schema/old/author.sql", "CREATE TABLE author (id int);");
        write("db/seeds/common/1_book.sql", "INSERT INTO book VALUES (1);");
        write("db/seeds/common/2_book.sql", "INSERT INTO book VALUES (1);");
        write("db/seeds/common/3_book.sql", "INSERT INTO book VALUES (3);");
        runner = runner.withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
                .withPropertyValues(
                        "confiture.url=" + database.url(),
                        "confiture.migrate.mode=off",
                        "confiture.project-dir=" + project);
    }

    private void write(String file, String text) throws IOException {
        Path path = project.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    private <T> T with(Function<SchemaBuilder, T> seen, String... properties) {
        boolean elsewhere = Stream.of(properties).anyMatch(property -> property.startsWith("confiture.build.include"));
        List<T> values = new ArrayList<>();
        runner.withPropertyValues(elsewhere ? new String[0] : new String[] {"confiture.build.include=db/schema"})
                .withPropertyValues(properties)
                .run(context -> values.add(seen.apply(context.getBean(SchemaBuilder.class))));
        return values.get(0);
    }

    private List<String> files(String... properties) {
        return with(
                builder -> builder.findSqlFiles().stream()
                        .map(SchemaFile::name)
                        .map(name -> name.substring(name.lastIndexOf('/') + 1))
                        .toList(),
                properties);
    }

    @Test
    void include() {
        assertThat(files("confiture.build.include=db/schema/old,db/seeds"))
                .containsExactly("author.sql", "1_book.sql", "2_book.sql", "3_book.sql");
        assertThat(files(
                        "confiture.build.include[0].path=db/schema",
                        "confiture.build.include[0].recursive=false",
                        "confiture.build.include[0].exclude=0x*",
                        "confiture.build.include[0].order=2",
                        "confiture.build.include[1].path=db",
                        "confiture.build.include[1].include=**/author.sql",
                        "confiture.build.include[1].order=1",
                        "confiture.build.include[2].path=db/absent",
                        "confiture.build.include[2].auto-discover=true"))
                .containsExactly("author.sql", "10_loan.sql", "2_book.sql");
    }

    @Test
    void exclude() {
        assertThat(files()).contains("author.sql");
        assertThat(files("confiture.build.exclude=db/schema/old")).hasSize(3).doesNotContain("author.sql");
    }

    @Test
    void sortMode() {
        assertThat(files()).startsWith("0x1A_view.sql", "10_loan.sql", "2_book.sql");
        assertThat(files("confiture.build.sort-mode=natural")).containsSubsequence("2_book.sql", "10_loan.sql");
        assertThat(files("confiture.build.sort-mode=hex")).containsSubsequence("10_loan.sql", "0x1A_view.sql");
    }

    @Test
    void separators() {
        assertThat(text()).contains("/* File: ");
        assertThat(text("confiture.build.separators.style=line-comment")).contains("-- File: ");
        assertThat(text(
                        "confiture.build.separators.style=custom",
                        "confiture.build.separators.template=-- of {file_path}"))
                .contains("-- of ")
                .doesNotContain("File: ");
    }

    private String text(String... properties) {
        return with(SchemaBuilder::build, properties);
    }

    @Test
    void twoPass() {
        assertThat(catchThrowable(() -> with(builder -> builder.execute(database.dataSource()))))
                .hasMessageContaining("relation \"book\" does not exist");
        with(builder -> builder.execute(database.dataSource()), "confiture.build.two-pass=true");
        assertThat(database.value("SELECT confrelid::regclass FROM pg_constraint WHERE contype = 'f'"))
                .isEqualTo("book");
    }

    @Test
    void hashSeeds() {
        String seeds = "confiture.build.seeds.dirs=db/seeds/common";
        assertThat(hash(seeds)).isEqualTo(hash());
        assertThat(hash(seeds, "confiture.build.hash-seeds=true")).isNotEqualTo(hash());
    }

    private String hash(String... properties) {
        return with(SchemaBuilder::computeHash, properties);
    }

    private String split(Part part, String... properties) {
        return with(builder -> builder.split().text(part), properties);
    }

    @Test
    void superuserDirs() {
        assertThat(split(Part.SUPERUSER_PRE)).doesNotContain("author");
        assertThat(split(Part.SUPERUSER_PRE, "confiture.build.superuser-dirs=db/schema/old"))
                .contains("author");
        assertThat(split(Part.SUPERUSER_POST, "confiture.build.superuser-post-dirs=db/schema/old"))
                .contains("author");
    }

    @Test
    void seedsOfAProfile() {
        String dirs = "confiture.build.seeds.dirs=db/seeds/common";
        String include = "confiture.build.seeds.profiles.small.include=*_book.sql";
        String exclude = "confiture.build.seeds.profiles.small.exclude=2_*";
        assertThat(files()).hasSize(4);
        assertThat(files(dirs, include, exclude)).hasSize(7);
        assertThat(files(dirs, include, exclude, "confiture.build.seeds.profile=small"))
                .endsWith("author.sql", "1_book.sql", "3_book.sql");
    }

    private Throwable executed(String... properties) {
        return catchThrowable(() -> with(
                builder -> builder.execute(database.dataSource(), PER_FILE),
                Stream.concat(
                                Stream.of(
                                        "confiture.build.sort-mode=natural",
                                        "confiture.build.seeds.dirs=db/seeds/common"),
                                Stream.of(properties))
                        .toArray(String[]::new)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"confiture.build.seeds.mode=concatenate", SEQUENTIAL})
    void aSeedThatFailsTakesTheOthersWithIt(String mode) {
        assertThat(executed(mode)).hasMessageContaining("2_book.sql");
        assertThat(database.values("SELECT id FROM book")).isEmpty();
    }

    @Test
    void seedsInTransactionsOfTheirOwnStay() {
        assertThat(executed(SEQUENTIAL, "confiture.build.seeds.transaction=transaction"))
                .hasMessageContaining("2_book.sql");
        assertThat(database.values("SELECT id FROM book")).containsExactly("1");
    }

    @Test
    void aSeedThatFailsIsPassedOver() {
        assertThat(executed(SEQUENTIAL, "confiture.build.seeds.on-error=continue"))
                .isNull();
        assertThat(database.values("SELECT id FROM book ORDER BY 1")).containsExactly("1", "3");
    }
}
