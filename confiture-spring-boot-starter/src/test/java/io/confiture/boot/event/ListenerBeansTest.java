package io.confiture.boot.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.Apps;
import io.confiture.boot.fixture.JdbcApp;
import io.confiture.test.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.jdbc.core.JdbcTemplate;

/** Listeners that are created before, while or after the database is migrated. */
@ExtendWith(OutputCaptureExtension.class)
class ListenerBeansTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    @Test
    void aListenerThatWaitsForTheMigrationsIsRefusedBeforeAnythingIsApplied(CapturedOutput output) {
        Throwable failure = Apps.failure(database, Cyclic.class);
        assertThat(failure)
                .hasRootCauseInstanceOf(org.springframework.beans.factory.BeanCurrentlyInCreationException.class);
        assertThat(output)
                .contains("A listener and the migrations wait for each other")
                .contains("'cyclicListener'")
                .contains("@EventListener")
                .contains("ObjectProvider")
                .contains("MigrationHook");
        assertThat(database.values("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    @Test
    void aListenerThatAsksForTheDatabaseTooEarlyIsToldHow(CapturedOutput output) {
        try (ConfigurableApplicationContext context = Apps.start(database, TooEarly.class)) {
            assertThat(context.isActive()).isTrue();
            assertThat(database.value("SELECT count(*) FROM tb_confiture")).isEqualTo("2");
        }
        assertThat(output).contains("it asked for a bean that waits for the migrations");
    }

    @Test
    void aListenerOfWhateverEventMayNeedTheDatabase() {
        try (ConfigurableApplicationContext context = Apps.start(database, CatchAll.class)) {
            CatchAll.Listener listener = context.getBean(CatchAll.Listener.class);
            assertThat(listener.heard).hasSize(8).allMatch(event -> event.endsWith("replayed"));
            CatchAll.Smart smart = context.getBean(CatchAll.Smart.class);
            assertThat(smart.heard)
                    .containsExactly("MigrationCommitted 001 replayed", "MigrationCommitted 002 replayed");
        }
    }

    @Test
    void aListenerThatCannotBeCreatedFailsTheStartWithItsOwnError() {
        Throwable failure = Apps.failure(database, Broken.class);
        assertThat(failure).hasRootCauseMessage("broken on purpose");
        assertThat(database.values("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();
    }

    /** A servlet that needs the database makes migrations run before Spring knows any listener bean. */
    @Test
    void listenersHearWhatHappensWhileTheWebServerIsPrepared() {
        try (ConfigurableApplicationContext context = Apps.app(JdbcApp.class, EarlyWeb.class)
                .web(WebApplicationType.SERVLET)
                .run(Apps.arguments(database))) {
            EarlyWeb.EarlyListener listener = context.getBean(EarlyWeb.EarlyListener.class);
            assertThat(listener.bean).hasSize(8).noneMatch(event -> event.endsWith("replayed"));
            assertThat(listener.seenTables)
                    .as("heard before anything was there")
                    .isEqualTo("0");
            assertThat(listener.method).hasSize(8).allMatch(event -> event.endsWith("replayed"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Cyclic {
        @Bean
        CyclicListener cyclicListener(JdbcTemplate jdbc) {
            return new CyclicListener(jdbc);
        }
    }

    record CyclicListener(JdbcTemplate jdbc) implements ApplicationListener<MigrationCommitted> {
        @Override
        public void onApplicationEvent(MigrationCommitted event) {
            jdbc.execute("SELECT 1");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TooEarly {
        @Bean
        ApplicationListener<MigrationCommitted> tooEarly(ObjectProvider<JdbcTemplate> jdbc) {
            return event -> jdbc.getObject().execute("SELECT 1");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CatchAll {
        @Bean
        Listener catchAll(JdbcTemplate jdbc) {
            return new Listener(jdbc);
        }

        @Bean
        Smart smart(JdbcTemplate jdbc) {
            return new Smart(jdbc);
        }

        static final class Listener implements ApplicationListener<ApplicationEvent> {
            final List<String> heard = new ArrayList<>();

            Listener(JdbcTemplate jdbc) {
                jdbc.execute("SELECT email FROM people");
            }

            @Override
            public void onApplicationEvent(ApplicationEvent event) {
                if (event instanceof ConfitureEvent ours) {
                    heard.add(StartupEventsTest.text(ours));
                }
            }
        }

        static final class Smart implements SmartApplicationListener {
            final List<String> heard = new ArrayList<>();

            Smart(JdbcTemplate jdbc) {
                jdbc.execute("SELECT email FROM people");
            }

            @Override
            public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
                return eventType == MigrationCommitted.class;
            }

            @Override
            public void onApplicationEvent(ApplicationEvent event) {
                heard.add(StartupEventsTest.text((ConfitureEvent) event));
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Broken {
        @Bean
        ApplicationListener<MigrationCommitted> broken() {
            throw new IllegalStateException("broken on purpose");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EarlyWeb {
        @Bean
        TomcatServletWebServerFactory server() {
            return new TomcatServletWebServerFactory(0);
        }

        @Bean
        EarlyServlet servlet(JdbcTemplate jdbc) {
            return new EarlyServlet(jdbc);
        }

        @Bean
        EarlyListener listener(ObjectProvider<javax.sql.DataSource> dataSource) {
            return new EarlyListener(dataSource);
        }

        static final class EarlyServlet extends jakarta.servlet.http.HttpServlet {
            private static final long serialVersionUID = 1L;

            EarlyServlet(JdbcTemplate jdbc) {
                jdbc.execute("SELECT email FROM people");
            }
        }

        static final class EarlyListener implements ApplicationListener<ConfitureEvent> {
            final List<String> bean = new CopyOnWriteArrayList<>();
            final List<String> method = new CopyOnWriteArrayList<>();
            private final ObjectProvider<javax.sql.DataSource> dataSource;
            String seenTables = "";

            EarlyListener(ObjectProvider<javax.sql.DataSource> dataSource) {
                this.dataSource = dataSource;
            }

            @Override
            public void onApplicationEvent(ConfitureEvent event) {
                bean.add(StartupEventsTest.text(event));
                if (event instanceof MigrationRunStarted) {
                    seenTables = String.valueOf(new JdbcTemplate(dataSource.getObject())
                            .queryForObject("SELECT count(*) FROM pg_class WHERE relname = 'people'", Long.class));
                }
            }

            @EventListener
            void on(ConfitureEvent event) {
                method.add(StartupEventsTest.text(event));
            }
        }
    }
}
