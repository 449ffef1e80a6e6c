package io.confiture.benchmarks;

import io.confiture.build.FreshDatabase;
import io.confiture.build.SchemaBuilder;
import io.confiture.build.TemplateDatabases;
import java.util.List;

/** How fast a fresh database with 200 tables is there, beside the bare statement that clones one. */
final class CloneWorkload {
    private static final int TABLES = 200;

    private final BenchmarkServer server;
    private final BuildWorkload projects;

    CloneWorkload(BenchmarkServer server, BuildWorkload projects) {
        this.server = server;
        this.projects = projects;
    }

    String run(int rounds) throws Exception {
        System.err.println("Cloning …");
        SchemaBuilder builder = SchemaBuilder.of(BuildProject.config(projects.project(TABLES)));
        String key = TemplateDatabases.key(builder);
        Sample made = new Sample();
        Sample ours = new Sample();
        Sample bare = new Sample();
        Sample copied = new Sample();
        boolean strategies = Integer.parseInt(server.value("SHOW server_version_num")) >= 150000;
        try (TemplateDatabases templates = TemplateDatabases.on(server.url("postgres"))) {
            made.add(fresh(templates, key, builder));
            String template = server.value("SELECT datname FROM pg_database WHERE datistemplate"
                    + " AND datname NOT IN ('template0', 'template1') ORDER BY oid DESC LIMIT 1");
            for (int i = -3; i < rounds; i++) {
                long our = fresh(templates, key, builder);
                long statement = bare(template);
                if (i >= 0) {
                    ours.add(our);
                    bare.add(statement);
                    if (strategies) {
                        copied.add(bare(template + " STRATEGY file_copy"));
                    }
                }
            }
        }
        Table table = new Table("", List.of("time"));
        table.row("fresh database of " + TABLES + " tables, the first: the template is built", List.of(made.wall()));
        table.row("fresh database of " + TABLES + " tables", List.of(ours.wall()));
        table.row("bare CREATE DATABASE … TEMPLATE of the same", List.of(bare.wall()));
        table.row("fresh database ÷ bare", List.of(ours.ratio(bare)));
        table.row("bare, with STRATEGY file_copy, which is not the server's default", List.of(copied.wall()));
        return "\n### Fresh databases from a template\n\nMedian (least–most) of " + rounds
                + " rounds, in turns, each on a connection that is kept; dropping is not included.\n\n" + table;
    }

    private static long fresh(TemplateDatabases templates, String key, SchemaBuilder builder) {
        long begin = System.nanoTime();
        FreshDatabase database = templates.create(key, builder::execute);
        long nanos = System.nanoTime() - begin;
        database.close();
        return nanos;
    }

    private long bare(String template) throws Exception {
        long begin = System.nanoTime();
        String database = server.createDatabase(template);
        long nanos = System.nanoTime() - begin;
        server.dropDatabase(database);
        return nanos;
    }
}
