package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.confiture.config.Config;
import io.confiture.postgres.ConnectionSource;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A row that fails is named, however it went to the server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeedFailuresTest {
    private static final String TABLES = "CREATE TABLE author (id int PRIMARY KEY, name text NOT NULL);"
            + "CREATE TABLE book (id int PRIMARY KEY, author int REFERENCES author, title varchar(9) UNIQUE,"
            + " pages int CHECK (pages > 0), next int REFERENCES book)";

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private Path file = Path.of("");

    @BeforeEach
    void tables(@TempDir Path temp) {
        file = temp.resolve("seed.sql");
        database.execute("DROP TABLE IF EXISTS book, author", TABLES);
    }

    private SeedLoader loader() {
        return SeedLoader.of(Config.builder()
                .seedDirs(Objects.requireNonNull(file.getParent()).toString())
                .build());
    }

    private SeedFailure failure(String sql) throws IOException {
        Files.writeString(file, sql);
        SeedException thrown = catchThrowableOfType(SeedException.class, () -> loader().load(database.dataSource()));
        assertThat(thrown).isNotNull();
        SeedReport report = Objects.requireNonNull(thrown.report());
        SeedFailure failure = Objects.requireNonNull(report.failed().get(0).failure());
        assertThat(thrown).hasMessageContaining(failure.toString()).hasMessageContaining("Nothing is loaded");
        assertThat(database.value("SELECT count(*) FROM author")).isEqualTo("0");
        return failure;
    }

    /** Rows of authors, a line each, of which some are written otherwise. */
    private static String authors(int count, int wrong, String instead) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> n == wrong ? instead : "(" + n + ", 'n\n" + n + "')")
                .collect(Collectors.joining(",\n"));
    }

    @Test
    void aRowOfAnInsertOfSeveralRows() throws Exception {
        SeedFailure failure = failure("-- first\nINSERT INTO author VALUES\n" + authors(9, 7, "(1, 'again')") + ";");
        assertThat(failure.row()).isEqualTo(7);
        assertThat(failure.line()).isEqualTo(3 + 6 * 2);
        assertThat(failure.column()).isEqualTo(1);
        assertThat(failure.table()).isEqualTo("author");
        assertThat(failure.sqlState()).isEqualTo("23505");
        assertThat(failure.message()).contains("Key (id)=(1) already exists");
    }

    @Test
    void aRowOfManyThatWentThroughCopy() throws Exception {
        SeedFailure failure =
                failure("INSERT INTO author (id, name) VALUES\n" + authors(1_500, 1_234, "(1234,\nNULL)") + ";");
        assertThat(failure.row()).isEqualTo(1_234);
        assertThat(failure.line()).isEqualTo(2 + 1_233 * 2);
        assertThat(failure.table()).isEqualTo("author");
        assertThat(failure.sqlState()).isEqualTo("23502");
    }

    @Test
    void oneOfManyInsertsOfOneRowThatWentThroughCopy() throws Exception {
        String inserts = IntStream.rangeClosed(1, 1_500)
                .mapToObj(n -> "INSERT INTO author VALUES (" + (n == 1_400 ? 7 : n) + ", 'x');\n")
                .collect(Collectors.joining());
        SeedFailure failure = failure("\n\n" + inserts);
        assertThat(failure.row()).isEqualTo(1);
        assertThat(failure.line()).isEqualTo(1_402);
        assertThat(failure.sqlState()).isEqualTo("23505");
    }

    @Test
    void aRowWithoutItsParentOfWhichTheServerTellsNoLine() throws Exception {
        database.execute("ALTER TABLE book DROP COLUMN next");
        String rows = IntStream.rangeClosed(1, 1_100)
                .mapToObj(n -> "(" + n + ", " + (n == 900 ? 9 : "NULL") + ")")
                .collect(Collectors.joining(",\n"));
        SeedFailure failure = failure("INSERT INTO book (id, author) VALUES\n" + rows + ";");
        assertThat(failure.row()).isEqualTo(900);
        assertThat(failure.line()).isEqualTo(901);
        assertThat(failure.sqlState()).isEqualTo("23503");
    }

    @Test
    void aRowOfACopyBlock() throws Exception {
        SeedFailure unique = failure("COPY author FROM stdin;\n1\ta\n2\tb\n1\tc\n\\.\n");
        assertThat(unique.row()).isEqualTo(3);
        assertThat(unique.line()).isEqualTo(4);
        assertThat(unique.table()).isEqualTo("author");
        SeedFailure parent = failure("COPY book (id, author, title) FROM stdin;\n1\t\\N\ta\\\n\n2\t7\tb\n\\.\n");
        assertThat(parent.row()).isEqualTo(2);
        assertThat(parent.sqlState()).isEqualTo("23503");
    }

    @Test
    void aValueThatDoesNotFitStandsWhereItStands() throws Exception {
        SeedFailure failure = failure("INSERT INTO author VALUES (1, 'a'),\n  (2, 'b'),\n  ('x', 'c');");
        assertThat(failure.line()).isEqualTo(3);
        assertThat(failure.column()).isEqualTo(4);
        assertThat(failure.row()).isEqualTo(3);
    }

    @Test
    void aColumnThatIsNotThereIsNoRowsFault() throws Exception {
        SeedFailure failure = failure("INSERT INTO author (id, nam) VALUES (1, 'a'),\n(2, 'b');");
        assertThat(failure.row()).isNull();
        assertThat(failure.line()).isEqualTo(1);
        assertThat(failure.column()).isEqualTo(25);
    }

    @Test
    void validationTellsEveryFailureAndLeavesTheDatabaseAlone() throws Exception {
        Files.writeString(file, """
                INSERT INTO author VALUES
                  (1, 'a'),
                  (1, 'twice'),
                  (2, NULL),
                  (3, 'c');
                INSERT INTO author VALUES (4, NULL);
                UPDATE author SET id = 1;
                COPY book (id, author, title) FROM stdin;
                1\t1\tone
                2\t9\tno such author
                3\t3\tone
                4\t3\tfour
                \\.
                INSERT INTO book (id, pages) VALUES (5, 0), (6, 5), (7, -1);
                INSERT INTO book (id, next) VALUES (8, 9), (9, 99), (10, 8);
                INSERT INTO nowhere VALUES (1), (2);
                """);
        SeedValidation validation = loader().validate(
                        ConnectionSource.of(database.url()),
                        scratch -> JdbcClient.create(scratch).sql(TABLES).update());
        assertThat(validation.valid()).isFalse();
        assertThat(validation.failures())
                .extracting(failure -> failure.line() + " " + failure.row() + " " + failure.sqlState())
                .containsExactly(
                        "3 2 23505",
                        "4 3 23502",
                        "6 1 23502",
                        "7 null 23505",
                        "10 2 22001",
                        "11 3 23505",
                        "14 1 23514",
                        "14 3 23514",
                        "15 1 23503",
                        "15 2 23503",
                        "15 3 23503",
                        "16 null 42P01");
        assertThat(validation.rows()).isEqualTo(2 + 2 + 1);
        assertThat(validation.toString()).contains("12 failures", "row 2 of table author");
        assertThat(database.value("SELECT count(*) FROM author")).isEqualTo("0");
        assertThat(database.values("SELECT datname FROM pg_database WHERE datname LIKE 'confiture\\_scratch%'"))
                .isEmpty();
    }

    @Test
    void validationTakesRowsOfOneStatementThatReferToEachOther() throws Exception {
        Files.writeString(file, "INSERT INTO book (id, next, pages) VALUES (1, 2, 1), (2, NULL, 1), (3, NULL, 0);");
        SeedValidation validation = loader().validate(
                        ConnectionSource.of(database.url()),
                        scratch -> JdbcClient.create(scratch).sql(TABLES).update());
        assertThat(validation.failures())
                .singleElement()
                .satisfies(only -> assertThat(only.row()).isEqualTo(3));
        assertThat(List.of(validation.rows())).containsExactly(2L);
    }
}
