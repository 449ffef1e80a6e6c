package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.test.OtherClient;
import io.confiture.test.PgBouncer;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight JVMs at once, each with settings of the driver of its own, through one PgBouncer to one database. */
@Tag("conformance")
class PgBouncerTest {
    private static final int ROUNDS = 8;
    private static final int POOL = 3;

    /** One process each. */
    static final List<String> DRIVERS = List.of(
            "",
            "&prepareThreshold=1",
            "&prepareThreshold=-1",
            "&preferQueryMode=simple",
            "&preferQueryMode=extendedCacheEverything",
            "&autosave=always",
            "&defaultRowFetchSize=1",
            "&prepareThreshold=1&autosave=conservative");

    @AutoClose
    private final PgBouncer pooler = PgBouncer.ofTransactions(POOL);

    @TempDir
    Path temp;

    /** What tries to leave something in the session. */
    private static final String RECKLESS = """
            SET lock_timeout = '77s'; SET statement_timeout = '78s'; SET search_path = pg_catalog;
            SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'ISO, DMY'; SET IntervalStyle = iso_8601;
            SET default_transaction_isolation = serializable; SET idle_in_transaction_session_timeout = '79s';
            SET app.tenant = 'acme'; SET client_min_messages = error; SET application_name = 'reckless';
            CREATE TEMP TABLE scratch (id int);
            PREPARE p AS SELECT 1;
            SELECT pg_advisory_lock(4711), pg_advisory_lock_shared(4712), pg_advisory_xact_lock(4713);
            SELECT set_config('work_mem', '1234kB', false);
            DECLARE held CURSOR WITH HOLD FOR SELECT 1;
            SET ROLE pg_monitor;
            """;

    MigrationFolder history(String name) {
        MigrationFolder folder = new MigrationFolder(temp.resolve(name))
                .write(
                        "beforeMigrate.sql",
                        "CREATE TABLE IF NOT EXISTS calls (moment text);" + RECKLESS
                                + "RESET ROLE; INSERT INTO public.calls VALUES ('before');")
                .write(
                        "001_output.up.sql",
                        "CREATE TABLE output (version int, note text); CREATE FUNCTION sneak() RETURNS text LANGUAGE sql AS $$ SELECT set_config('work_mem', '4321kB', false) $$;")
                .write("002_reckless.up.sql", "INSERT INTO output VALUES (2);" + RECKLESS)
                .write(
                        "003_index.up.sql",
                        "INSERT INTO output VALUES (3);\nCREATE INDEX CONCURRENTLY output_version ON output (version);\n"
                                + "SELECT sneak(), pg_advisory_lock(4714);\n"
                                + "REINDEX INDEX CONCURRENTLY output_version;\nINSERT INTO output VALUES (3);")
                .write(
                        "005_vacuum.up.sql",
                        "-- confiture: transactional=false\nVACUUM output;\nINSERT INTO output VALUES (5);\nANALYZE output;")
                .write("007_checked.up.sql", "-- confiture: verify=always\nINSERT INTO output VALUES (7);")
                .write("007_checked.verify.sql", "SELECT count(*) = 1 FROM output WHERE version = 7;")
                .write("R__view.sql", "CREATE OR REPLACE VIEW noted AS SELECT note FROM output;")
                .write("afterMigrate.sql", "INSERT INTO calls VALUES ('after');" + RECKLESS);
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            many.append("INSERT INTO output VALUES (400);\n");
        }
        return folder.write("004_many.up.sql", many.toString());
    }

    @Test
    void eightJvmsApplyEverythingOnceAndLeaveNothingToOtherClients() throws Exception {
        List<PoolerProcess> processes = new ArrayList<>();
        int looks = 0;
        int sessions = 0;
        int applied = 0;
        int failed = 0;
        try {
            for (int i = 0; i < DRIVERS.size(); i++) {
                processes.add(PoolerProcess.start());
            }
            for (int round = 1; round <= ROUNDS; round++) {
                boolean fails = round % 4 == 0;
                MigrationFolder folder = history("round" + round);
                if (fails) {
                    folder.write("008_fails.up.sql", "CREATE TABLE half (id int);" + RECKLESS + "SELECT 1/0;");
                }
                try (TestDatabase database = TestDatabase.create();
                        OtherClient other = new OtherClient(pooler.url(database))) {
                    other.watch();
                    for (int i = 0; i < DRIVERS.size(); i++) {
                        processes.get(i).order(pooler.url(database) + DRIVERS.get(i), folder.location());
                    }
                    List<String> answers = PoolerProcess.answers(processes);
                    other.close();
                    other.lookIntoAll(POOL);
                    assertThat(other.found()).as("round %d", round).isEmpty();
                    looks += other.looks();
                    sessions += other.sessions();
                    if (fails) {
                        assertThat(answers)
                                .allSatisfy(answer -> assertThat(answer)
                                        .startsWith("failed MIGR_")
                                        .contains("008_fails", "division by zero", "rolled back"));
                        failed += answers.size();
                    } else {
                        assertThat(answers).containsOnlyOnce("applied 8").contains("applied 0");
                        assertThat(answers).allMatch(answer -> answer.matches("applied [08]"));
                        applied += answers.size();
                    }
                    assertEverythingOnce(database, fails);
                }
            }
        } finally {
            processes.forEach(PoolerProcess::close);
        }
        assertThat(pooler.log()).doesNotContain("prepared statement", "query_wait_timeout");
        System.out.printf(
                "PgBouncer: %d rounds of %d JVMs with a pool of %d: %d calls succeeded, %d failed as they must; each"
                        + " migration once; other clients looked %d times into %d sessions: nothing left behind%n",
                ROUNDS, DRIVERS.size(), POOL, applied, failed, looks, sessions);
    }

    private static void assertEverythingOnce(TestDatabase database, boolean fails) {
        assertThat(database.values("SELECT version FROM tb_confiture ORDER BY pk_confiture"))
                .containsExactly("001", "002", "003", "004", "005", "6", "007");
        assertThat(
                        database.values(
                                "SELECT version || ' ' || count(*) FROM output WHERE version < 600 GROUP BY version ORDER BY version"))
                .containsExactly("2 1", "3 2", "5 1", "7 1", "400 60");
        assertThat(database.value("SELECT count(*) || ' ' || count(DISTINCT version) FROM output WHERE version >= 600"))
                .isEqualTo("20 20");
        assertThat(database.value("SELECT to_regclass('half')")).isNull();
        assertThat(database.values("SELECT moment || ' ' || count(*) FROM calls GROUP BY moment ORDER BY 1 DESC"))
                .containsExactly(
                        fails ? new String[] {"before " + DRIVERS.size()} : new String[] {"before 1", "after 1"});
        assertThat(database.value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isEqualTo("0");
        assertThat(database.value("SELECT count(*) FROM tb_confiture_run WHERE state NOT IN ('done')"))
                .isEqualTo("0");
        assertThat(database.values("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database ="
                        + " (SELECT oid FROM pg_database WHERE datname = current_database())"))
                .isEmpty();
    }
}
