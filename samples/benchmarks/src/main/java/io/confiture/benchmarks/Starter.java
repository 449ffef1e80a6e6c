package io.confiture.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What migrates the database of a Spring Boot application when it starts. */
enum Starter {
    NONE("no migrations", null, "", List.of()),
    CONFITURE("Confiture", Tool.CONFITURE, "db/migrations", List.of("confiture-")),
    FLYWAY(
            "Flyway",
            Tool.FLYWAY_BOOT,
            "db/migration",
            List.of("flyway-", "spring-boot-flyway", "spring-boot-starter-flyway", "jackson-")),
    LIQUIBASE(
            "Liquibase",
            Tool.LIQUIBASE,
            "db/changelog",
            List.of(
                    "liquibase-",
                    "spring-boot-liquibase",
                    "spring-boot-starter-liquibase",
                    "commons-collections",
                    "commons-io",
                    "commons-lang",
                    "commons-text",
                    "jaxb-api",
                    "javax.activation",
                    "opencsv"));

    final String title;
    private final @Nullable Tool tool;
    private final String location;

    @SuppressWarnings("ImmutableEnumChecker") // of List.of
    private final List<String> ownJars;

    Starter(String title, @Nullable Tool tool, String location, List<String> ownJars) {
        this.title = title;
        this.tool = tool;
        this.location = location;
        this.ownJars = ownJars;
    }

    /** How the jars begin that only other starters bring. */
    List<String> jarsOfOthers() {
        return Arrays.stream(values())
                .filter(other -> other != this)
                .flatMap(other -> other.ownJars.stream())
                .toList();
    }

    /** Writes a folder for the class path, with so many migrations where the tool looks for them by default. */
    Path writeResources(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        if (tool != null) {
            MigrationFiles.write(folder.resolve(location), tool, count);
        }
        return folder;
    }

    /** What the tool cannot find by itself. */
    List<String> arguments() {
        return this == LIQUIBASE
                ? List.of("--spring.liquibase.change-log=classpath:" + location + "/" + MigrationFiles.LIQUIBASE_ROOT)
                : List.of();
    }

    boolean migrates() {
        return tool != null;
    }
}
