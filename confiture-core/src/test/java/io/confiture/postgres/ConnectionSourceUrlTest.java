package io.confiture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ConfigurationException;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.sql.Connection;
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
                    postgresql://me@[::1]:5432/db       | jdbc:postgresql://[::1]:5432/db
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
