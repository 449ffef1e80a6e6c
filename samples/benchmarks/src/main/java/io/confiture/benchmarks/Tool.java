package io.confiture.benchmarks;

import java.util.Arrays;

/** What is compared. */
enum Tool {
    /** No tool: a loop over JDBC that does the same work, as a floor. */
    BARE("bare", "postgresql", BareRunner.class.getName()),
    CONFITURE("confiture", "confiture-core", ConfitureRunner.class.getName()),
    FLYWAY_BOOT("flyway-boot", "flyway-core", "io.confiture.benchmarks.FlywayRunner"),
    FLYWAY_NEWEST("flyway-newest", "flyway-core", "io.confiture.benchmarks.FlywayRunner"),
    LIQUIBASE("liquibase", "liquibase-core", "io.confiture.benchmarks.LiquibaseRunner");

    /** The option's value, and the folder below {@code target/tools}. */
    final String id;

    /** The name its main jar begins with, which tells the version. */
    final String jar;

    final String runner;

    Tool(String id, String jar, String runner) {
        this.id = id;
        this.jar = jar;
        this.runner = runner;
    }

    static Tool of(String id) {
        return Arrays.stream(values())
                .filter(tool -> tool.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Unknown tool " + id + "; known: "
                        + Arrays.stream(values()).map(tool -> tool.id).toList()));
    }
}
