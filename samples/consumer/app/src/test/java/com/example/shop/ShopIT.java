package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.SchemaBuilder;
import io.confiture.config.Config;
import io.confiture.config.IncludeDir;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished jar on an empty database: {@code java -jar shop.jar} migrates and answers. */
class ShopIT {
    private static final Path JAR = Path.of(System.getProperty("shop.jar"));

    private static final String SCHEMA = "--spring.profiles.active=schema";

    private static EmbeddedPostgres server;
    private static int databases;

    private String database;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @BeforeEach
    void emptyDatabase() throws Exception {
        database = "shop_" + ++databases;
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?user=postgres";
    }

    private List<String> query(String sql) throws Exception {
        try (Connection connection = server.getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @Test
    void migrationsOfTheJarAndOfAJarInsideItAreApplied() throws Exception {
        try (ShopProcess shop = ShopProcess.start(JAR, url())) {
            assertThat(shop.get("/migrations")).containsExactly("001", "002");
            assertThat(shop.get("/products")).containsExactly("apricot jam", "plum jam");
        }
        assertThat(query("SELECT version || ' ' || name FROM tb_confiture ORDER BY pk_confiture"))
                .containsExactly("001 create_product", "002 first_products");
    }

    @Test
    void aProfileAddsItsOwnLocationToADatabaseThatIsInUse() throws Exception {
        try (ShopProcess shop = ShopProcess.start(JAR, url())) {
            assertThat(shop.get("/migrations")).containsExactly("001", "002");
        }
        try (ShopProcess shop = ShopProcess.start(JAR, url(), "--spring.profiles.active=dev")) {
            assertThat(shop.get("/migrations")).containsExactly("001", "002", "900");
            assertThat(shop.get("/products")).containsExactly("apricot jam", "plum jam", "test jam");
        }
    }

    @Test
    void anEmptyDatabaseIsBuiltFromTheSchemaOfBothJars(@TempDir Path temp) throws Exception {
        try (ShopProcess shop = ShopProcess.start(JAR, url(), SCHEMA)) {
            List<String> schema = schemaOnDisk(temp);
            assertThat(shop.get("/schema")).isEqualTo(schema);
            assertThat(shop.get("/built-from")).containsExactly(schema.get(1));
            assertThat(shop.get("/products")).containsExactly("apricot jam", "plum jam");
        }
        assertThat(query("SELECT version FROM tb_confiture ORDER BY 1")).containsExactly("001", "002");
        assertThat(query("SELECT conname FROM pg_constraint WHERE conrelid = 'product'::regclass AND contype = 'u'"))
                .containsExactly("product_name_key");
    }

    /** What the application is to answer for the same files outside of any jar, which the folder is filled with. */
    private static List<String> schemaOnDisk(Path folder) throws IOException {
        for (String module : List.of("../catalog", "")) {
            Path classes = Path.of(module).resolve("target/classes");
            try (Stream<Path> files = Files.walk(classes.resolve("db"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = folder.resolve(classes.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        SchemaBuilder schema = SchemaBuilder.of(Config.builder()
                .projectDir(folder)
                .includeDirs(List.of(
                        IncludeDir.of("db/schema/10_tables"),
                        new IncludeDir(
                                "db/schema/20_constraints",
                                true,
                                List.of("**/*.sql"),
                                List.of("**/*.draft.sql"),
                                0,
                                false)))
                .seedDirs("db/seeds/common")
                .hashSeeds(true)
                .build());
        List<String> expected = new ArrayList<>(List.of(System.getProperty("confiture.version"), schema.computeHash()));
        schema.findSqlFiles().forEach(file -> expected.add(file.name()));
        assertThat(expected).hasSize(5);
        return expected;
    }

    @Test
    void aJarWhosePathIsNoPlainUrlIsRead(@TempDir Path temp) throws Exception {
        Path folder = Files.createDirectories(temp.resolve("Größe 100% + a#b!"));
        Path jar = Files.copy(JAR, folder.resolve("der shop.jar"));
        try (ShopProcess shop = ShopProcess.start(jar, url(), SCHEMA)) {
            assertThat(shop.get("/schema")).isEqualTo(schemaOnDisk(temp.resolve("disk")));
            assertThat(shop.get("/products")).containsExactly("apricot jam", "plum jam");
        }
    }

    @Test
    void anExtractedJarIsReadLikeTheJar(@TempDir Path temp) throws Exception {
        Process extraction = new ProcessBuilder(
                        ShopProcess.JAVA,
                        "-Djarmode=tools",
                        "-jar",
                        JAR.toString(),
                        "extract",
                        "--destination",
                        temp.toString())
                .inheritIO()
                .start();
        assertThat(extraction.waitFor()).isZero();
        try (ShopProcess shop = ShopProcess.start(temp.resolve("shop.jar"), url(), SCHEMA)) {
            assertThat(shop.get("/schema")).isEqualTo(schemaOnDisk(temp.resolve("disk")));
            assertThat(shop.get("/products")).containsExactly("apricot jam", "plum jam");
        }
    }
}
