package io.confiture.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The snapshot, and what happens when the schema changes under it. */
class SnapshotTest {
    private static TestDatabase database;

    @BeforeAll
    static void create() {
        database = TestDatabase.create();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void anObjectThatVanishesWhileItIsReadLetsAllBeReadAgain() throws SQLException {
        for (String state : List.of("XX000", "42P01", "42883")) {
            AtomicInteger attempts = new AtomicInteger();
            try (Connection connection = database.connect()) {
                assertThat(Snapshot.<String>read(connection, (statement, major) -> {
                            if (attempts.incrementAndGet() < 3) {
                                throw new SQLException("cache lookup failed for relation 16400", state);
                            }
                            return isolation(statement);
                        }))
                        .isEqualTo("repeatable read");
            }
            assertThat(attempts).hasValue(3);
        }
    }

    /** The server locks what it describes, in the order of our query; who changes it locks in another. */
    @Test
    void aDeadlockWithWhoeverChangesTheSchemaLetsAllBeReadAgain() throws Exception {
        database.execute("CREATE TABLE one (id integer)", "CREATE TABLE other (id integer)");
        AtomicInteger attempts = new AtomicInteger();
        try (Connection connection = database.connect();
                Connection changer = database.connect();
                Statement change = changer.createStatement()) {
            changer.setAutoCommit(false);
            change.execute("SET deadlock_timeout = '10min'");
            change.execute("LOCK TABLE other IN ACCESS EXCLUSIVE MODE");
            Thread drop = new Thread(() -> {
                try {
                    change.execute("LOCK TABLE one IN ACCESS EXCLUSIVE MODE");
                    changer.rollback();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(Snapshot.<Boolean>read(connection, (statement, major) -> {
                        statement.execute("LOCK TABLE public.one IN ACCESS SHARE MODE");
                        if (attempts.incrementAndGet() == 1) {
                            drop.start();
                            await().until(() -> database.value("SELECT count(*) FROM pg_locks WHERE NOT granted")
                                    .equals("1"));
                        }
                        return !statement.execute("LOCK TABLE public.other IN ACCESS SHARE MODE");
                    }))
                    .isTrue();
            drop.join();
        }
        assertThat(attempts).hasValue(2);
        database.execute("DROP TABLE one, other");
    }

    @Test
    void whatKeepsVanishingOrIsForbiddenIsAnError() throws SQLException {
        AtomicInteger attempts = new AtomicInteger();
        try (Connection connection = database.connect()) {
            assertThatThrownBy(() -> Snapshot.read(connection, (statement, major) -> {
                        attempts.incrementAndGet();
                        throw new SQLException("cache lookup failed", "XX000");
                    }))
                    .hasMessage("cache lookup failed");
            assertThat(attempts).hasValue(5);
            attempts.set(0);
            assertThatThrownBy(() -> Snapshot.read(connection, (statement, major) -> {
                        attempts.incrementAndGet();
                        return statement.execute("SELECT 1 / 0");
                    }))
                    .hasMessageContaining("division by zero");
            assertThat(attempts).hasValue(1);
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(isolation(connection.createStatement())).isEqualTo("read committed");
        }
    }

    /** With savepoints in the caller's transaction, too. */
    @Test
    void aTransactionOfTheCallerOutlivesAnAttemptThatFailed() throws SQLException {
        AtomicInteger attempts = new AtomicInteger();
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE mine (id integer)");
                assertThat(Snapshot.<Boolean>read(connection, (inner, major) -> {
                            if (attempts.incrementAndGet() == 1) {
                                inner.execute("SELECT * FROM no_such_table");
                            }
                            return inner.execute("SELECT * FROM public.mine");
                        }))
                        .isTrue();
                statement.execute("SELECT * FROM public.mine");
            }
            connection.rollback();
        }
    }

    @Test
    void aSchemaThatChangesAllTheTimeIsReadNevertheless() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Thread changer = new Thread(() -> {
            while (!done.get()) {
                database.execute(
                        "CREATE TABLE moving (id integer PRIMARY KEY, a integer DEFAULT 1 CHECK (a > 0))",
                        "CREATE VIEW seen AS SELECT * FROM moving",
                        "CREATE FUNCTION f() RETURNS SETOF moving LANGUAGE sql AS 'SELECT * FROM moving'",
                        "DROP TABLE moving CASCADE");
            }
        });
        changer.start();
        try (Connection connection = database.connect()) {
            for (int i = 0; i < 8; i++) {
                assertThat(Catalog.read(connection, List.of("public")).facts(FactKind.SCHEMA))
                        .hasSize(1);
            }
        } finally {
            done.set(true);
            changer.join();
        }
    }

    private static String isolation(Statement statement) throws SQLException {
        try (ResultSet rs = statement.executeQuery("SHOW transaction_isolation")) {
            rs.next();
            return rs.getString(1);
        }
    }
}
