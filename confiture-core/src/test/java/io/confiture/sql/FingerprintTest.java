package io.confiture.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.Fingerprint;
import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the corpus is compared by must see every kind of difference. */
class FingerprintTest {
    private static final List<String> CHANGES = List.of(
            "CREATE SCHEMA app",
            "CREATE TABLE app.a (x int, y text)",
            "ALTER TABLE app.a ALTER y SET DEFAULT 'x'",
            "ALTER TABLE app.a ALTER x SET NOT NULL",
            "ALTER TABLE app.a ALTER x TYPE bigint",
            "ALTER TABLE app.a ADD z int GENERATED ALWAYS AS IDENTITY",
            "ALTER TABLE app.a ADD g text GENERATED ALWAYS AS (y || ';') STORED",
            "INSERT INTO app.a (x) VALUES (1)",
            "UPDATE app.a SET y = 'other'",
            "ALTER TABLE app.a ADD CONSTRAINT positive CHECK (x > 0) NOT VALID",
            "ALTER TABLE app.a VALIDATE CONSTRAINT positive",
            "CREATE INDEX a_x ON app.a (x)",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.a_x'::regclass",
            "CREATE VIEW app.v AS SELECT x FROM app.a",
            "CREATE MATERIALIZED VIEW app.m AS SELECT x FROM app.a WITH NO DATA",
            "REFRESH MATERIALIZED VIEW app.m",
            "CREATE SEQUENCE app.s",
            "SELECT nextval('app.s')",
            "SELECT setval('app.s', 1, false)",
            "CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER t BEFORE INSERT ON app.a FOR EACH ROW EXECUTE FUNCTION app.f()",
            "ALTER TABLE app.a DISABLE TRIGGER t",
            "CREATE RULE r AS ON DELETE TO app.a DO INSTEAD NOTHING",
            "CREATE POLICY p ON app.a USING (true)",
            "ALTER TABLE app.a ENABLE ROW LEVEL SECURITY",
            "CREATE TYPE app.e AS ENUM ('one')",
            "ALTER TYPE app.e ADD VALUE 'two'",
            "CREATE DOMAIN app.d AS text",
            "CREATE TYPE app.c AS (x int)",
            "ALTER TYPE app.c ADD ATTRIBUTE y int",
            "CREATE TABLE app.parent (x int) PARTITION BY RANGE (x)",
            "CREATE TABLE app.part PARTITION OF app.parent FOR VALUES FROM (1) TO (2)",
            "ALTER TABLE app.parent DETACH PARTITION app.part",
            "ALTER TABLE app.a OWNER TO pg_monitor",
            "GRANT SELECT ON app.v TO PUBLIC",
            "COMMENT ON COLUMN app.v.x IS 'about'",
            "CREATE AGGREGATE app.total (int) (sfunc = int4pl, stype = int)",
            "CREATE EXTENSION citext",
            "CREATE STATISTICS app.st ON x, y FROM app.a",
            "CREATE PUBLICATION pub FOR TABLE app.part",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC");

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void everyChangeShows() throws SQLException {
        try (Connection connection = database.connect()) {
            String before = Fingerprint.of(connection);
            for (String change : CHANGES) {
                try (var statement = connection.createStatement()) {
                    statement.execute(change);
                }
                String after = Fingerprint.of(connection);
                assertThat(after).as(change).isNotEqualTo(before);
                assertThat(Fingerprint.of(connection)).isEqualTo(after);
                before = after;
            }
            database.execute(
                    "CREATE TABLE public.tb_confiture_run (id int PRIMARY KEY)", "CREATE TEMP TABLE t (x int)");
            assertThat(Fingerprint.of(connection)).isEqualTo(before);
        }
    }
}
