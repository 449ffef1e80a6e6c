package io.confiture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ConfigurationException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionSourceUrlTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    postgresql://h/db                   | jdbc:postgresql://h/db
                    postgres://me@h:5433/db             | jdbc:postgresql://h:5433/db
                    postgresql://me:secret@my_host/db   | jdbc:postgresql://my_host/db
                    postgresql://h1:1,h2:2/db           | jdbc:postgresql://h1:1,h2:2/db
                    postgresql://me@[::1]:5432/db       | jdbc:postgresql://[::1]/db
                    postgresql:///db                    | jdbc:postgresql://localhost/db
                    postgresql://me:p@ss@h/db           | jdbc:postgresql://h/db
                    jdbc:postgresql://h/db?password=x   | jdbc:postgresql://h/db
                    """)
    void theTextFormNamesEveryHostAndNoCredential(String url, String expected) {
        assertThat(ConnectionSource.of(url)).hasToString(expected);
    }

    @Test
    void specialCharactersOfUserAndDatabaseArriveAsTheyAreMeant() throws Exception {
        String name = "odd_+&% " + database.name();
        TestServer.execute(
                "CREATE ROLE \"" + name + "\" LOGIN PASSWORD 'a+b&c%d@e/f'",
                "CREATE DATABASE \"" + name + "\" OWNER \"" + name + "\"");
        String encoded = "odd_%2B%26%25%20" + database.name();
        try {
            for (String url : new String[] {
                "postgresql://" + encoded + ":a%2Bb%26c%25d%40e%2Ff@127.0.0.1:" + TestServer.port() + "/" + encoded,
                "postgres://" + encoded.replace("%2B", "+").replace("%26", "&") + ":a+b&c%25d@127.0.0.1:"
                        + TestServer.port() + "/" + encoded.replace("%2B", "+") + "?connectTimeout=5",
                "postgresql://" + encoded + "@127.0.0.1:1,127.0.0.1:" + TestServer.port() + "/" + encoded,
            }) {
                try (Connection connection = ConnectionSource.of(url).connect()) {
                    assertThat(connection.getMetaData().getUserName()).isEqualTo(name);
                    assertThat(connection.getCatalog()).isEqualTo(name);
                }
            }
        } finally {
            TestServer.execute("DROP DATABASE \"" + name + "\" WITH (FORCE)", "DROP ROLE \"" + name + "\"");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    postgresql://me:a%40b@HOST/db                   | a@b
                    postgres://me:p%2Bq+r%25s%2Ft%3Au%20v@HOST/db   | p+q+r%s/t:u v
                    postgresql://me:p@ss@HOST/db                    | p@ss
                    postgresql://me:%C3%A4%F0%9F%8D%93@HOST/db      | ä🍓
                    postgresql://me:a%26b%3Fc%3Dd%23e@HOST/db       | a&b?c=d#e
                    postgresql://HOST/db?user=me&password=a%40b     | a@b
                    jdbc:postgresql://HOST/db?user=me&password=a%40b%2Bc | a@b+c
                    """)
    void aPasswordWithAnAtSignBreaksTheUrl(String url, String password) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> told = CompletableFuture.supplyAsync(() -> passwordToldTo(server));
            String here = url.replace("HOST", "127.0.0.1:" + server.getLocalPort());
            ConnectionSource source =
                    ConnectionSource.of(here + (here.contains("?") ? "&" : "?") + "sslmode=disable&gssEncMode=disable");
            assertThatThrownBy(source::connect).isInstanceOf(DatabaseConnectionException.class);
            assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo(password);
        }
    }

    /** A server that asks for the password as it is, and then hangs up. */
    private static String passwordToldTo(ServerSocket server) {
        try (Socket client = server.accept();
                DataInputStream in = new DataInputStream(client.getInputStream());
                DataOutputStream out = new DataOutputStream(client.getOutputStream())) {
            in.skipNBytes(in.readInt() - Integer.BYTES);
            out.writeByte('R');
            out.writeInt(2 * Integer.BYTES);
            out.writeInt(3);
            assertThat((char) in.readByte()).isEqualTo('p');
            byte[] password = in.readNBytes(in.readInt() - Integer.BYTES);
            return new String(password, 0, password.length - 1, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mysql://h/db",
        "h/db",
        "postgresql://me:p%zz@h/db",
        "postgresql://a b/db",
        "jdbc:postgresql://me:p@h/db"
    })
    void whatIsNoUrlIsRefused(String url) {
        assertThatThrownBy(() -> ConnectionSource.of(url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("p%zz")
                .hasMessageNotContaining("me:p");
    }
}
