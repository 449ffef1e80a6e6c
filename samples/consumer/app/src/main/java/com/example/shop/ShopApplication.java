package com.example.shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.confiture.Confiture;
import io.confiture.migrate.AppliedMigration;
import io.confiture.migrate.Migrator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    ApplicationRunner http(JdbcClient jdbc, Migrator migrator, @Value("${server.port:8080}") int port) {
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
            server.createContext("/version", exchange -> answer(exchange, List.of(Confiture.version())));
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
