package com.example.shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.confiture.Confiture;
import io.confiture.build.SchemaBuilder;
import io.confiture.build.SchemaFile;
import io.confiture.migrate.AppliedMigration;
import io.confiture.migrate.Migrator;
import io.confiture.migrate.SchemaOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Answers with what is in the database; the JDK's own HTTP server will do for that. */
@SpringBootApplication
public class ShopApplication {

    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }

    @Bean
    ApplicationRunner http(
            JdbcClient jdbc, Migrator migrator, SchemaBuilder schema, @Value("${server.port:8080}") int port) {
        return arguments -> {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext(
                    "/products",
                    exchange -> answer(
                            exchange,
                            jdbc.sql("SELECT name FROM product ORDER BY id")
                                    .query(String.class)
                                    .list()));
            server.createContext(
                    "/migrations",
                    exchange -> answer(
                            exchange,
                            migrator.applied().stream()
                                    .map(AppliedMigration::version)
                                    .toList()));
            server.createContext(
                    "/schema",
                    exchange -> answer(
                            exchange,
                            Stream.concat(
                                            Stream.of(Confiture.version(), schema.computeHash()),
                                            schema.findSqlFiles().stream().map(SchemaFile::name))
                                    .toList()));
            server.createContext(
                    "/built-from",
                    exchange -> answer(
                            exchange,
                            Optional.ofNullable(migrator.status().origin()).map(SchemaOrigin::hash).stream()
                                    .toList()));
            server.start();
            LoggerFactory.getLogger(ShopApplication.class)
                    .info("Answers on port {}", server.getAddress().getPort());
        };
    }

    private static void answer(HttpExchange exchange, List<String> lines) throws IOException {
        byte[] body = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
