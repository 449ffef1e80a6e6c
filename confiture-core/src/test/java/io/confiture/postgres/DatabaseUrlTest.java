package io.confiture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ConfigurationException;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

class DatabaseUrlTest {

    /** What the driver makes of the URL that it is given. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                # plain                                       hosts           | ports     | database | user   | password
                postgresql://localhost/mydb                 | localhost       | 5432      | mydb     |        |
                postgres://me@h:5433/db                     | h               | 5433      | db       | me     |
                postgresql://me:secret@my_host/db           | my_host         | 5432      | db       | me     | secret
                postgresql://me:@h/db                       | h               | 5432      | db       | me     | ''
                postgresql://me@h                           | h               | 5432      | me       | me     |
                postgresql://me@h/                          | h               | 5432      | me       | me     |
                postgresql://h                              | h               | 5432      |          |        |
                postgresql://h.example.org./db              | h.example.org.  | 5432      | db       |        |
                postgresql://127.0.0.1:65535/db             | 127.0.0.1       | 65535     | db       |        |
                # without a host
                postgresql:///db                            | localhost       | 5432      | db       |        |
                postgresql://                               | localhost       | 5432      |          |        |
                postgresql://me@/db                         | localhost       | 5432      | db       | me     |
                postgresql://:5433/db                       | localhost       | 5433      | db       |        |
                postgresql://?user=me                       | localhost       | 5432      | me       | me     |
                # IPv6
                postgresql://me@[::1]:5433/db               | [::1]           | 5433      | db       | me     |
                postgresql://[2001:db8::1234]/db            | [2001:db8::1234]| 5432      | db       |        |
                postgresql://[::ffff:1.2.3.4]/db            | [::ffff:1.2.3.4]| 5432      | db       |        |
                postgresql://[fe80::1%25eth0]/db            | [fe80::1%eth0]  | 5432      | db       |        |
                postgresql:///db?host=::1                   | [::1]           | 5432      | db       |        |
                jdbc:postgresql://[::1]:5433/db             | [::1]           | 5433      | db       |        |
                # several hosts
                postgresql://h1:1,h2:2/db                   | h1,h2           | 1,2       | db       |        |
                postgresql://h1,h2:2/db                     | h1,h2           | 5432,2    | db       |        |
                postgresql://me:p@[::1],[::2]:2,h3/db       | [::1],[::2],h3  | 5432,2,5432 | db     | me     | p
                postgresql:///db?host=h1,h2&port=1,2        | h1,h2           | 1,2       | db       |        |
                postgresql:///db?host=h1,h2&port=7          | h1,h2           | 7,7       | db       |        |
                jdbc:postgresql://h1:1,h2:2/db              | h1,h2           | 1,2       | db       |        |
                # percent-encoding
                postgresql://a%40b:c%3Ad%2Fe@h/f%2Fg        | h               | 5432      | f/g      | a@b    | c:d/e
                postgresql://me:p+q@h/a+b                   | h               | 5432      | a+b      | me     | p+q
                postgresql://me:p%20q@h/a%20b               | h               | 5432      | a b      | me     | p q
                postgresql://me:%25%26%3F%3D%23@h/d%26c     | h               | 5432      | d&c      | me     | %&?=#
                postgresql://me:a#b@h/d#c                   | h               | 5432      | d#c      | me     | a#b
                postgresql://me:%C3%A4%F0%9F%8D%93@h/%C3%BC | h               | 5432      | ü        | me     | ä🍓
                postgresql://%68/%64b                       | h               | 5432      | db       |        |
                jdbc:postgresql://h/a+b?user=c+d            | h               | 5432      | a b      | c d    |
                jdbc:postgresql://h/db?user=me%40x&password=a%26b%2Bc | h     | 5432      | db       | me@x   | a&b+c
                # an @ of a password that was left as it is
                postgresql://me:p@ss@h/db                   | h               | 5432      | db       | me     | p@ss
                postgresql://me:p:q@h/db                    | h               | 5432      | db       | me     | p:q
                # credentials and place as parameters
                postgresql://h/db?user=me&password=a%40b    | h               | 5432      | db       | me     | a@b
                postgresql://h/db?user=me@tenant            | h               | 5432      | db       | me@tenant |
                postgresql:///?host=h&port=7&dbname=d       | h               | 7         | d        |        |
                postgresql:///?port=7                       | localhost       | 7         |          |        |
                jdbc:postgresql://h/db?user=me@tenant&password=x | h          | 5432      | db       | me@tenant | x
                # forms of the driver alone
                jdbc:postgresql:db                          | localhost       | 5432      | db       |        |
                jdbc:postgresql:                            | localhost       | 5432      |          |        |
                jdbc:postgresql:db?user=me                  | localhost       | 5432      | db       | me     |
                jdbc:postgresql://h?user=me                 | h               | 5432      | me       | me     |
                jdbc:postgresql:///db                       | localhost       | 5432      | db       |        |
                """)
    void aUrlLeadsToItsHostAndDatabase(
            String url, String hosts, String ports, String database, String user, String password) {
        DatabaseUrl read = DatabaseUrl.parse(url);
        Properties told = Driver.parseURL(read.jdbc(), null);
        assertThat(told).as(read.jdbc()).isNotNull();
        assertThat(told.getProperty("PGHOST")).isEqualTo(hosts);
        assertThat(told.getProperty("PGPORT")).isEqualTo(ports);
        assertThat(told.getProperty("PGDBNAME")).isEqualTo(database);
        assertThat(told.getProperty("user")).isEqualTo(user);
        assertThat(told.getProperty("password")).isEqualTo(password);
        assertThat(read.database()).isEqualTo(database);
        assertThat(read.user()).isEqualTo(user);
        assertThat(read.hasPassword()).isEqualTo(password != null);
        assertThat(DatabaseUrl.parse(read.jdbc())).isEqualTo(read).hasSameHashCodeAs(read);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                sslmode=verify-full            | sslmode          | verify-full
                sslrootcert=/etc/ca.pem        | sslrootcert      | /etc/ca.pem
                sslrootcert=system             | sslfactory       | org.postgresql.ssl.DefaultJavaSSLFactory
                sslrootcert=system             | sslmode          | verify-full
                sslmode=verify-full&sslrootcert=system | sslmode  | verify-full
                sslcert=c.pem                  | sslcert          | c.pem
                sslkey=k.pk8                   | sslkey           | k.pk8
                sslpassword=x                  | sslpassword      | x
                ssl=true                       | sslmode          | require
                sslnegotiation=direct          | sslNegotiation   | direct
                application_name=my%20app      | ApplicationName  | my app
                connect_timeout=7              | connectTimeout   | 7
                options=-c%20search_path%3Dapp | options          | -c search_path=app
                keepalives=1                   | tcpKeepAlive     | true
                keepalives=0                   | tcpKeepAlive     | false
                channel_binding=require        | channelBinding   | require
                require_auth=scram-sha-256     | requireAuth      | scram-sha-256
                gssencmode=disable             | gssEncMode       | disable
                gsslib=gssapi                  | gsslib           | gssapi
                krbsrvname=pg                  | kerberosServerName | pg
                load_balance_hosts=random      | loadBalanceHosts | true
                load_balance_hosts=disable     | loadBalanceHosts | false
                target_session_attrs=any       | targetServerType | any
                target_session_attrs=read-write| targetServerType | primary
                target_session_attrs=primary   | targetServerType | primary
                target_session_attrs=read-only | targetServerType | secondary
                target_session_attrs=standby   | targetServerType | secondary
                target_session_attrs=prefer-standby | targetServerType | preferSecondary
                currentSchema=app              | currentSchema    | app
                prepareThreshold=0             | prepareThreshold | 0
                client_encoding=UTF8           | client_encoding  |
                """)
    void aParameterOfLibpqSaysTheSameToTheDriver(String parameter, String name, String value) {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://me:p@h/db?" + parameter);
        assertThat(Objects.requireNonNull(Driver.parseURL(url.jdbc(), null)).getProperty(name))
                .isEqualTo(value);
        assertThat(DatabaseUrl.parse(url.jdbc())).isEqualTo(url);
        assertThat(url).hasToString("jdbc:postgresql://h/db");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sslmode=require&sslrootcert=system",
                "sslrootcert=system&sslmode=disable",
                "ssl=true&sslrootcert=system"
            })
    void theAuthoritiesOfTheSystemAreNotTrustedWithoutTheNameOfTheServer(String parameters) {
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://me:p@h/db?" + parameters))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sslrootcert=system goes with sslmode=verify-full only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fallback_application_name",
                "gssdelegation",
                "hostaddr",
                "keepalives_count",
                "keepalives_idle",
                "keepalives_interval",
                "max_protocol_version",
                "min_protocol_version",
                "oauth_client_id",
                "oauth_client_secret",
                "oauth_issuer",
                "oauth_scope",
                "passfile",
                "replication",
                "requirepeer",
                "requiressl",
                "scram_client_key",
                "scram_server_key",
                "ssl_max_protocol_version",
                "ssl_min_protocol_version",
                "sslcertmode",
                "sslcompression",
                "sslcrl",
                "sslcrldir",
                "sslkeylogfile",
                "sslsni",
                "tcp_user_timeout"
            })
    void aParameterThatTheDriverCannotHonourIsRefusedByName(String name) {
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://me:p@h/db?" + name + "=CANARY"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("The parameter " + name + " of the URL cannot be used here: ")
                .hasMessageNotContaining("CANARY");
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://h/db?sslmod=require, sslmod, sslmode",
        "postgresql://h/db?conect_timeout=3, conect_timeout, connect_timeout",
        "postgresql://h/db?target_session_attr=any, target_session_attr, target_session_attrs",
        "jdbc:postgresql://h/db?sslMode=require, sslMode, sslmode",
        "jdbc:postgresql://h/db?connect_timeout=3, connect_timeout, connectTimeout",
        "jdbc:postgresql://h/db?target_session_attrs=any, target_session_attrs, targetServerType",
        "jdbc:postgresql://h/db?applicationName=x, applicationName, ApplicationName",
    })
    void aMisspeltParameterIsNotPassedOver(String url, String name, String nearest) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the parameter " + name + " ")
                .hasMessageContaining("Did you mean " + nearest + "?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                mysql://me:CANARY@h/db                       | must begin with jdbc:postgresql:
                h/db                                         | must begin with jdbc:postgresql:
                POSTGRESQL://h/db                            | must begin with jdbc:postgresql:
                jdbc:mysql://h/db?password=CANARY            | must begin with jdbc:postgresql:
                jdbc:postgresql:/db                          | a database alone
                jdbc:postgresql://me:CANARY@h/db             | no place for user and password
                postgresql://me:CANARY%zz@h/db               | % without two hexadecimal digits
                jdbc:postgresql://h/db?password=CANARY%zz    | % without two hexadecimal digits
                postgresql://me:CANARY@a b/db                | no name or address
                postgresql://me:CANARY@::1/db                | more than one colon
                postgresql://me:CANARY@[::1/db               | more than one colon
                postgresql://[me:CANARY]/db                  | no name or address
                postgresql://me:CANARY@h:none/db             | a port is no number
                postgresql://me:CANARY@h:0/db                | a port is no number
                postgresql://me:CANARY@h:65536/db            | a port is no number
                postgresql://me:CANARY@h:-1/db               | a port is no number
                postgresql:///db?host=h1,h2&port=1,2,3       | 2 hosts and 3 ports
                # the rest of a password with a slash or a question mark
                postgresql://me:CAN/ARY@h/db                 | rest of a password
                postgresql://me:12/CANARY@h/db               | rest of a password
                postgresql://me:12/CANARY@h                  | rest of a password
                postgresql://me:12?CANARY@h/db               | rest of a password
                postgresql://me:12?CANARY=1@h/db             | rest of a password
                # sockets
                postgresql://%2Fvar%2Frun%2Fpostgresql/db    | connects by TCP only
                postgresql:///db?host=/var/run/postgresql    | connects by TCP only
                postgresql:///db?host=@abstract              | connects by TCP only
                # twice
                postgresql://me@h/db?user=you                | twice (user)
                postgresql://me:CANARY@h/db?password=CANARY  | twice (password)
                jdbc:postgresql://h/db?ssl=true&ssl=false    | twice (ssl)
                postgresql://h/db?service=x                  | it is a file that says
                jdbc:postgresql://?service=x                 | it is a file that says
                postgresql://h/db?host=h2                    | said twice
                postgresql://h/db?dbname=db2                 | said twice
                postgresql://h/db?application_name=a&ApplicationName=b | ApplicationName is said twice
                # values
                postgresql://h/db?target_session_attrs=write | any, prefer-standby, primary, read-only, read-write, standby
                postgresql://h/db?client_encoding=LATIN1     | speaks nothing else
                jdbc:postgresql:db?PGHOST=h                  | in front of the first slash
                """)
    void whatLeadsToNoDatabaseIsRefusedWithoutTellingAPassword(String url, String why) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("CANARY")
                .hasMessageNotContaining("ARY")
                .hasNoCause();
    }

    @Test
    void aLineBreakOfAnEnvironmentVariableIsNamed() {
        assertThatThrownBy(() -> DatabaseUrl.parse("postgresql://h/db\n")).hasMessageContaining("line break");
    }

    @Test
    void anotherDatabaseOfTheServerIsReachedWithTheSameCredentials() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://me:s@h1:1,h2/db?sslmode=require");
        assertThat(url.withDatabase("a/b c"))
                .isEqualTo(DatabaseUrl.parse("postgresql://me:s@h1:1,h2/a%2Fb%20c?sslmode=require"))
                .hasToString("jdbc:postgresql://h1:1,h2/a%2Fb+c");
        assertThat(DatabaseUrl.parse("postgresql://me@h").withDatabase("db").user())
                .isEqualTo("me");
    }

    @Test
    void partsThatWereNeverEncodedMakeAUrlToo() {
        assertThat(DatabaseUrl.of("::1", 5433, "a b", "m@e", "p/w"))
                .isEqualTo(DatabaseUrl.parse("postgresql://m%40e:p%2Fw@[::1]:5433/a%20b"));
        assertThat(DatabaseUrl.parse("postgresql://me@h/db").withCredentials(null, "p"))
                .isEqualTo(DatabaseUrl.of("h", 5432, "db", "me", "p"));
        assertThat(DatabaseUrl.parse("postgresql://me:p@h/db").withCredentials("you", "q"))
                .isEqualTo(DatabaseUrl.of("h", 5432, "db", "you", "q"));
    }

    @Test
    void howAUrlIsWrittenMakesNoDifference() {
        assertThat(DatabaseUrl.parse("postgresql://me:s@h/db?sslmode=require"))
                .isEqualTo(DatabaseUrl.parse("postgres://me:%73@h:5432/db?sslmode=require"))
                .isEqualTo(DatabaseUrl.parse("jdbc:postgresql://h/db?sslmode=require&password=s&user=me"))
                .isNotEqualTo(DatabaseUrl.parse("postgresql://me:t@h/db?sslmode=require"))
                .isNotEqualTo(DatabaseUrl.parse("postgresql://me:s@h/db"))
                .isNotEqualTo(DatabaseUrl.parse("postgresql://me:s@h:5433/db?sslmode=require"));
    }
}
