package io.confiture.sql;

import static io.confiture.sql.Scripts.one;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainQueryTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT true",
                "((SELECT true) UNION (VALUES (true)))",
                "TABLE flags",
                "with a AS (SELECT 1), b AS MATERIALIZED (TABLE x) SELECT true FROM a, b",
                "SELECT 'INSERT INTO x', \"into\", $$ FOR UPDATE $$ /* INTO y */ -- DELETE FROM z\n FROM t",
                "SELECT t.into, 1 AS into, (update), count(*) AS delete FROM t",
                "SELECT (update, set), (update + set), f(update) FROM t",
                "SELECT substring(a FOR 2), overlay(a PLACING b FROM 1 FOR no) FROM t",
                "SELECT E'\\' INTO t FOR UPDATE', U&'d!0061' UESCAPE '!'",
            })
    void queriesArePlain(String sql) {
        assertThat(PlainQuery.objection(one(sql))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "UPDATE t SET a = true | 1 | this is UPDATE",
                "COPY t TO STDOUT | 1 | this is COPY",
                "EXPLAIN ANALYZE SELECT 1 | 1 | this is EXPLAIN",
                "DO 'BEGIN END' | 1 | this is DO",
                "(DELETE FROM t) | 2 | this is DELETE",
                "SELECT 1 INTO t | 10 | INTO creates",
                "SELECT true FROM (SELECT 1 into temp x) y | 28 | INTO creates",
                "WITH d AS (DELETE FROM t RETURNING true) SELECT * FROM d | 12 | must not hold DELETE",
                "WITH d AS NOT MATERIALIZED ( /* x */ insert INTO t VALUES (1) RETURNING true) TABLE d | 38 | hold INSERT",
                "WITH d AS (update only t SET a = 1 RETURNING true) TABLE d | 12 | must not hold UPDATE",
                "WITH d AS (UPDATE ONLY (s.t) SET a = 1 RETURNING true) TABLE d | 12 | must not hold UPDATE",
                "WITH d AS (UPDATE s.U&\"t!\" UESCAPE '!' * AS x SET a = 1) TABLE d | 12 | must not hold UPDATE",
                "WITH d AS (UPDATE set SET a = 1) TABLE d | 12 | must not hold UPDATE",
                "WITH d AS (SELECT 1) MERGE INTO t USING d ON true WHEN MATCHED THEN DELETE | 22 | must not hold MERGE",
                "WITH d AS (SELECT 1) UPDATE \"T\" SET a = 1 | 22 | must not hold UPDATE",
                "SELECT true FROM t FOR UPDATE | 20 | FOR UPDATE locks",
                "SELECT true FROM t FOR NO KEY UPDATE | 20 | FOR NO locks",
                "SELECT true FROM t FOR KEY SHARE | 20 | FOR KEY locks",
                "SELECT 'é€😀' FOR SHARE OF t | 14 | FOR SHARE locks",
            })
    void whatWritesOrLocksIsNamedWithItsPlace(String sql, int column, String problem) {
        assertThat(PlainQuery.objection(one(sql))).hasValueSatisfying(objection -> {
            assertThat(objection.at().column()).isEqualTo(column);
            assertThat(objection.problem()).contains(problem);
        });
    }

    @Test
    void everyTokenCountsHoweverFarIntoTheStatement() {
        String sql = "SELECT " + "1 +\n".repeat(5000) + "1 FROM t\nFOR UPDATE";
        assertThat(PlainQuery.objection(one(sql)))
                .hasValueSatisfying(
                        objection -> assertThat(objection.at().line()).isEqualTo(5002));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noTextTakesMoreThanItsLength() {
        assertThat(PlainQuery.objection(one("SELECT " + "(update ".repeat(300_000))))
                .isEmpty();
    }
}
