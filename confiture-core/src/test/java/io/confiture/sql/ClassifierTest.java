package io.confiture.sql;

import static io.confiture.sql.Scripts.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ErrorCode;
import io.confiture.sql.StatementEffect.CreateIndexConcurrently;
import io.confiture.sql.StatementEffect.CreateShared;
import io.confiture.sql.StatementEffect.DetachPartitionConcurrently;
import io.confiture.sql.StatementEffect.DropIndexConcurrently;
import io.confiture.sql.StatementEffect.DropShared;
import io.confiture.sql.StatementEffect.Procedural;
import io.confiture.sql.StatementEffect.Refused;
import io.confiture.sql.StatementEffect.ReindexConcurrently;
import io.confiture.sql.StatementEffect.Rerunnable;
import io.confiture.sql.StatementEffect.TransactionControl;
import io.confiture.sql.StatementEffect.TransactionControl.Kind;
import io.confiture.sql.StatementEffect.Transactional;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {

    private static StatementEffect effect(String statement) {
        return one(statement).effect();
    }

    private static ObjectName name(@Nullable String schema, String name) {
        return new ObjectName(schema, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "(SELECT 1)",
                "CREATE TABLE t (a int)",
                "CREATE INDEX i ON t (a)",
                "CREATE INDEX \"concurrently\" ON t (a)",
                "DROP INDEX i",
                "REINDEX INDEX i",
                "REINDEX (VERBOSE) TABLE t",
                "REINDEX (CONCURRENTLY false) TABLE t",
                "ALTER TABLE t DETACH PARTITION p",
                "ALTER TABLE t DETACH PARTITION p FINALIZE",
                "ALTER TABLE t ADD COLUMN concurrently int",
                "CLUSTER t",
                "CLUSTER VERBOSE t USING i",
                "CLUSTER (VERBOSE) t",
                "ANALYZE",
                "SAVEPOINT s",
                "RELEASE s",
                "ROLLBACK TO s",
                "ROLLBACK WORK TO SAVEPOINT s",
                "PREPARE p AS SELECT 1",
                "INSERT INTO t VALUES ('COMMIT; VACUUM')",
                "SELECT 'CREATE INDEX CONCURRENTLY' /* VACUUM */",
                "ALTER DATABASE d SET work_mem = '1MB'",
                "ALTER SUBSCRIPTION s DISABLE",
                "CREATE INDEX CONCURRENTLY",
                "CREATE INDEX CONCURRENTLY i ON",
                "DROP INDEX CONCURRENTLY",
                "CREATE DATABASE",
                "SET search_path = a, b",
                "SET client_encoding = 'UTF8'",
                "SET client_encoding TO utf_8",
                "SET NAMES 'UTF-8'",
                "SET NAMES DEFAULT",
                "SET NAMES",
                "SET SESSION client_encoding TO unicode",
                "RESET client_encoding",
                "SET DateStyle = 'ISO, DMY'",
                "SET datestyle TO iso, mdy",
                "SET datestyle TO dmy",
                "SET standard_conforming_strings = on",
                "SET LOCAL standard_conforming_strings TO 'TRUE'",
                "SET standard_conforming_strings = 1",
                "SELECT pg_catalog.set_config('search_path', '', false)",
                "SELECT set_config('client_encoding', 'UTF8', false)",
                "SELECT set_config(x, y, false)",
                "SELECT set_config",
                "CREATE VIEW v AS SELECT set_config('client_encoding', 'LATIN1', false)",
                "DISCARD PLANS",
                "DISCARD TEMP",
                "*",
                "E'literal'",
                "U&'literal'",
            })
    void takesPartInTheTransaction(String statement) {
        assertThat(effect(statement)).isEqualTo(new Transactional());
        assertThat(effect(statement).transactional()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "BEGIN, BEGIN, true",
        "begin work, BEGIN, true",
        "BEGIN TRANSACTION, BEGIN, true",
        "BEGIN ISOLATION LEVEL SERIALIZABLE, BEGIN, false",
        "START TRANSACTION, BEGIN, true",
        "START TRANSACTION READ ONLY, BEGIN, false",
        "COMMIT, COMMIT, true",
        "/* x */ COMMIT -- y, COMMIT, true",
        "COMMIT TRANSACTION, COMMIT, true",
        "COMMIT AND CHAIN, COMMIT, false",
        "END, COMMIT, true",
        "END WORK, COMMIT, true",
        "ROLLBACK, ROLLBACK, true",
        "ABORT, ROLLBACK, true",
        "ROLLBACK AND CHAIN, ROLLBACK, false",
        "PREPARE TRANSACTION 'x', PREPARE_TRANSACTION, false",
        "COMMIT PREPARED 'x', COMMIT_PREPARED, false",
        "ROLLBACK PREPARED 'x', ROLLBACK_PREPARED, false",
    })
    void controlsTheTransaction(String statement, Kind kind, boolean plain) {
        assertThat(effect(statement)).isEqualTo(new TransactionControl(kind, plain));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CALL p()",
                "DO $$BEGIN COMMIT; END$$",
                "do language plpgsql $$begin end$$",
                "ALTER SUBSCRIPTION s ADD PUBLICATION p",
            })
    void mayCommitByItself(String statement) {
        assertThat(effect(statement)).isEqualTo(new Procedural());
        assertThat(effect(statement).transactional()).isTrue();
    }

    @Test
    void createsAnIndexConcurrently() {
        assertThat(effect("CREATE INDEX CONCURRENTLY ix ON App.\"T1\" (a)"))
                .isEqualTo(new CreateIndexConcurrently(name(null, "ix"), name("app", "T1"), false));
        assertThat(effect("create unique index /* x */ concurrently if not exists ÜIx ON ONLY t USING gin (a)"))
                .isEqualTo(new CreateIndexConcurrently(name(null, "Üix"), name(null, "t"), true));
        assertThat(effect("CREATE INDEX CONCURRENTLY ON t (a)"))
                .isEqualTo(new CreateIndexConcurrently(null, name(null, "t"), false));
        assertThat(effect("CREATE INDEX CONCURRENTLY ON t (a)").transactional()).isFalse();
    }

    @Test
    void dropsAnIndexConcurrently() {
        assertThat(effect("DROP INDEX CONCURRENTLY a.i"))
                .isEqualTo(new DropIndexConcurrently(List.of(name("a", "i")), false));
        assertThat(effect("DROP INDEX CONCURRENTLY IF EXISTS i, \"J\" CASCADE"))
                .isEqualTo(new DropIndexConcurrently(List.of(name(null, "i"), name(null, "J")), true));
    }

    @Test
    void reindexesConcurrentlyInBothSpellings() {
        assertThat(effect("REINDEX INDEX CONCURRENTLY a.i"))
                .isEqualTo(new ReindexConcurrently("INDEX", name("a", "i")));
        assertThat(effect("REINDEX (CONCURRENTLY, VERBOSE) TABLE t"))
                .isEqualTo(new ReindexConcurrently("TABLE", name(null, "t")));
        assertThat(effect("REINDEX (TABLESPACE x, CONCURRENTLY TRUE) SCHEMA s"))
                .isEqualTo(new ReindexConcurrently("SCHEMA", name(null, "s")));
        assertThat(effect("REINDEX DATABASE CONCURRENTLY")).isEqualTo(new ReindexConcurrently("DATABASE", null));
    }

    @Test
    void detachesAPartitionConcurrently() {
        assertThat(effect("ALTER TABLE IF EXISTS ONLY a.p DETACH PARTITION b.\"C\" CONCURRENTLY"))
                .isEqualTo(new DetachPartitionConcurrently(name("a", "p"), name("b", "C")));
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE DATABASE d TEMPLATE x, DATABASE, d",
        "CREATE TABLESPACE \"T\" LOCATION '/x', TABLESPACE, T",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p, SUBSCRIPTION, s",
    })
    void createsSharedObjects(String statement, String kind, String name) {
        assertThat(effect(statement)).isEqualTo(new CreateShared(kind, name));
    }

    @ParameterizedTest
    @CsvSource({
        "DROP DATABASE d WITH (FORCE), DATABASE, d, false",
        "DROP TABLESPACE IF EXISTS t, TABLESPACE, t, true",
        "DROP SUBSCRIPTION s, SUBSCRIPTION, s, false",
    })
    void dropsSharedObjects(String statement, String kind, String name, boolean ifExists) {
        assertThat(effect(statement)).isEqualTo(new DropShared(kind, name, ifExists));
    }

    @ParameterizedTest
    @CsvSource({
        "VACUUM, VACUUM",
        "VACUUM (ANALYZE) t, VACUUM",
        "CLUSTER, CLUSTER",
        "CLUSTER VERBOSE, CLUSTER",
        "CLUSTER (VERBOSE), CLUSTER",
        "ALTER SYSTEM SET work_mem = '1MB', ALTER SYSTEM",
        "REINDEX SCHEMA s, REINDEX SCHEMA",
        "REINDEX (VERBOSE) DATABASE d, REINDEX DATABASE",
        "ALTER DATABASE d SET TABLESPACE t, ALTER DATABASE",
        "ALTER SUBSCRIPTION s REFRESH PUBLICATION, ALTER SUBSCRIPTION",
    })
    void mayBeRunAgain(String statement, String what) {
        assertThat(effect(statement)).isEqualTo(new Rerunnable(what));
        assertThat(effect(statement).transactional()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET client_encoding = 'LATIN1'",
                "SET \"client_encoding\" TO SQL_ASCII",
                "SET LOCAL Client_Encoding TO win1252",
                "SET NAMES 'latin1'",
                "SET DateStyle = 'German'",
                "SET SESSION datestyle TO postgres, dmy",
                "SET datestyle = 'SQL, DMY'",
                "SET standard_conforming_strings = off",
                "SET standard_conforming_strings TO 'false'",
                "SELECT pg_catalog.set_config('client_encoding', 'LATIN1', false)",
                "SELECT 1, set_config ( E'DateStyle' , $$SQL$$ , true)",
                "DISCARD ALL",
            })
    void isRefused(String statement) {
        assertThat(effect(statement)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.REFUSED_SETTING);
            assertThat(refused.problem()).isNotBlank();
            assertThat(refused.hint()).isNotBlank();
        });
    }

    @Test
    void setConfigIsSeenFarIntoAStatement() {
        String far = "SELECT " + "1, ".repeat(500) + "set_config('client_encoding', 'LATIN1', false)";
        assertThat(effect(far)).isInstanceOf(Refused.class);
        assertThat(one(far).changesSession()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET search_path = a | true",
                "SET SESSION AUTHORIZATION x | true",
                "SET ROLE x | true",
                "SET LOCAL ROLE x | false",
                "SET LOCAL search_path = a | false",
                "SET TRANSACTION READ ONLY | false",
                "SET CONSTRAINTS ALL DEFERRED | false",
                "RESET ALL | true",
                "DISCARD PLANS | true",
                "LISTEN c | true",
                "PREPARE p AS SELECT 1 | true",
                "PREPARE TRANSACTION 'x' | false",
                "DECLARE c CURSOR WITH HOLD FOR SELECT 1 | true",
                "DECLARE c CURSOR FOR SELECT 1 | false",
                "SELECT pg_catalog.set_config('search_path', '', false) | true",
                "SELECT 'set_config' | false",
                "DO $$BEGIN SET x.y = 1; END$$ | false",
            })
    void tellsWhetherTheSessionChanges(String statement, boolean changes) {
        assertThat(one(statement).changesSession()).isEqualTo(changes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AbC | abc",
                "\"A\"\"b\" | A\"b",
                "U&\"d\\0061t\\+000061\\\\\" | data\\",
                "u&\"d!0061t!!\" UESCAPE '!' | dat!",
                "ÄB$1 | Äb$1",
                "a123456789b123456789c123456789d123456789e123456789f123456789g123456789"
                        + " | a123456789b123456789c123456789d123456789e123456789f123456789g12",
                "\"äääääääääääääääääääääääääääääääää\" | äääääääääääääääääääääääääääääää",
            })
    void namesAreThoseTheServerStores(String written, String stored) {
        assertThat(effect("CREATE DATABASE " + written)).isEqualTo(new CreateShared("DATABASE", stored));
    }

    @Test
    void ofLongerNamesTheLastTwoPartsCount() {
        assertThat(effect("REINDEX TABLE CONCURRENTLY d.s . t"))
                .isEqualTo(new ReindexConcurrently("TABLE", name("s", "t")));
    }
}
