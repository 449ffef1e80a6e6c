package io.confiture.test;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A process of its own that runs a main method on the class path of the tests, without their logging, and can be killed. */
public final class ChildJvm implements AutoCloseable {
    /** Of a process ended by SIGKILL. */
    public static final int KILLED = 128 + 9;

    /** Of a process ended by SIGTERM. */
    public static final int TERMINATED = 128 + 15;

    private static final int PATIENCE_SECONDS = 300;

    private final Process process;
    private final BufferedReader reader;
    private final List<String> lines = new ArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
        this.reader = process.inputReader();
        // Who waits for a line of it must not wait for ever.
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    public static ChildJvm start(Class<?> main, String... arguments) {
        return start(Map.of(), main, arguments);
    }

    /** With these variables of the environment beside its own. */
    public static ChildJvm start(Map<String, String> variables, Class<?> main, String... arguments) {
        // Logging takes a third of the time that such a process lives.
        String classPath = Arrays.stream(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator))
                .filter(entry -> !entry.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx96m",
                "-cp",
                classPath,
                main.getName()));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
            process.environment().putAll(variables);
            return new ChildJvm(process.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads on until a line is as wanted; false if the output ends before. */
    public boolean awaitLine(Predicate<String> wanted) {
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (wanted.test(line)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGKILL, which no code of the process sees, and waits until the process is gone. */
    public int kill() {
        process.destroyForcibly();
        return exitCode();
    }

    /** Sends SIGTERM, and leaves the output to be read. */
    public void terminate() {
        process.toHandle().destroy();
    }

    public int exitCode() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("Does not end: " + lines);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All that the process said; waits for its end. */
    public String output() {
        awaitLine(line -> false);
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
