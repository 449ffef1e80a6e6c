package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.error.ConfigurationException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.test.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** A database that starts together with the application. */
class ConnectRetriesTest extends MigratorTestCase {

    @BeforeEach
    void migration() {
        folder.write("001_t.up.sql", "CREATE TABLE t ()");
    }

    /** Fails as it is told, then connects. */
    private final class Starting extends AbstractDataSource {
        final AtomicInteger attempts = new AtomicInteger();
        final SQLException failure;
        final int failures;

        Starting(SQLException failure, int failures) {
            this.failure = failure;
            this.failures = failures;
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (attempts.incrementAndGet() <= failures) {
                throw failure;
            }
            return database.connect();
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return getConnection();
        }
    }

    private static SQLException fromServer(String sqlState) {
        return new PSQLException(new ServerErrorMessage("SFATAL\0C" + sqlState + "\0Mno\0"));
    }

    private Migrator migrator(DataSource source, int retries) {
        return Migrator.builder(source)
                .locations(folder.location())
                .connectRetries(retries)
                .build();
    }

    @Test
    void aPortThatOpensLaterIsWaitedFor() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        AtomicInteger refused = new AtomicInteger();
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database.name()
                + "?user=postgres&sslmode=disable&gssEncMode=disable";
        ServerSocket[] opened = new ServerSocket[1];
        DataSource source = new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                try {
                    return DriverManager.getConnection(url);
                } catch (SQLException e) {
                    // Opens between two attempts, so that no timing decides.
                    if (refused.incrementAndGet() == 2) {
                        opened[0] = forward(port);
                    }
                    throw e;
                }
            }

            @Override
            public Connection getConnection(String username, String password) throws SQLException {
                return getConnection();
            }
        };
        try {
            assertThat(migrator(source, 5).applyAll()).hasSize(1);
            assertThat(refused).hasValue(2);
        } finally {
            opened[0].close();
        }
        assertThat(ledger()).containsExactly("001");
    }

    @Test
    void aServerThatIsStartingOrFullIsWaitedForAndOneThatRefusesIsNot() {
        for (String state : new String[] {"57P03", "53300"}) {
            Starting source = new Starting(fromServer(state), 1);
            migrator(source, 3).status();
            assertThat(source.attempts).as(state).hasValue(2);
        }
        for (String state : new String[] {"28P01", "28000", "3D000"}) {
            Starting source = new Starting(fromServer(state), 1);
            fails(DatabaseConnectionException.class, ErrorCode.CONNECTION_FAILED, migrator(source, 3)::status);
            assertThat(source.attempts).as(state).hasValue(1);
        }
    }

    @Test
    void aRoleThatMayNotLogInFailsAtTheFirstAttempt() {
        AtomicInteger attempts = new AtomicInteger();
        DataSource source = new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                attempts.incrementAndGet();
                return DriverManager.getConnection(database.url("nobody_at_all"));
            }

            @Override
            public Connection getConnection(String username, String password) throws SQLException {
                return getConnection();
            }
        };
        DatabaseConnectionException failure =
                fails(DatabaseConnectionException.class, ErrorCode.CONNECTION_FAILED, migrator(source, 10)::applyAll);
        assertThat(failure).hasMessageContaining("[28");
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aCertificateThatIsNotTrustedIsNotTriedAgain() {
        SQLException failure = new PSQLException(
                "SSL error", PSQLState.CONNECTION_FAILURE, new javax.net.ssl.SSLHandshakeException("not trusted"));
        Starting source = new Starting(failure, 1);
        fails(DatabaseConnectionException.class, ErrorCode.CONNECTION_FAILED, migrator(source, 3)::status);
        assertThat(source.attempts).hasValue(1);
    }

    @Test
    void onlyTheFirstConnectionIsWaitedForSoThatAProbeIsAnsweredAtOnce() {
        SQLException refused = new PSQLException("refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT);
        Starting down = new Starting(refused, Integer.MAX_VALUE);
        Migrator migrator = migrator(down, 2);
        fails(DatabaseConnectionException.class, ErrorCode.CONNECTION_FAILED, migrator::status);
        assertThat(down.attempts).hasValue(3);
        fails(DatabaseConnectionException.class, ErrorCode.CONNECTION_FAILED, migrator::status);
        assertThat(down.attempts).as("all retries are used up").hasValue(4);
    }

    @Test
    void withoutRetriesTheFirstFailureIsTheLast() {
        SQLException refused = new PSQLException("refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT);
        Starting down = new Starting(refused, 1);
        fails(
                DatabaseConnectionException.class,
                ErrorCode.CONNECTION_FAILED,
                Migrator.builder(down).locations(folder.location()).build()::status);
        assertThat(down.attempts).hasValue(1);
    }

    @Test
    void aNegativeNumberIsRefused() {
        fails(
                ConfigurationException.class,
                ErrorCode.INVALID_CONFIGURATION,
                builder().connectRetries(-1)::build);
    }

    @Test
    void anInterruptEndsTheWaiting() {
        SQLException refused = new PSQLException("refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT);
        Starting down = new Starting(refused, Integer.MAX_VALUE);
        Thread.currentThread().interrupt();
        try {
            fails(DatabaseConnectionException.class, ErrorCode.CONNECTION_FAILED, migrator(down, 10)::status);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(down.attempts).hasValue(1);
    }

    /** Opens a port behind which the server of the tests is. */
    private static ServerSocket forward(int port) {
        try {
            ServerSocket listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            Thread accepting = new Thread(
                    () -> {
                        try {
                            while (true) {
                                Socket client = listener.accept();
                                Socket server = new Socket(InetAddress.getLoopbackAddress(), TestServer.port());
                                pipe(client, server);
                                pipe(server, client);
                            }
                        } catch (IOException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "forward");
            accepting.setDaemon(true);
            accepting.start();
            return listener;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void pipe(Socket from, Socket to) {
        Thread pipe = new Thread(
                () -> {
                    try (from;
                            to) {
                        from.getInputStream().transferTo(to.getOutputStream());
                    } catch (IOException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "pipe");
        pipe.setDaemon(true);
        pipe.start();
    }
}
