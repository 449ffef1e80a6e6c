package io.confiture.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.Http;
import io.confiture.boot.fixture.WebApp;
import io.confiture.migrate.MigrationFolder;
import io.confiture.migrate.MigrationLock;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Real HTTP against an application whose operator has opened the endpoint for changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointOperationsTest {
    private static final String DEFAULT = "/confiture/default";

    private final TestDatabase database = TestDatabase.create();
    private ConfigurableApplicationContext context;
    private MigrationFolder folder;
    private Http http;

    @BeforeAll
    void start(@TempDir Path temp) {
        folder = new MigrationFolder(temp);
        context = open(temp);
        http = new Http(context);
    }

    private ConfigurableApplicationContext open(Path folder) {
        return Apps.app(WebApp.class)
                .web(WebApplicationType.SERVLET)
                .run(Apps.arguments(
                        database,
                        "server.port=0",
                        "confiture.migrate.mode=off",
                        "confiture.migrate.locations=file:" + folder,
                        "management.endpoint.confiture.access=unrestricted",
                        "management.endpoints.web.exposure.include=confiture"));
    }

    @AfterAll
    void stop() {
        context.close();
        database.close();
    }

    @BeforeEach
    void empty() {
        database.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
        folder.three();
    }

    @Test
    void migratesUpToATargetThenTheRestAndTellsWhatItDid() {
        JsonNode first = post(200, "{'operation':'migrate','target':'002'}");
        assertThat(first.get("ok").asBoolean()).isTrue();
        assertThat(first.get("operation").asString()).isEqualTo("migrate");
        assertThat(first.get("database").asString()).isEqualTo("default");
        assertThat(first.get("migrations").findValuesAsString("name")).containsExactly("create_users", "add_name");
        assertThat(first.get("migrations").findValuesAsString("action")).containsOnly("applied");
        JsonNode rest = post(200, "{'operation':'migrate'}").get("migrations");
        assertThat(rest.findValuesAsString("version")).containsExactly("003");
        assertThat(rest.get(0).get("rowsAffected").asInt()).isEqualTo(2);
        assertThat(post(200, "{'operation':'migrate'}").get("migrations").size())
                .isZero();
        assertThat(applied()).isEqualTo("3");
    }

    @Test
    void rollsBackExactlyOneOrDownToATarget() {
        post(200, "{'operation':'migrate'}");
        JsonNode one = post(200, "{'operation':'rollback','migration':'003_seed'}");
        assertThat(one.get("migrations").findValuesAsString("action")).containsExactly("rolled_back");
        assertThat(post(409, "{'operation':'rollback','migration':'001'}")
                        .get("code")
                        .asString())
                .isEqualTo("ROLLBACK_601");
        assertThat(applied()).isEqualTo("2");
        JsonNode down = post(200, "{'operation':'rollback','target':'001'}");
        assertThat(down.get("migrations").findValuesAsString("version")).containsExactly("002");
        assertThat(applied()).isEqualTo("1");
    }

    @Test
    void aRepairShowsWhatItWouldDoAndChangesNothingUntilItIsToldTo() {
        post(200, "{'operation':'migrate'}");
        database.execute(
                "UPDATE tb_confiture SET checksum = repeat('a', 64) WHERE version = '001'",
                "INSERT INTO tb_confiture (id, slug, version, name, checksum)"
                        + " VALUES (gen_random_uuid(), 'gone', '000', 'gone', repeat('b', 64))");
        JsonNode nothing = post(200, "{'operation':'repair'}");
        assertThat(nothing.get("executed").asBoolean()).isFalse();
        assertThat(nothing.get("steps").size()).isZero();
        assertThat(nothing.get("openTotal").asInt()).isEqualTo(2);
        assertThat(nothing.get("open").findValuesAsString("what")).containsExactlyInAnyOrder("checksum", "missing");
        JsonNode preview = post(200, "{'operation':'repair','checksums':true}");
        assertThat(preview.get("executed").asBoolean()).isFalse();
        assertThat(preview.get("steps").findValuesAsString("migration")).containsExactly("001_create_users");
        assertThat(changed()).isEqualTo("1");
        JsonNode done = post(200, "{'operation':'repair','checksums':true,'missing':true,'preview':false}");
        assertThat(done.get("executed").asBoolean()).isTrue();
        assertThat(done.get("steps").size()).isEqualTo(2);
        assertThat(changed()).isEqualTo("0");
        assertThat(applied()).isEqualTo("3");
    }

    private @Nullable String changed() {
        return database.value("SELECT count(*) FROM tb_confiture WHERE checksum = repeat('a', 64)");
    }

    @Test
    void aRepairThatDecidesWhatIsNotInDoubtIsRefused() {
        post(200, "{'operation':'migrate'}");
        for (String preview : new String[] {"true", "false"}) {
            JsonNode refused = post(409, "{'operation':'repair','done':'1,002_add_name','preview':" + preview + "}");
            assertThat(refused.get("message").asString()).contains("001_create_users");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "/confiture/default | {'operation':'migarte'} | 400 | There is no operation 'migarte'; the nearest is 'migrate'",
                "/confiture/default | {'operation':'migrate','targte':'001'} | 400 | There is no parameter 'targte'; the nearest is 'target'",
                "/confiture/default | {'target':'001'} | 400 | Missing parameters: operation",
                "/confiture/default | {'operation':'rollback'} | 400 | rollback takes either migration",
                "/confiture/default | {'operation':'rollback','target':'1','migration':'1'} | 400 | rollback takes either migration",
                "/confiture/default | {'operation':'rollback','target':'1','preview':true} | 400 | rollback takes no preview",
                "/confiture/default | {'operation':'repair','preview':'perhaps'} | 400 | preview cannot be 'perhaps'",
                "/confiture/default | {'operation':'migrate','migration':'1'} | 400 | migrate takes no migration",
                "/confiture/defautl | {'operation':'migrate'} | 404 | There is no database 'defautl'; the nearest is 'default'",
                "/confiture/default | {'operation':'migrate','target':'01_create_user'} | 400 | MIGR_100: "
            })
    void whatCannotBeMeantIsRefusedWithTheReasonAndNothingIsDone(String path, String body, int status, String why) {
        Http.Answer answer = http.post(path, body.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().get("message").asString()).startsWith(why);
        assertThat(database.value("SELECT to_regclass('tb_confiture')")).isNull();
    }

    @Test
    void aFailureTellsWhereWhatStaysAndWhatToDoButNoSqlAndNoRows() {
        folder.write("004_bad.up.sql", "INSERT INTO users VALUES (77, 'secret@mail');\nINSERT INTO users VALUES (1);");
        try {
            JsonNode failure = post(500, "{'operation':'migrate'}");
            assertThat(failure.get("ok").asBoolean()).isFalse();
            assertThat(failure.get("status").asInt()).isEqualTo(500);
            assertThat(failure.get("code").asString()).isEqualTo("MIGR_106");
            assertThat(failure.get("message").asString())
                    .contains("004_bad.up.sql:2:1")
                    .contains("[23505]")
                    .endsWith("State: rolled back; nothing of 004_bad is applied.");
            assertThat(failure.get("hint").asString()).isNotEmpty();
            assertThat(failure.get("committed").findValuesAsString("version")).containsExactly("001", "002", "003");
            assertThat(failure.toString())
                    .doesNotContain("INSERT")
                    .doesNotContain("Key (id)")
                    .doesNotContain("secret@mail")
                    .doesNotContain("at io.confiture")
                    .doesNotContain("Exception");
        } finally {
            folder.delete("004_bad.up.sql");
        }
    }

    @Test
    void aSecondOperationIsRefusedWhileOneIsUnderWay() throws SQLException {
        folder.write("004_slow.up.sql", SLOW);
        try (Connection holding = holdBack()) {
            CompletableFuture<Http.Answer> first = http.posted(DEFAULT, "{\"operation\":\"migrate\"}");
            awaitSlowStatement();
            JsonNode second = post(409, "{'operation':'rollback','migration':'003'}");
            assertThat(second.get("message").asString())
                    .contains("This instance is already at it: migrate of database 'default'");
            assertThat(http.get(DEFAULT).json().get("lockHolder").get("pid").asInt())
                    .isPositive();
            holding.close();
            assertThat(first.join().status()).isEqualTo(200);
            assertThat(applied()).isEqualTo("4");
        } finally {
            folder.delete("004_slow.up.sql");
        }
    }

    @Test
    void whileAnotherInstanceMigratesTheRequestDoesNotWait() {
        try (MigrationLock lock = Migrator.builder(database.url())
                .locations(folder.location())
                .build()
                .lock()) {
            JsonNode refused = post(409, "{'operation':'migrate'}");
            assertThat(refused.get("message").asString())
                    .containsPattern("Another run holds the migration lock: backend pid \\d+");
        }
        assertThat(post(200, "{'operation':'migrate'}").get("migrations").size())
                .isEqualTo(3);
    }

    @Test
    void anApplicationThatStopsCancelsWhatItWasAskedForAndSaysWhatStays(@TempDir Path temp) throws SQLException {
        MigrationFolder mine = new MigrationFolder(temp).three().write("004_slow.up.sql", SLOW);
        try (Connection holding = holdBack()) {
            ConfigurableApplicationContext stopping = open(temp);
            CompletableFuture<Http.Answer> answer = new Http(stopping).posted(DEFAULT, "{\"operation\":\"migrate\"}");
            awaitSlowStatement();
            stopping.close();
            assertThat(answer.join().status()).as(answer.join().text()).isEqualTo(503);
            JsonNode failure = answer.join().json();
            assertThat(failure.get("code").asString()).isEqualTo("MIGR_119");
            assertThat(failure.get("committed").size()).isEqualTo(3);
            assertThat(Migrator.builder(database.url())
                            .locations(mine.location())
                            .build()
                            .lockHolder())
                    .isEmpty();
            assertThat(applied()).isEqualTo("3");
            assertThat(slowStatements()).isEqualTo("0");
        }
    }

    /** Runs until nobody holds it back, without waiting for a lock, which would time out. */
    private static final String SLOW = "DO $$ BEGIN WHILE NOT pg_try_advisory_xact_lock(4711) LOOP"
            + " PERFORM pg_sleep(0.02); END LOOP; END $$;\n";

    private Connection holdBack() throws SQLException {
        Connection connection = database.connect();
        connection.createStatement().execute("SELECT pg_advisory_lock(4711)");
        return connection;
    }

    private void awaitSlowStatement() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> "1".equals(slowStatements()));
    }

    private @Nullable String slowStatements() {
        return database.value(
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO $$%4711%'"
                        + " AND datname = current_database()");
    }

    private @Nullable String applied() {
        return database.value("SELECT count(*) FROM tb_confiture");
    }

    private JsonNode post(int status, String json) {
        Http.Answer answer = http.post(DEFAULT, json.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return answer.json();
    }
}
