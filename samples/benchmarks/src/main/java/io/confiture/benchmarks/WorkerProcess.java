package io.confiture.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Worker} seen from outside. */
final class WorkerProcess implements AutoCloseable {
    /** What one run took. */
    record Taken(long wallNanos, long cpuNanos) {}

    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;
    private final Path errors;

    private final Thread orphaned;

    private WorkerProcess(Process process, Path errors) {
        this.process = process;
        // A benchmark that is interrupted leaves nothing running.
        this.orphaned = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(orphaned);
        this.errors = errors;
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static WorkerProcess start(String runner, List<Path> classPath) throws IOException {
        Path errors = Files.createTempFile("confiture-benchmark", ".log");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-Dliquibase.analytics.enabled=false",
                        "-cp",
                        String.join(
                                File.pathSeparator,
                                classPath.stream().map(Path::toString).toList()),
                        Worker.class.getName(),
                        runner)
                .redirectError(errors.toFile())
                .start();
        return new WorkerProcess(process, errors);
    }

    void open(String url) throws IOException {
        ask("open " + url);
    }

    Taken run(Path folder) throws IOException {
        String[] parts = ask("run " + folder).split(" ", -1);
        return new Taken(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    void closePool() throws IOException {
        ask("close");
    }

    private String ask(String command) throws IOException {
        commands.write(command);
        commands.newLine();
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("The worker ended at \"" + command + "\":\n" + Files.readString(errors));
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        commands.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(orphaned);
        Files.deleteIfExists(errors);
    }
}
