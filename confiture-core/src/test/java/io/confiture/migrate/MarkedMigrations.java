package io.confiture.migrate;

import io.confiture.error.MigrationException;
import io.confiture.test.StoppingSocketFactory;
import java.nio.file.Path;

/**
 * Migrations of every kind that leave a row in {@code marks}, which nothing keeps unique, for each of their parts: whatever
 * is lost or done twice shows. As a program: applies them or rolls them back in a JVM that may be killed.
 */
final class MarkedMigrations {
    private static final String PREPARED = """
            CREATE TABLE marks (what text);
            CREATE SCHEMA app;
            CREATE TABLE t (id int, v int);
            INSERT INTO t SELECT i, i FROM generate_series(1, 50) i;
            CREATE INDEX t_old ON t (v);
            CREATE TABLE p (id int) PARTITION BY RANGE (id);
            CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
            INSERT INTO p VALUES (1);
            """;

    /** Stands for the mixed ones. */
    static final TestSchema BUILT = TestSchema.of(
                    PREPARED.strip().replace(";\n", "; ").replaceFirst(";$", "")
                            + "; INSERT INTO marks VALUES ('built'); SET search_path = app; CREATE TABLE u (id int)")
            .covering("1", "2", "4");

    private MarkedMigrations() {}

    /** Arguments: URL, location, "up", "down" or "build". */
    public static void main(String[] arguments) {
        Migrator migrator =
                builder(Migrator.builder(arguments[0]), arguments[1]).build();
        try {
            run(migrator, arguments[2]);
        } catch (MigrationException e) {
            System.out.println(e.getMessage());
        }
        System.out.println("done after " + StoppingSocketFactory.sent());
    }

    static MigratorBuilder builder(MigratorBuilder of, String location) {
        return of.locations(location)
                .javaMigration(InJava.of(
                                "3", context -> context.jdbc().sql(mark("3")).update())
                        .withDown(context -> context.jdbc().sql(mark("-3")).update()));
    }

    /** Everything up, everything down to the first, or an empty database built at once. */
    static void run(Migrator migrator, String direction) {
        switch (direction) {
            case "up" -> migrator.applyAll();
            case "down" -> migrator.rollbackTo("1");
            default -> {
                migrator.baselineFrom(BUILT);
                migrator.applyAll();
            }
        }
    }

    /** Transactions, segments, COPY, a session's settings, Java, single statements and a repeatable one. */
    static MigrationFolder mixed(Path folder) {
        return new MigrationFolder(folder)
                .write("1_base.up.sql", PREPARED + mark("1"))
                .write("1_base.down.sql", "DROP TABLE marks")
                .write(
                        "2_mixed.up.sql",
                        """
                        SET search_path = app, public;
                        CREATE TABLE u (id int, v int);
                        COPY u FROM stdin;
                        1\t1
                        2\t2
                        \\.
                        """ + mark("2a") + "CREATE INDEX CONCURRENTLY u_v ON u (v);\n" + mark("2b") + """
                                  DROP INDEX CONCURRENTLY t_old;
                                  REINDEX INDEX CONCURRENTLY u_v;
                                  ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;
                                  """ + mark("2c"))
                .write(
                        "2_mixed.down.sql",
                        mark("-2a")
                                + "CREATE INDEX CONCURRENTLY t_old ON t (v);\n"
                                + "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);\n"
                                + "DROP INDEX CONCURRENTLY app.u_v;\n"
                                + mark("-2b")
                                + "DROP TABLE app.u;")
                .write(
                        "4_alone.up.sql",
                        "-- confiture: transactional=false\n" + mark("4a") + mark("4b") + "VACUUM t;\n")
                .write("4_alone.down.sql", "-- confiture: transactional=false\n" + mark("-4a") + mark("-4b"))
                .write("R__view.sql", "CREATE OR REPLACE VIEW all_marks AS SELECT * FROM marks;\n" + mark("R"));
    }

    /** One that fails in its middle until the row that stands twice is deleted. */
    static MigrationFolder failing(Path folder) {
        return new MigrationFolder(folder)
                .write("1_base.up.sql", PREPARED + "INSERT INTO t VALUES (1, 0);\n" + mark("1"))
                .write(
                        "2_fails.up.sql",
                        mark("2a") + "CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);\n" + mark("2b"));
    }

    /** One that commits by itself, so that nobody can tell how far it has come. */
    static MigrationFolder committing(Path folder) {
        return new MigrationFolder(folder)
                .write("1_base.up.sql", PREPARED + """
                                  CREATE PROCEDURE twice() LANGUAGE plpgsql AS $$
                                  BEGIN
                                      INSERT INTO marks VALUES ('c1');
                                      COMMIT;
                                      INSERT INTO marks VALUES ('c2');
                                  END $$;
                                  """)
                .write(
                        "2_commits.up.sql",
                        "-- confiture: transactional=false\n" + mark("2a") + "CALL twice();\n" + mark("2b"));
    }

    /** One that runs behind a transaction pooler, where no setting of a session lasts. */
    static MigrationFolder settingNothing(Path folder) {
        return new MigrationFolder(folder)
                .write("1_base.up.sql", PREPARED + mark("1"))
                .write(
                        "2_mixed.up.sql",
                        mark("2a")
                                + "CREATE INDEX CONCURRENTLY t_new ON t (v);\n"
                                + mark("2b")
                                + "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\n"
                                + mark("2c"));
    }

    static String mark(String what) {
        return "INSERT INTO public.marks VALUES ('" + what + "');\n";
    }
}
