package io.confiture.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.confiture.error.ConfigurationException;
import io.confiture.error.SchemaException;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScratchDatabaseTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final ConnectionSource server = ConnectionSource.of(database.url());

    private static @Nullable String value(ConnectionSource source, String sql) throws SQLException {
        try (Session session = Session.open(source)) {
            return session.query(sql, rs -> rs.getString(1)).get(0);
        }
    }

    private List<@Nullable String> databases() {
        return database.values("SELECT datname FROM pg_database WHERE datname LIKE 'confiture\\_scratch\\_%'");
    }

    @Test
    void isANewDatabaseThatIsGoneWhenItIsClosedWithSessionsOnIt() throws Exception {
        String name;
        try (ScratchDatabase scratch = ScratchDatabase.create(server);
                Connection ignored = scratch.source().connect()) {
            name = scratch.name();
            assertThat(name).matches("confiture_scratch_[0-9a-z]+");
            assertThat(value(scratch.source(), "SELECT current_database()")).isEqualTo(name);
            assertThat(database.value("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '"
                            + name + "'"))
                    .startsWith("Scratch database of Confiture");
            scratch.close();
            assertThat(databases()).doesNotContain(name);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'
                    ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'
                    """)
    void hasTheEncodingAndLocaleOfTheOther(String options) throws Exception {
        String name = "localized_" + database.name();
        TestServer.execute("CREATE DATABASE " + name + " TEMPLATE template0 " + options);
        try (ScratchDatabase scratch = ScratchDatabase.create(server.toDatabase(name))) {
            assertThat(settled(scratch.name())).isEqualTo(settled(name));
        } finally {
            TestServer.execute("DROP DATABASE " + name);
        }
    }

    @Test
    void hasTheIcuLocaleOfTheOther() throws Exception {
        int major = Integer.parseInt(String.valueOf(database.value("SHOW server_version_num"))) / 10_000;
        String name = "icu_" + database.name();
        TestServer.execute("CREATE DATABASE " + name + " TEMPLATE template0"
                + (major < 15 ? "" : " LOCALE_PROVIDER icu ICU_LOCALE 'de-AT'")
                + (major < 16 ? "" : " ICU_RULES '&a < g'"));
        try (ScratchDatabase scratch = ScratchDatabase.create(server.toDatabase(name))) {
            assertThat(settled(scratch.name())).isEqualTo(settled(name));
        } finally {
            TestServer.execute("DROP DATABASE " + name);
        }
    }

    private @Nullable String settled(String name) {
        return database.value(
                "SELECT to_jsonb(d) - '{oid,datname,datdba,datfrozenxid,datminmxid,datlastsysoid}'::text[]"
                        + " FROM pg_database d WHERE datname = '" + name + "'");
    }

    @Test
    void aRoleThatMayNotCreateDatabasesIsToldWhatToGrant() {
        String role = "plain_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        try {
            assertThatThrownBy(() -> ScratchDatabase.create(ConnectionSource.of(database.url(role))))
                    .isInstanceOf(SchemaException.class)
                    .hasMessageStartingWith("MIGR_117: The role \"" + role + "\" may not create a scratch database")
                    .hasMessageContaining("Nothing was created")
                    .hasMessageContaining("ALTER ROLE \"" + role + "\" CREATEDB");
        } finally {
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void belongsToTheRoleThatSessionsTakeOn() throws Exception {
        String role = "owner_" + database.name();
        TestServer.execute("CREATE ROLE " + role);
        try (ScratchDatabase scratch = ScratchDatabase.create(server.with(new SessionPreparation(null, role), 0))) {
            assertThat(value(
                            scratch.source(),
                            "SELECT pg_get_userbyid(datdba) || current_user FROM pg_database"
                                    + " WHERE datname = current_database()"))
                    .isEqualTo(role + role);
        } finally {
            TestServer.execute("DROP ROLE " + role);
        }
    }

    static Stream<DataSource> dataSources(TestDatabase database, String role, String password) {
        PGSimpleDataSource ofDriver = new PGSimpleDataSource();
        ofDriver.setUrl(database.url().replaceAll("\\?.*", ""));
        ofDriver.setUser(role);
        ofDriver.setPassword(password);
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url().replaceAll("\\?.*", ""));
        pool.setUsername(role);
        pool.setPassword(password);
        pool.setMaximumPoolSize(1);
        HikariDataSource around = new HikariDataSource();
        around.setDataSource(ofDriver);
        around.setMaximumPoolSize(1);
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", password);
        return Stream.of(
                ofDriver,
                pool,
                around,
                new LazyConnectionDataSourceProxy(ofDriver),
                new DriverManagerDataSource(database.url().replaceAll("\\?.*", ""), role, password),
                new DriverManagerDataSource(database.url().replaceAll("\\?.*", ""), properties));
    }

    @Test
    void behindADataSourceItIsReachedAsTheSameUser() throws Exception {
        String role = "creator_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN CREATEDB PASSWORD 'p&%= w'");
        try {
            for (DataSource dataSource : dataSources(database, role, "p&%= w").toList()) {
                try (ScratchDatabase scratch = ScratchDatabase.create(ConnectionSource.of(dataSource));
                        Connection connection = scratch.source().connect()) {
                    assertThat(connection.getMetaData().getUserName()).isEqualTo(role);
                    assertThat(connection.getCatalog()).isEqualTo(scratch.name());
                    assertThat(scratch.source().toString()).doesNotContain("%", "password");
                }
                if (dataSource instanceof HikariDataSource pool) {
                    pool.close();
                }
            }
        } finally {
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void behindAPoolItIsReachedWithTheDriverPropertiesOfThePool() throws Exception {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(1);
            pool.addDataSourceProperty("ApplicationName", "of the pool");
            pool.addDataSourceProperty("options", "-c geqo_threshold=77");
            try (ScratchDatabase scratch = ScratchDatabase.create(ConnectionSource.of(pool))) {
                assertThat(value(
                                scratch.source(),
                                "SELECT current_setting('application_name') || current_setting('geqo_threshold')"))
                        .isEqualTo("of the pool77");
            }
        }
    }

    @Test
    void fromACallersConnectionItIsReachedAndTheConnectionStaysAsItWas() throws Exception {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            try (ScratchDatabase scratch = ScratchDatabase.create(ConnectionSource.of(connection))) {
                assertThat(value(scratch.source(), "SELECT current_database()")).isEqualTo(scratch.name());
            }
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection.isClosed()).isFalse();
        }
        assertThat(databases()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    jdbc:postgresql://h:1,[::1]:2/db?a=b | jdbc:postgresql://h:1,[::1]:2/x+y%2F?a=b
                    jdbc:postgresql://h?a=/b             | jdbc:postgresql://h/x+y%2F?a=/b
                    jdbc:postgresql:db                   | jdbc:postgresql:x+y%2F
                    jdbc:postgresql:?a=b                 | jdbc:postgresql:x+y%2F?a=b
                    jdbc:postgresql://h/                 | jdbc:postgresql://h/x+y%2F
                    """)
    void aUrlKeepsAllButItsDatabase(String url, String expected) {
        assertThat(OtherDatabase.of(url).url("x y/")).isEqualTo(expected);
    }

    @Test
    void aUrlThatPinsTheDatabaseNeverLeadsToTheWrongOne() {
        DataSource pinned = new DriverManagerDataSource(database.url() + "&PGDBNAME=" + database.name());
        assertThatThrownBy(
                        () -> ConnectionSource.of(pinned).toDatabase("postgres").connect())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("confiture.url");
    }

    @Test
    void leftoversOfTheDeadAreDroppedAndThoseInUseOrOfOthersAreNot() throws Exception {
        String mark = "' IS 'Scratch database of Confiture, may be dropped. Created at epoch second ";
        String inUse = "confiture_scratch_in_use_" + database.name();
        String dead = "confiture_scratch_dead_" + database.name();
        String young = "confiture_scratch_young_" + database.name();
        String foreign = "confiture_scratch_foreign_" + database.name();
        for (String name : List.of(inUse, dead, young, foreign)) {
            TestServer.execute("CREATE DATABASE " + name);
            if (!name.equals(foreign)) {
                TestServer.execute("COMMENT ON DATABASE " + name + mark.substring(1)
                        + (name.equals(young) ? System.currentTimeMillis() / 1000 : 1_000) + "'");
            }
        }
        try {
            try (Connection ignored = server.toDatabase(inUse).connect()) {
                ScratchDatabase.create(server).close();
                assertThat(databases()).contains(inUse, young, foreign).doesNotContain(dead);
            }
            assertThat(ScratchDatabase.dropLeftovers(server, Duration.ofHours(1)))
                    .containsExactly(inUse);
            assertThat(databases()).containsExactlyInAnyOrder(young, foreign);
        } finally {
            for (String name : List.of(inUse, dead, young, foreign)) {
                TestServer.execute("DROP DATABASE IF EXISTS " + name);
            }
        }
    }

    @Test
    void isDroppedWhenTheCallThatWorksWithItIsCancelled() throws Exception {
        var threads = Executors.newSingleThreadExecutor();
        CompletableFuture<String> created = new CompletableFuture<>();
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        try {
            CompletableFuture<String> call = AsyncCall.start("work", threads, () -> {
                try (ScratchDatabase scratch = ScratchDatabase.create(server)) {
                    created.complete(scratch.name());
                    return String.valueOf(value(scratch.source(), "SELECT pg_sleep(60)"));
                } catch (SQLException e) {
                    throw new CancellationException(e.getMessage());
                } finally {
                    closed.complete(true);
                }
            });
            created.join();
            call.cancel(true);
            closed.join();
            assertThat(databases()).doesNotContain(created.join());
        } finally {
            threads.shutdown();
        }
    }
}
