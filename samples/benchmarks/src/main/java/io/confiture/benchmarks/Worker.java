package io.confiture.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The JVM a tool runs in. It reads commands from standard input, one a line, and answers each with one line:
 *
 * <ul>
 *   <li>{@code open URL}: fills a connection pool, answers {@code ok};
 *   <li>{@code run FOLDER}: runs the tool, answers {@code ran WALL-NANOS CPU-NANOS};
 *   <li>{@code close}: closes the pool, answers {@code ok}.
 * </ul>
 */
final class Worker {
    private static final int CONNECTIONS = 3;

    private final Runner runner;
    private @Nullable HikariDataSource pool;

    private Worker(Runner runner) {
        this.runner = runner;
    }

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        Worker worker = new Worker(Class.forName(args[0])
                .asSubclass(Runner.class)
                .getDeclaredConstructor()
                .newInstance());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            int space = line.indexOf(' ');
            String command = space < 0 ? line : line.substring(0, space);
            answers.println(worker.answer(command, line.substring(space + 1)));
            answers.flush();
        }
    }

    private String answer(String command, String argument) throws Exception {
        return switch (command) {
            case "open" -> open(argument);
            case "run" -> run(Path.of(argument));
            case "close" -> close();
            default -> throw new IOException("Unknown command " + command);
        };
    }

    private String open(String url) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(CONNECTIONS);
        HikariDataSource opened = new HikariDataSource(config);
        pool = opened;
        while (opened.getHikariPoolMXBean().getIdleConnections() < CONNECTIONS) {
            Thread.sleep(5);
        }
        return "ok";
    }

    private String run(Path folder) throws Exception {
        HikariDataSource opened = pool;
        if (opened == null) {
            throw new IllegalStateException("No pool is open");
        }
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        runner.run(opened, folder);
        long wallTaken = System.nanoTime() - wall;
        long cpuTaken = system.getProcessCpuTime() - cpu;
        return "ran " + wallTaken + " " + cpuTaken;
    }

    private String close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
        return "ok";
    }
}
