package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.Fingerprint;
import io.confiture.test.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real schemas, from the folder that {@code -Dconfiture.corpus} names, built in one pass and in two. */
@Tag("corpus")
class TwoPassCorpusTest {

    private static Path corpus(String path) {
        String corpus = System.getProperty("confiture.corpus");
        assertThat(corpus).as("-Dconfiture.corpus").isNotNull();
        return Path.of(corpus, path);
    }

    private static SchemaFile file(Path path) {
        return new SchemaFile(path.getFileName().toString(), path.toString(), false, () -> Files.newInputStream(path));
    }

    private static String built(List<SchemaFile> files) throws SQLException {
        try (TestDatabase database = TestDatabase.create();
                Connection connection = database.connect()) {
            SchemaSources.run(connection, files);
            return Fingerprint.of(connection);
        }
    }

    private static void sameCatalog(String name, List<SchemaFile> files, int moved) throws SQLException {
        ForeignKeyPass pass = ForeignKeyPass.over(files);
        String script = SchemaSources.text(pass.files().get(pass.files().size() - 1));
        long added = pass.files().size() == files.size() ? 0 : script.split("ADD CONSTRAINT", -1).length - 1;
        System.out.println("two-pass " + name + ": " + added + " foreign keys moved, "
                + pass.inPlace().size() + " stay");
        assertThat(built(pass.files())).isEqualTo(built(files));
        assertThat(added).isEqualTo(moved);
    }

    @Test
    void sakilaIsTheSame() throws SQLException {
        sameCatalog(
                "sakila",
                List.of(file(corpus("sakila/sakila-schema.sql")), file(corpus("sakila/sakila-data.sql"))),
                40);
    }

    @Test
    void northwindIsTheSame() throws SQLException {
        sameCatalog("northwind", List.of(file(corpus("northwind/northwind.sql"))), 13);
    }

    /** Years of migrations as if they were one schema: tables are renamed, dropped and altered all along. */
    @Test
    void kratosIsTheSame() throws SQLException, IOException {
        List<SchemaFile> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(corpus("kratos-migrations"))) {
            paths.filter(path -> path.toString().endsWith(".up.sql")).sorted().forEach(path -> files.add(file(path)));
        }
        sameCatalog("kratos", files, 40);
    }
}
