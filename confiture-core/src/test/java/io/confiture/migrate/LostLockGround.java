package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.confiture.postgres.AdvisoryLock;
import io.confiture.test.PidChangingProxy;
import io.confiture.test.TcpProxy;
import io.confiture.test.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database, and an instance whose pool reaches it through a network that fails when it is told to. */
final class LostLockGround implements AutoCloseable {
    /** Which connection holds the lock. */
    enum Shape {
        /** The one that works. */
        SESSION,
        /** One of its own, since the pool goes through a transaction pooler. */
        POOLER
    }

    /** How the lock is lost. */
    enum Means {
        /** The server ends the process that holds it. */
        TERMINATED,
        /** Both ends are told that the connection is broken. */
        RESET,
        /** Both ends are told that the other one has closed it. */
        FINISHED,
        /** Nobody is told anything, until an operator does what the message of a waiting instance says. */
        VANISHED
    }

    private static final String ADVISORY = "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            + " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted"
            + " AND l.classid::bigint << 32 | l.objid::bigint = " + AdvisoryLock.key("confiture:public.tb_confiture")
            + " AND l.objsubid ";
    private static final int POOL = 2;

    /** Of the locks on tables, so that a slow machine does not make an attempt be tried again. */
    private static final Duration LONG = Duration.ofMinutes(1);

    final TestDatabase database = TestDatabase.create();
    final Shape shape;

    /** The way of the connection that works. */
    final TcpProxy network;

    /** The way of the connection that holds the lock. */
    final TcpProxy locksNetwork;

    final HikariDataSource pool;
    private final PidChangingProxy pooler = new PidChangingProxy();

    LostLockGround(Shape shape) {
        this.shape = shape;
        network = shape == Shape.SESSION ? new TcpProxy() : new TcpProxy(pooler.port());
        locksNetwork = shape == Shape.SESSION ? network : new TcpProxy();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(network.url(database));
        config.setMaximumPoolSize(POOL);
        config.setMinimumIdle(0);
        pool = new HikariDataSource(config);
    }

    /** The instance that will lose the lock. */
    MigratorBuilder loser(MigrationFolder folder) {
        MigratorBuilder builder =
                Migrator.builder(pool).locations(folder.location()).lockTimeout(LONG);
        return shape == Shape.SESSION
                ? builder
                : builder.lockDataSource(new DriverManagerDataSource(locksNetwork.url(database)));
    }

    /** Another instance, past all of that. */
    MigratorBuilder other(MigrationFolder folder) {
        return Migrator.builder(database.dataSource())
                .locations(folder.location())
                .lockTimeout(LONG);
    }

    boolean locked() {
        return !database.values(ADVISORY + "= 1").isEmpty();
    }

    /** Whether a transaction is open that has found the lock held. */
    boolean fenced() {
        return !database.values(ADVISORY + "= 2").isEmpty();
    }

    void terminateTheLocksHolder() {
        database.execute("SELECT pg_terminate_backend(pid, 5000) FROM (" + ADVISORY + "= 1) h");
    }

    void lose(Means means) {
        switch (means) {
            case TERMINATED -> terminateTheLocksHolder();
            case RESET -> locksNetwork.links().forEach(TcpProxy.Link::reset);
            case FINISHED -> locksNetwork.links().forEach(TcpProxy.Link::finish);
            case VANISHED -> locksNetwork.links().forEach(TcpProxy.Link::vanish);
        }
    }

    /** The pool gives out as many connections as it has, and each of them works. */
    void requirePoolUsable() throws SQLException {
        Connection[] connections = new Connection[POOL];
        try {
            for (int i = 0; i < POOL; i++) {
                connections[i] = pool.getConnection();
                try (Statement statement = connections[i].createStatement()) {
                    statement.execute("SELECT 1");
                }
            }
        } finally {
            for (Connection connection : connections) {
                if (connection != null) {
                    connection.close();
                }
            }
        }
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    /** Nothing of the run is left: no thread of ours here, no process that holds the lock there. */
    void requireNothingLeft() {
        await().atMost(Duration.ofSeconds(30)).until(() -> !locked() && !fenced());
        await().until(() -> threads().isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("confiture"))
                .toList();
    }

    @Override
    public void close() {
        network.close();
        locksNetwork.close();
        pooler.close();
        pool.close();
        database.close();
    }
}
