package io.confiture.boot.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.hook.HookContext;
import io.confiture.hook.MigrationHook;
import io.confiture.migrate.Migrator;
import io.confiture.test.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

class StartupEventsTest {
    private static final List<String> OF_A_START = List.of(
            "MigrationRunStarted",
            "MigrationStarted 001",
            "MigrationExecuted 001",
            "MigrationCommitted 001",
            "MigrationStarted 002",
            "MigrationExecuted 002",
            "MigrationCommitted 002",
            "MigrationRunCompleted");

    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void everybodyHearsTheStartOnce() {
        try (ConfigurableApplicationContext context = Apps.start(database, Everybody.class)) {
            Everybody everybody = context.getBean(Everybody.class);
            assertThat(everybody.hook)
                    .containsExactly(
                            "before_run",
                            "before_execute 001",
                            "after_execute 001",
                            "after_commit 001",
                            "before_execute 002",
                            "after_execute 002",
                            "after_commit 002",
                            "after_run");
            assertThat(everybody.listenerBean).isEqualTo(OF_A_START);
            assertThat(everybody.lambda).containsExactly("MigrationCommitted 001", "MigrationCommitted 002");
            assertThat(everybody.addedByInitializer).isEmpty();
            List<String> replayed =
                    OF_A_START.stream().map(event -> event + " replayed").toList();
            assertThat(everybody.baseType).isEqualTo(replayed);
            assertThat(everybody.specificType)
                    .containsExactly("MigrationCommitted 001 replayed", "MigrationCommitted 002 replayed");
            assertThat(everybody.conditional).containsExactly("MigrationStarted 002 replayed");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(everybody.async)
                            .containsExactlyInAnyOrder(
                                    "MigrationCommitted 001 replayed async", "MigrationCommitted 002 replayed async"));
        }
    }

    @Test
    void afterTheStartEverybodyHearsLiveAndOnce() {
        try (ConfigurableApplicationContext context = Apps.start(database, Everybody.class)) {
            Everybody everybody = context.getBean(Everybody.class);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(everybody.async).hasSize(2));
            everybody.forget();
            Migrator migrator = context.getBean(Migrator.class);
            migrator.rollback("002");
            migrator.applyAll();
            List<String> live = List.of(
                    "MigrationRunStarted",
                    "RollbackStarted 002",
                    "RollbackCommitted 002",
                    "MigrationRunCompleted",
                    "MigrationRunStarted",
                    "MigrationStarted 002",
                    "MigrationExecuted 002",
                    "MigrationCommitted 002",
                    "MigrationRunCompleted");
            assertThat(everybody.listenerBean).isEqualTo(live);
            assertThat(everybody.baseType).isEqualTo(live);
            assertThat(everybody.specificType).containsExactly("MigrationCommitted 002");
            assertThat(everybody.conditional).containsExactly("MigrationStarted 002");
            assertThat(everybody.lambda).containsExactly("MigrationCommitted 002");
        }
    }

    @Test
    void aStartWithNothingToDoIsToldToo() {
        Apps.start(database).close();
        try (ConfigurableApplicationContext context = Apps.start(database, Everybody.class)) {
            Everybody everybody = context.getBean(Everybody.class);
            assertThat(everybody.listenerBean).containsExactly("MigrationRunStarted", "MigrationRunCompleted");
            assertThat(everybody.baseType)
                    .containsExactly("MigrationRunStarted replayed", "MigrationRunCompleted replayed");
        }
    }

    @Test
    void aValidationIsTold() {
        Apps.start(database).close();
        try (ConfigurableApplicationContext context =
                Apps.start(database, Everybody.class, "confiture.migrate.mode=validate")) {
            assertThat(context.getBean(Everybody.class).listenerBean)
                    .containsExactly("ValidationStarted", "ValidationCompleted");
            assertThat(context.getBean(Everybody.class).baseType)
                    .containsExactly("ValidationStarted replayed", "ValidationCompleted replayed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void lazyBeansAreToldToo(String lazy) {
        try (ConfigurableApplicationContext context =
                Apps.start(database, Everybody.class, "spring.main.lazy-initialization=" + lazy)) {
            assertThat(context.getBean(Everybody.class).listenerBean).isEqualTo(OF_A_START);
            assertThat(context.getBean(Everybody.class).baseType).hasSize(8);
        }
    }

    /** As Spring has it: without a transaction such a method hears only what it asks for with fallbackExecution. */
    @Test
    void transactionalListenersHearAsOfAnyEvent() {
        try (ConfigurableApplicationContext context = Apps.start(database, Transactional.class)) {
            Transactional listener = context.getBean(Transactional.class);
            assertThat(listener.withFallback)
                    .containsExactly("MigrationCommitted 001 replayed", "MigrationCommitted 002 replayed");
            assertThat(listener.withoutFallback).isEmpty();
        }
    }

    @Test
    void aListenerThatThrowsChangesNothingForAnybody() {
        try (ConfigurableApplicationContext context = Apps.start(database, Throwing.class, "logging.level.root=off")) {
            Throwing listeners = context.getBean(Throwing.class);
            assertThat(listeners.calls).containsExactlyElementsOf(twice(OF_A_START));
            assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("2");
            assertThat(listeners.methods).isEqualTo(16);
            listeners.methods = 0;
            context.getBean(Migrator.class).rollback("002");
            assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("1");
        }
    }

    @Test
    void theEventsOfAMigratorThatTheApplicationBuilds() {
        try (ConfigurableApplicationContext context = Apps.start(database, Everybody.class, "own=true")) {
            assertThat(context.getBeansOfType(Migrator.class)).containsOnlyKeys("ordersMigrator");
            assertThat(context.getBean(Everybody.class).databases).containsOnly("orders");
            assertThat(context.getBean(Everybody.class).listenerBean).isEqualTo(OF_A_START);
        }
    }

    /** What happens in the child is told in the child and in its parent, as Spring does with every event. */
    @Test
    void parentAndChildContextsHearOnceEach() {
        try (ConfigurableApplicationContext parent =
                        Apps.app(ListenersOnly.class).run();
                ConfigurableApplicationContext child = Apps.app(JdbcApp.class, ListenersOnly.class)
                        .parent(parent)
                        .run(Apps.arguments(database))) {
            for (ConfigurableApplicationContext context : List.of(parent, child)) {
                assertThat(context.getBean(ListenersOnly.class).bean).isEqualTo(OF_A_START);
            }
            assertThat(parent.getBean(ListenersOnly.class).method).isEqualTo(OF_A_START);
            assertThat(child.getBean(ListenersOnly.class).method)
                    .isEqualTo(OF_A_START.stream()
                            .map(event -> event + " replayed")
                            .toList());
        }
    }

    @Test
    void aChildDoesNotMigrateWhatItsParentHas() {
        try (ConfigurableApplicationContext parent =
                        Apps.app(JdbcApp.class, ListenersOnly.class).run(Apps.arguments(database));
                ConfigurableApplicationContext child = Apps.app(JdbcApp.class, ListenersOnly.class)
                        .parent(parent)
                        .run(Apps.arguments(database))) {
            assertThat(parent.getBean(ListenersOnly.class).bean).isEqualTo(OF_A_START);
            assertThat(child.getBean(ListenersOnly.class).bean).isEmpty();
            assertThat(child.getBeanFactory().containsLocalBean("confitureMigrator"))
                    .isFalse();
        }
    }

    private static List<String> twice(List<String> events) {
        return events.stream().flatMap(event -> List.of(event, event).stream()).toList();
    }

    static String text(ConfitureEvent event) {
        return event.getClass().getSimpleName()
                + (event instanceof MigrationEvent migration ? " " + migration.getVersion() : "")
                + (event.isReplayed() ? " replayed" : "");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Everybody {
        final List<String> hook = new CopyOnWriteArrayList<>();
        final List<String> listenerBean = new CopyOnWriteArrayList<>();
        final List<String> lambda = new CopyOnWriteArrayList<>();
        final List<String> addedByInitializer = new CopyOnWriteArrayList<>();
        final List<String> baseType = new CopyOnWriteArrayList<>();
        final List<String> specificType = new CopyOnWriteArrayList<>();
        final List<String> conditional = new CopyOnWriteArrayList<>();
        final List<String> async = new CopyOnWriteArrayList<>();
        final List<String> databases = new CopyOnWriteArrayList<>();

        void forget() {
            List.of(hook, listenerBean, lambda, baseType, specificType, conditional, async)
                    .forEach(List::clear);
        }

        @Bean
        static Listener listener(ObjectProvider<Everybody> everybody, ObjectProvider<JdbcTemplate> jdbc) {
            return new Listener(everybody, jdbc);
        }

        @Bean
        ApplicationListener<MigrationCommitted> lambda() {
            return event -> lambda.add(text(event));
        }

        @Bean
        ApplicationListener<RollbackFailed> lambdaOfSomethingElse() {
            return event -> addedByInitializer.add(text(event));
        }

        @Bean
        MigrationHook hook() {
            return new MigrationHook() {
                @Override
                public void call(HookContext context) {
                    hook.add(context.point()
                            + (context.migrationVersion() == null ? "" : " " + context.migrationVersion()));
                }
            };
        }

        @Bean
        @org.springframework.boot.autoconfigure.condition.ConditionalOnProperty("own")
        Migrator ordersMigrator(javax.sql.DataSource dataSource, ConfitureEvents events) {
            return Migrator.builder(dataSource)
                    .locations("classpath:db/migrations")
                    .hook(events.hook("orders"))
                    .build();
        }

        @Bean
        Listening listening() {
            return new Listening(async);
        }

        @EventListener
        void on(ConfitureEvent event) {
            baseType.add(text(event));
            databases.add(event.getDatabase());
        }

        @EventListener
        void on(MigrationCommitted event) {
            specificType.add(text(event));
        }

        @EventListener(condition = "#event.version == '002'")
        void onSecond(MigrationStarted event) {
            conditional.add(text(event));
        }
    }

    static class Listening {
        private final List<String> heard;

        Listening(List<String> heard) {
            this.heard = heard;
        }

        @Async
        @EventListener
        public void on(MigrationCommitted event) {
            heard.add(text(event) + (Thread.currentThread().getName().equals("main") ? "" : " async"));
        }
    }

    /** The documented way for a bean that needs the database after the start. */
    static final class Listener implements ApplicationListener<ConfitureEvent> {
        private final ObjectProvider<Everybody> everybody;
        private final ObjectProvider<JdbcTemplate> jdbc;

        Listener(ObjectProvider<Everybody> everybody, ObjectProvider<JdbcTemplate> jdbc) {
            this.everybody = everybody;
            this.jdbc = jdbc;
        }

        @Override
        public void onApplicationEvent(ConfitureEvent event) {
            everybody.getObject().listenerBean.add(text(event));
            if (event instanceof RollbackCommitted) {
                assertThat(jdbc.getObject().queryForObject("SELECT count(*) FROM people", Long.class))
                        .isEqualTo(2);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Transactional {
        final List<String> withFallback = new CopyOnWriteArrayList<>();
        final List<String> withoutFallback = new CopyOnWriteArrayList<>();

        @TransactionalEventListener(fallbackExecution = true)
        void onWith(MigrationCommitted event) {
            withFallback.add(text(event));
        }

        @TransactionalEventListener
        void onWithout(MigrationCommitted event) {
            withoutFallback.add(text(event));
        }

        @Bean
        String needsTransactions(TransactionTemplate transactions) {
            return transactions.toString();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Throwing {
        final List<String> calls = new CopyOnWriteArrayList<>();
        int methods;

        @Bean
        @Order(1)
        ApplicationListener<ConfitureEvent> first() {
            return this::fail;
        }

        @Bean
        @Order(2)
        ApplicationListener<ConfitureEvent> second() {
            return this::fail;
        }

        @EventListener
        @Order(1)
        void firstMethod(ConfitureEvent event) {
            methods++;
            throw new IllegalStateException("on purpose");
        }

        @EventListener
        @Order(2)
        void secondMethod(ConfitureEvent event) {
            methods++;
            throw new IllegalStateException("on purpose");
        }

        private void fail(ConfitureEvent event) {
            calls.add(text(event));
            throw new IllegalStateException("on purpose");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ListenersOnly implements ApplicationListener<ConfitureEvent> {
        final List<String> bean = new CopyOnWriteArrayList<>();
        final List<String> method = new CopyOnWriteArrayList<>();

        @Override
        public void onApplicationEvent(ConfitureEvent event) {
            bean.add(text(event));
        }

        @EventListener
        void on(ConfitureEvent event) {
            method.add(text(event));
        }
    }
}
