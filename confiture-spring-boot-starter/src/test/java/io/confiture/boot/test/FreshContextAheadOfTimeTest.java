package io.confiture.boot.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.boot.fixture.JdbcApp;
import io.confiture.test.TestDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.aot.AotDetector;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.test.generate.CompilerFiles;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.core.SpringProperties;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.aot.TestContextAotGenerator;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** {@code @WithFreshDatabase} on tests whose contexts were processed ahead of time. */
class FreshContextAheadOfTimeTest {
    private static final String URL = "ahead.of.time.url";
    private static final List<Class<?>> TESTS =
            List.of(Inlined.class, Dynamic.class, OfAnnotation.class, WithoutSpringBoot.class);

    @Test
    @CompileWithForkedClassLoader
    void aGeneratedContextHasItsFreshDatabaseToo() {
        try (TestDatabase applications = TestDatabase.create()) {
            System.setProperty(URL, applications.url());
            InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
            new TestContextAotGenerator(files, new RuntimeHints()).processAheadOfTime(TESTS.stream());
            Set<String> databases = new HashSet<>();
            TestCompiler.forSystem().with(CompilerFiles.from(files)).compile(compiled -> {
                SpringProperties.setProperty(AotDetector.AOT_ENABLED, "true");
                try {
                    TESTS.forEach(test -> databases.add(database(test)));
                } finally {
                    SpringProperties.setProperty(AotDetector.AOT_ENABLED, "false");
                }
            });
            assertThat(databases).hasSameSizeAs(TESTS).allMatch(name -> name.startsWith("confiture_fresh_"));
            assertThat(applications.value("SELECT to_regclass('people')")).isNull();
        } finally {
            System.clearProperty(URL);
        }
    }

    /** The name of the one that a context works on, where it finds all migrations applied. */
    private static String database(Class<?> test) {
        try (ConfigurableApplicationContext context = (ConfigurableApplicationContext)
                new TestContextManager(test).getTestContext().getApplicationContext()) {
            assertThat(context.containsBean(AnnotationConfigUtils.CONFIGURATION_ANNOTATION_PROCESSOR_BEAN_NAME))
                    .as("is generated")
                    .isFalse();
            JdbcClient jdbc = context.getBean(JdbcClient.class);
            assertThat(jdbc.sql("SELECT count(email) FROM people")
                            .query(Long.class)
                            .single())
                    .isZero();
            return jdbc.sql("SELECT current_database()").query(String.class).single();
        }
    }

    @WithFreshDatabase
    @SpringBootTest(classes = JdbcApp.class, properties = "spring.datasource.url=${" + URL + "}")
    static class Inlined {}

    @WithFreshDatabase
    @SpringBootTest(classes = JdbcApp.class)
    static class Dynamic {
        @DynamicPropertySource
        static void properties(DynamicPropertyRegistry registry) {
            registry.add("spring.datasource.url", () -> System.getProperty(URL));
        }
    }

    @WithFreshDatabase(url = "${" + URL + "}")
    @SpringBootTest(classes = JdbcApp.class)
    static class OfAnnotation {}

    @WithFreshDatabase
    @SpringJUnitConfig(JdbcApp.class)
    @TestPropertySource(properties = "spring.datasource.url=${" + URL + "}")
    static class WithoutSpringBoot {}
}
