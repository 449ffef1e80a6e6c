package io.confiture.migrate;

import io.confiture.error.ConfitureException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that applies everything and says how many migrations it applied. */
final class MigrateProcess {
    private MigrateProcess() {}

    /** Arguments: URL, location. */
    public static void main(String[] arguments) {
        try {
            List<MigrationResult> results = Migrator.builder(arguments[0])
                    .locations(arguments[1])
                    .build()
                    .applyAll();
            System.out.println("applied " + results.size());
        } catch (ConfitureException e) {
            System.out.println("failed " + e.getMessage());
            System.exit(1);
        }
    }

    static Process start(String url, String location) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                MigrateProcess.class.getName(),
                url,
                location));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
