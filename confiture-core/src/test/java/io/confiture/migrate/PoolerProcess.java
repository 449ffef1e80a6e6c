package io.confiture.migrate;

import io.confiture.error.ConfitureException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A JVM that applies everything to one database after the other: to that of each line which it is told. */
final class PoolerProcess implements AutoCloseable {
    /** Applied by each of them beside the files: SQL that the driver would prepare by name, and a setting. */
    static final JavaMigration IN_JAVA = InJava.of("6", context -> {
        for (int i = 0; i < 20; i++) {
            context.jdbc()
                    .sql("INSERT INTO output (version, note) VALUES (?, ?)")
                    .params(600 + i, "java")
                    .update();
        }
        context.jdbc().sql("SET search_path = pg_catalog").update();
        context.jdbc().sql("SET TimeZone = 'Asia/Tokyo'").update();
        context.jdbc().sql("SET ROLE pg_monitor").update();
    });

    private final Process process;
    private final PrintStream in;
    private final BufferedReader out;

    private PoolerProcess(Process process) {
        this.process = process;
        this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads lines of a URL and a location. */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] order = line.split("\t");
            try {
                int applied = Migrator.builder(order[0])
                        .locations(order[1])
                        .javaMigration(IN_JAVA)
                        .build()
                        .applyAll()
                        .size();
                answers.println("applied " + applied);
            } catch (ConfitureException e) {
                answers.println("failed " + String.valueOf(e.getMessage()).replace('\n', ' '));
            }
        }
    }

    static PoolerProcess start() throws IOException {
        return new PoolerProcess(new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx96m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PoolerProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    void order(String url, String location) {
        in.println(url + "\t" + location);
    }

    /** What came of the order: {@code applied} and a number, or {@code failed} and the message. */
    String answer() throws IOException {
        return String.valueOf(out.readLine());
    }

    static List<String> answers(List<PoolerProcess> processes) throws IOException {
        List<String> answers = new ArrayList<>();
        for (PoolerProcess each : processes) {
            answers.add(each.answer());
        }
        return answers;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
