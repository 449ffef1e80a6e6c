package io.confiture.migrate;

import io.confiture.postgres.Session;
import io.confiture.sql.ObjectName;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole schema that a test gives.
 *
 * @param sql statements with "; " between them
 * @param created how often it was created
 */
record TestSchema(
        String hash, String sql, Set<ObjectName> tablesWithRows, Set<String> coveredMigrations, AtomicInteger created)
        implements InitialSchema {
    static final String HASH = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809";

    /** What the three migrations of {@link MigrationFolder#three()} make. */
    static final TestSchema THREE = of("CREATE TABLE users (id int PRIMARY KEY, email text, name text);"
                    + " INSERT INTO users VALUES (1, 'a@b.c', 'A'), (2, 'd@e.f', 'D')")
            .filling("users");

    static TestSchema of(String sql) {
        return new TestSchema(HASH, sql, Set.of(), Set.of(), new AtomicInteger());
    }

    /** @param table as {@code name} or {@code schema.name} */
    TestSchema filling(String table) {
        int dot = table.indexOf('.');
        ObjectName name = new ObjectName(dot < 0 ? null : table.substring(0, dot), table.substring(dot + 1));
        return new TestSchema(hash, sql, Set.of(name), coveredMigrations, created);
    }

    TestSchema covering(String... migrations) {
        return new TestSchema(hash, sql, tablesWithRows, Set.of(migrations), created);
    }

    @Override
    public void create(Session session) throws SQLException {
        created.incrementAndGet();
        for (String statement : sql.split("; ")) {
            session.execute(statement);
        }
    }
}
