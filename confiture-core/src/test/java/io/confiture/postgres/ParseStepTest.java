package io.confiture.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.postgres.ParseStep.Verdict;
import io.confiture.test.TestDatabase;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParseStepTest {
    private static TestDatabase database;
    private static Session session;

    @BeforeAll
    static void open() throws SQLException {
        database = TestDatabase.create();
        database.execute("CREATE TABLE t (a int)", "CREATE SEQUENCE s");
        session = Session.open(ConnectionSource.of(database.url()));
    }

    @AfterAll
    static void close() {
        session.close();
        database.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE x (id int PRIMARY KEY REFERENCES nowhere)",
                "DROP TABLE t",
                "SELECT nextval('s')",
                "SELECT '{}'::jsonb ? 'a', '{}'::jsonb ?| ARRAY['a'], '{d'",
                "INSERT INTO t VALUES (1, 2)",
                "SELECT a, count(*) FROM t",
                "SELECT * FROM nowhere",
                "SELECT jsonb_path_exists('{}', '$.a[')",
                "COPY t FROM STDIN",
                "COPY t TO STDOUT",
                "COMMIT",
                "VACUUM",
                "CREATE INDEX CONCURRENTLY i ON t (a)",
                "DO $$ BEGIN DROP TABLE t; END $$",
                "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM t; DELETE FROM t)",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END"
            })
    void nothingIsRunAndOnlyTheGrammarIsAsked(String sql) throws SQLException {
        ParseStep step = ParseStep.of(session, sql);
        assertThat(step.verdict()).as(String.valueOf(step.error())).isEqualTo(Verdict.ACCEPTED);
        assertThat(session.inTransaction()).isFalse();
        assertThat(database.values("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .containsExactlyInAnyOrder("t", "s");
        assertThat(database.value("SELECT is_called FROM s")).isEqualTo("f");
    }

    @Test
    void nothingIsRunEvenIfTheUrlAsksForTheSimpleProtocol() throws SQLException {
        try (Session simple = Session.open(ConnectionSource.of(database.url() + "&preferQueryMode=simple"))) {
            assertThat(ParseStep.of(simple, "DROP TABLE t").verdict()).isEqualTo(Verdict.ACCEPTED);
            assertThat(ParseStep.of(simple, "DROP TABLE t t").verdict()).isEqualTo(Verdict.SYNTAX_ERROR);
            assertThat(simple.query("SELECT count(*) FROM t", rs -> rs.getLong(1)))
                    .containsExactly(0L);
        }
    }

    @Test
    void aSyntaxErrorHasTheServersPosition() throws SQLException {
        ParseStep step = ParseStep.of(session, "CREATE TABLE é (a int,, b int)");
        assertThat(step.verdict()).isEqualTo(Verdict.SYNTAX_ERROR);
        assertThat(Objects.requireNonNull(step.error()).position()).isEqualTo(23);
        assertThat(ParseStep.of(session, "SELECT {d '2026-01-01'}").verdict()).isEqualTo(Verdict.SYNTAX_ERROR);
        assertThat(ParseStep.of(session, "SELECT 1 FROM").verdict()).isEqualTo(Verdict.SYNTAX_ERROR);
        assertThat(ParseStep.of(session, "SELECT 1").verdict()).isEqualTo(Verdict.ACCEPTED);
    }
}
