package io.confiture.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What the build has laid down below {@code target/tools}: the class path of each tool. */
record ToolJars(Path target) {
    private static final String CONTEXT = "context";

    /** The class path of a {@link Worker}. */
    List<Path> classPath(Tool... tools) throws IOException {
        List<Path> path = new ArrayList<>();
        path.add(classes());
        for (Tool tool : tools) {
            if (tool != Tool.BARE) {
                path.addAll(jars(tool.id));
            }
        }
        path.addAll(jars("common"));
        return path;
    }

    /** The class path of a {@link ContextApplication}: what all of them need, and nothing of the other starters. */
    List<Path> classPath(Starter starter, Path resources) throws IOException {
        List<Path> path = new ArrayList<>(List.of(classes(), resources));
        Collection<String> others = starter.jarsOfOthers();
        for (Path jar : jars(CONTEXT)) {
            String name = jar.getFileName().toString();
            if (others.stream().noneMatch(name::startsWith)) {
                path.add(jar);
            }
        }
        return path;
    }

    String title(Tool tool) throws IOException {
        String version = version(tool == Tool.BARE ? "common" : tool.id, tool.jar);
        return switch (tool) {
            case BARE -> "bare JDBC";
            case CONFITURE -> "Confiture " + version;
            case FLYWAY_NEWEST, FLYWAY_BOOT -> "Flyway " + version;
            case LIQUIBASE -> "Liquibase " + version;
        };
    }

    String springBoot() throws IOException {
        return version(CONTEXT, "spring-boot");
    }

    String hikari() throws IOException {
        return version("common", "HikariCP");
    }

    String driver() throws IOException {
        return version("common", "postgresql");
    }

    private Path classes() {
        return target.resolve("classes");
    }

    private List<Path> jars(String folder) throws IOException {
        try (Stream<Path> files = Files.list(target.resolve("tools").resolve(folder))) {
            return files.sorted().toList();
        }
    }

    private String version(String folder, String artifact) throws IOException {
        for (Path jar : jars(folder)) {
            String name = jar.getFileName().toString();
            if (name.matches("\\Q" + artifact + "\\E-\\d.*\\.jar")) {
                return name.substring(artifact.length() + 1, name.length() - ".jar".length());
            }
        }
        throw new IllegalStateException(
                "No " + artifact + " in " + target.resolve("tools").resolve(folder));
    }
}
