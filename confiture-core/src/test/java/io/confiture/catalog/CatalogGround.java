package io.confiture.catalog;

import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.Session;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;

/** The schemas of {@code src/test/resources/catalog}, which together use every kind of object, in databases. */
final class CatalogGround {
    static final List<String> SCHEMAS = List.of("shop", "parts", "code", "kinds", "guarded");

    private static boolean rolesThere;

    private CatalogGround() {}

    /** A database with all schemas that are modelled, as the version of the server knows them. */
    static TestDatabase whole() {
        TestDatabase database = TestDatabase.create();
        run(database, SCHEMAS.stream().map(schema -> resource(schema + ".sql")).toList());
        int major = major(database);
        for (int from = 15; from <= major; from++) {
            if (CatalogGround.class.getResource("/catalog/guarded-" + from + ".sql") != null) {
                run(database, List.of(resource("guarded-" + from + ".sql")));
            }
        }
        return database;
    }

    /** A database with these scripts of the resources. */
    static TestDatabase of(String... schemas) {
        TestDatabase database = TestDatabase.create();
        for (String schema : schemas) {
            run(database, List.of(resource(schema + ".sql")));
        }
        return database;
    }

    static int major(TestDatabase database) {
        return Integer.parseInt(String.valueOf(database.value("SELECT current_setting('server_version_num')"))) / 10000;
    }

    static Catalog read(TestDatabase database) {
        return read(database, SCHEMAS);
    }

    static Catalog read(TestDatabase database, List<String> schemas) {
        try (Connection connection = database.connect()) {
            return Catalog.read(connection, schemas);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static String resource(String name) {
        try (InputStream in = CatalogGround.class.getResourceAsStream("/catalog/" + name)) {
            Assertions.assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs scripts, statement by statement exactly as written. */
    static void run(TestDatabase database, List<String> scripts) {
        createRoles();
        try (Session session = Session.open(ConnectionSource.of(database.dataSource()))) {
            for (String script : scripts) {
                for (SqlStatement statement : statements(script)) {
                    session.execute(statement.text());
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<SqlStatement> statements(String script) {
        List<SqlStatement> statements = new ArrayList<>();
        try (ScriptReader reader = ScriptReader.open(
                "script.sql", new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)), ScriptSection.WHOLE)) {
            for (SqlStatement next = reader.next(); next != null; next = reader.next()) {
                statements.add(next);
            }
        }
        return statements;
    }

    private static synchronized void createRoles() {
        if (!rolesThere) {
            TestServer.execute(
                    "CREATE ROLE catalog_owner", "CREATE ROLE catalog_reader", "CREATE ROLE \"Catalog Writer\"");
            rolesThere = true;
        }
    }
}
