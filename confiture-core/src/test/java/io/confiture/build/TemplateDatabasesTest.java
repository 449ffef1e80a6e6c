package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confiture.error.ConfitureException;
import io.confiture.error.DatabaseConnectionException;
import io.confiture.error.ErrorCode;
import io.confiture.error.SchemaException;
import io.confiture.postgres.ConnectionSource;
import io.confiture.postgres.SessionPreparation;
import io.confiture.test.ChildJvm;
import io.confiture.test.TestDatabase;
import io.confiture.test.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TemplateDatabasesTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @AutoClose
    private final TemplateDatabases templates = TemplateDatabases.on(database.url());

    private final AtomicInteger made = new AtomicInteger();

    @BeforeEach
    void nothingIsMade() {
        made.set(0);
    }

    @AfterAll
    void nothingUnfinishedIsLeft() {
        assertThat(databases("confiture_unfinished_")).isEmpty();
        for (String name : databases("confiture_template_")) {
            TestServer.execute("ALTER DATABASE " + name + " IS_TEMPLATE false", "DROP DATABASE " + name);
        }
    }

    private List<@Nullable String> databases(String prefix) {
        return database.values("SELECT datname FROM pg_database WHERE starts_with(datname, '" + prefix
                + "') AND datname <> 'confiture_template'");
    }

    private void fill(DataSource target) {
        made.incrementAndGet();
        JdbcClient.create(target).sql("CREATE TABLE t AS SELECT 1 AS id").update();
    }

    private static @Nullable Object count(FreshDatabase fresh) {
        return JdbcClient.create(fresh.dataSource())
                .sql("SELECT count(*) FROM t")
                .query()
                .singleValue();
    }

    @Test
    void theContentIsMadeOnceAndEveryDatabaseHasIt() {
        String name;
        try (FreshDatabase one = templates.create("once", this::fill);
                FreshDatabase other = templates.create("once", this::fill)) {
            name = one.name();
            JdbcClient.create(one.dataSource()).sql("DELETE FROM t").update();
            assertThat(count(one)).isEqualTo(0L);
            assertThat(count(other)).isEqualTo(1L);
            assertThat(made).hasValue(1);
        }
        assertThat(databases("confiture_fresh_")).doesNotContain(name);
        try (TemplateDatabases others = TemplateDatabases.on(database.dataSource());
                FreshDatabase again = others.create("once", this::fill)) {
            assertThat(count(again)).isEqualTo(1L);
            assertThat(made).hasValue(1);
        }
    }

    @Test
    void anotherKeyIsAnotherContent() {
        try (FreshDatabase one = templates.create(TemplateDatabases.key("hash", "a b"), this::fill);
                FreshDatabase other = templates.create(
                        TemplateDatabases.key("hash a", "b"),
                        target -> JdbcClient.create(target)
                                .sql("CREATE TABLE u ()")
                                .update())) {
            assertThat(count(one)).isEqualTo(1L);
            assertThatThrownBy(() -> count(other)).rootCause().hasMessageContaining("\"t\"");
        }
    }

    @Test
    void manyThreadsMakeItOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<FreshDatabase>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(templates.createAsync("threads", this::fill, threads));
            }
            for (CompletableFuture<FreshDatabase> one : all) {
                try (FreshDatabase fresh = one.join()) {
                    assertThat(count(fresh)).isEqualTo(1L);
                }
            }
        } finally {
            threads.shutdown();
        }
        assertThat(made).hasValue(1);
    }

    /** Makes a template and says so. Arguments: the URL of the server. */
    static final class Instance {
        public static void main(String[] arguments) {
            try (TemplateDatabases templates = TemplateDatabases.on(arguments[0]);
                    FreshDatabase fresh = templates.create("processes", target -> {
                        System.out.println("MAKES");
                        JdbcClient.create(target)
                                .sql("CREATE TABLE t AS SELECT 1 AS id FROM pg_sleep(0.5)")
                                .update();
                    })) {
                System.out.println("HAS " + count(fresh));
            }
        }
    }

    @Test
    void manyProcessesMakeItOnce() {
        // Also from different databases of the server.
        List<ChildJvm> processes = List.of(
                ChildJvm.start(Instance.class, database.url()),
                ChildJvm.start(Instance.class, TestServer.url("postgres")));
        String output = "";
        for (ChildJvm process : processes) {
            output += process.output() + "\n";
            assertThat(process.exitCode()).as(output).isZero();
        }
        assertThat(output.lines().filter("MAKES"::equals)).hasSize(1);
        assertThat(output.lines().filter("HAS 1"::equals)).hasSize(2);
    }

    @Test
    void aThousandEqualErrorsBecauseATemplateIsMissing() {
        AtomicInteger tries = new AtomicInteger();
        DatabaseContent broken = target -> {
            tries.incrementAndGet();
            throw new SQLException("relation \"x\" does not exist\nStatement: SELECT 1");
        };
        assertThatThrownBy(() -> templates.create("broken", broken))
                .isInstanceOfSatisfying(
                        SchemaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPLATE_FAILED))
                .hasMessageContaining(
                        "The template database for broken could not be made. It is dropped, nothing is left. What"
                                + " failed: relation \"x\"")
                .hasMessageContaining("Statement: SELECT 1")
                .hasCauseInstanceOf(SQLException.class);
        for (int i = 0; i < 1_000; i++) {
            assertThatThrownBy(() -> templates.create("broken", broken))
                    .hasMessageContaining("has failed before")
                    .hasMessageNotContainingAny("Statement")
                    .hasNoCause();
        }
        assertThat(tries).hasValue(1);
        assertThat(databases("confiture_unfinished_")).isEmpty();
    }

    @Test
    void anErrorOfTheContentLeavesNobodyWaitingAndNothingBehind() throws Exception {
        CompletableFuture<FreshDatabase> other = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                other.complete(templates.create("error", this::fill));
            } catch (RuntimeException e) {
                other.completeExceptionally(e);
            }
        });
        assertThatThrownBy(() -> templates.create("error", target -> {
                    waiting.start();
                    while (waiting.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                    throw new AssertionError("of the content");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("of the content");
        assertThatThrownBy(() -> other.get(30, TimeUnit.SECONDS)).hasMessageContaining("of the content");
        assertThat(databases("confiture_unfinished_")).isEmpty();
        try (FreshDatabase fresh = templates.create("error", this::fill)) {
            assertThat(count(fresh)).isEqualTo(1L);
        }
    }

    @Test
    void aKeyIsNotBrokenBecauseTheServerWasAwayOrACallWasCancelled() {
        for (ConfitureException passing : List.of(
                new DatabaseConnectionException(ErrorCode.CONNECTION_FAILED, "away", null),
                new SchemaException(ErrorCode.CANCELLED, "cancelled", null))) {
            assertThatThrownBy(() -> templates.create(passing.code().code(), target -> {
                        throw passing;
                    }))
                    .isSameAs(passing);
            try (FreshDatabase fresh = templates.create(passing.code().code(), this::fill)) {
                assertThat(count(fresh)).isEqualTo(1L);
            }
        }
    }

    @Test
    void aTemplateWhoseNameIsTakenWhenItIsWholeLeavesNothingBehind() {
        List<String> taken = new ArrayList<>();
        try (FreshDatabase fresh = templates.create("taken", target -> {
            fill(target);
            String unfinished =
                    String.valueOf(databases("confiture_unfinished_").get(0));
            String name = "confiture_template_" + unfinished.split("_")[2];
            TestServer.execute("CREATE DATABASE " + name + " TEMPLATE " + unfinished);
            taken.add(name);
        })) {
            assertThat(count(fresh)).isEqualTo(1L);
            assertThat(databases("confiture_unfinished_")).isEmpty();
        } finally {
            taken.forEach(name -> TestServer.execute("DROP DATABASE " + name));
        }
    }

    @Test
    void connectionsThatTheContentLeavesOpenAreEnded() throws Exception {
        List<Connection> left = new ArrayList<>();
        try (FreshDatabase fresh = templates.create("left open", target -> {
            left.add(target.getConnection());
            fill(target);
        })) {
            assertThat(count(fresh)).isEqualTo(1L);
            assertThat(left.get(0).isValid(1)).isFalse();
        }
    }

    @Test
    void nobodyCanChangeATemplate() {
        templates.create("closed", this::fill).close();
        assertThat(database.value("SELECT count(*) FROM pg_database WHERE starts_with(datname, 'confiture_template_')"
                        + " AND (datallowconn OR NOT datistemplate)"))
                .isEqualTo("0");
    }

    @Test
    void aTemplateThatWasDroppedIsMadeAgain() {
        String only = "dropped meanwhile";
        templates.create(only, this::fill).close();
        for (String name : databases("confiture_template_")) {
            TestServer.execute("ALTER DATABASE " + name + " IS_TEMPLATE false", "DROP DATABASE " + name);
        }
        try (FreshDatabase fresh = templates.create(only, this::fill)) {
            assertThat(count(fresh)).isEqualTo(1L);
        }
        assertThat(made).hasValue(2);
    }

    @Test
    void anUnfinishedTemplateOfTheDeadIsNeverUsed() {
        String dead = "confiture_unfinished_" + TemplateNames.digest("x") + "_1";
        TestServer.execute("CREATE DATABASE " + dead);
        try (FreshDatabase fresh = templates.create("unfinished", this::fill)) {
            assertThat(count(fresh)).isEqualTo(1L);
        } finally {
            TestServer.execute("DROP DATABASE " + dead);
        }
    }

    @Test
    void staleOnesAreDroppedAndNeverThoseInUseYoungOrOfOthers() throws Exception {
        FreshDatabase young = templates.create("young", this::fill);
        String old = "confiture_fresh_1000000000_0000000000000";
        String inUse = "confiture_fresh_1000000000_1z0000000000b";
        String foreign = "confiture_fresh_of_mine";
        String unmarked = "confiture_template_of_mine";
        String template = "confiture_template_" + TemplateNames.digest("stale");
        for (String name : List.of(old, inUse, foreign, unmarked, template)) {
            TestServer.execute("CREATE DATABASE " + name);
        }
        TestServer.execute(
                "COMMENT ON DATABASE " + template + " IS '" + TemplateNames.MARK + "1000'",
                "ALTER DATABASE " + template + " IS_TEMPLATE true");
        try (Connection ignored = ConnectionSource.of(TestServer.url(inUse)).connect()) {
            assertThat(templates.dropStale(Duration.ofDays(7))).containsExactly(old, template);
            assertThat(count(young)).isEqualTo(1L);
            assertThat(databases("confiture_")).contains(inUse, foreign, unmarked, young.name());
        } finally {
            young.close();
            TestServer.execute("DROP DATABASE " + inUse, "DROP DATABASE " + foreign, "DROP DATABASE " + unmarked);
        }
    }

    @Test
    void aDatabaseOfSomebodyElseWithASimilarNameStays() {
        List<String> foreign = List.of(
                "confiture_fresh_2026_backup",
                "confiture_fresh_1000000000_backup",
                "confiture_fresh_1000000000_0000000000000_old");
        for (String name : foreign) {
            TestServer.execute("CREATE DATABASE " + name);
        }
        try {
            assertThat(templates.dropStale(Duration.ofDays(7))).isEmpty();
            assertThat(databases("confiture_fresh_")).containsAll(foreign);
        } finally {
            for (String name : foreign) {
                TestServer.execute("DROP DATABASE IF EXISTS " + name);
            }
        }
    }

    @Test
    void theNameOfACloneHasTheFormThatItIsKnownBy() {
        try (FreshDatabase fresh = templates.create("name", this::fill)) {
            assertThat(fresh.name()).matches("confiture_fresh_[0-9]{10}_[01][0-9a-z]{12}");
        }
    }

    @Test
    void aRoleThatMayNotCreateDatabasesIsToldWhatToGrant() {
        String role = "plain_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN");
        try (TemplateDatabases plain = TemplateDatabases.on(database.url(role))) {
            assertThatThrownBy(() -> plain.create("x", this::fill)).hasMessageContaining("CREATEDB");
        } finally {
            TestServer.execute("DROP ROLE " + role);
        }
    }

    @Test
    void theRoleThatSessionsTakeOnHasTheDatabasesAndNeedNotBeAllowedToCreateThem() {
        String role = "owner_" + database.name();
        String login = "login_" + database.name();
        TestServer.execute(
                "CREATE ROLE " + role, "CREATE ROLE " + login + " LOGIN CREATEDB", "GRANT " + role + " TO " + login);
        ConnectionSource server = ConnectionSource.of(database.url(login)).with(new SessionPreparation(null, role), 0);
        try (TemplateDatabases own = TemplateDatabases.on(server)) {
            try (FreshDatabase fresh = own.create("of a role taken on", this::fill)) {
                assertThat(count(fresh)).isEqualTo(1L);
                assertThat(database.values("SELECT DISTINCT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '"
                                + fresh.name() + "' OR pg_get_userbyid(datdba) IN ('" + role + "', '" + login + "')"))
                        .containsExactly(role);
            }
        } finally {
            for (String name :
                    database.values("SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = '" + role + "'")) {
                TestServer.execute("ALTER DATABASE " + name + " IS_TEMPLATE false", "DROP DATABASE " + name);
            }
            TestServer.execute("DROP ROLE " + login, "DROP ROLE " + role);
        }
    }

    @Test
    void aRoleThatMayCreateDatabasesNeedsNothingElse() {
        String role = "creator_" + database.name();
        TestServer.execute("CREATE ROLE " + role + " LOGIN CREATEDB");
        try (TemplateDatabases own = TemplateDatabases.on(database.url(role))) {
            try (FreshDatabase fresh = own.create("of a plain role", this::fill)) {
                assertThat(count(fresh)).isEqualTo(1L);
            }
        } finally {
            for (String name :
                    database.values("SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = '" + role + "'")) {
                TestServer.execute("ALTER DATABASE " + name + " IS_TEMPLATE false", "DROP DATABASE " + name);
            }
            TestServer.execute("DROP ROLE " + role);
        }
    }
}
