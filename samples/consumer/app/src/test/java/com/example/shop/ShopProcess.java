package com.example.shop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The application, started from its jar in a process of its own. */
final class ShopProcess implements AutoCloseable {
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Pattern ANSWERS = Pattern.compile("Answers on port (\\d+)");

    private final Process process;
    private final String address;

    private ShopProcess(Process process, int port) {
        this.process = process;
        this.address = "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port;
    }

    /** Starts it and waits until it answers. */
    static ShopProcess start(Path jar, String jdbcUrl, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(JAVA, "-XX:TieredStopAtLevel=1", "-Xmx160m", "-jar", jar.toString()));
        command.add("--spring.datasource.url=" + jdbcUrl);
        command.add("--server.port=0");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            int port = CompletableFuture.supplyAsync(() -> port(process)).get(2, TimeUnit.MINUTES);
            return new ShopProcess(process, port);
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static int port(Process process) {
        StringBuilder output = new StringBuilder();
        BufferedReader reader = process.inputReader();
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.append(line).append(System.lineSeparator());
                Matcher matcher = ANSWERS.matcher(line);
                if (matcher.find()) {
                    return Integer.parseInt(matcher.group(1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("The application has ended:" + System.lineSeparator() + output);
    }

    /** The lines of an answer. */
    List<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(path + " was answered with " + response.statusCode());
        }
        return response.body().lines().toList();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("The application does not end");
        }
    }
}
