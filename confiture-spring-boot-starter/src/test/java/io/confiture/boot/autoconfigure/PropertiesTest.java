package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.confiture.boot.event.ConfitureEvents;
import io.confiture.migrate.Adoption;
import io.confiture.migrate.Naming;
import io.confiture.migrate.Policy;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PropertiesTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
            .withPropertyValues("confiture.url=jdbc:postgresql://localhost/x", "confiture.migrate.mode=off");

    @Test
    void defaults() {
        runner.run(context -> {
            ConfitureProperties properties = context.getBean(ConfitureProperties.class);
            assertThat(properties.isEnabled()).isTrue();
            assertThat(properties.getEnvironment()).isNull();
            MigrateProperties migrate = properties.getMigrate();
            assertThat(new ConfitureProperties().getMigrate().getMode()).isEqualTo(MigrateMode.MIGRATE);
            assertThat(migrate.getLocations()).isNull();
            assertThat(migrate.getTable()).isEqualTo("tb_confiture");
            assertThat(migrate.getSchema()).isNull();
            assertThat(migrate.getTarget()).isNull();
            assertThat(List.of(migrate.getOutOfOrder(), migrate.getMissing(), migrate.getChanged()))
                    .containsOnly(Policy.FAIL);
            assertThat(migrate.getLockTimeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(migrate.getLockWait()).isEqualTo(Duration.ofMinutes(5));
            assertThat(migrate.getRetries()).isEqualTo(10);
            assertThat(migrate.getStatementTimeout()).isNull();
        });
    }

    @Test
    void everyPropertyIsBound() {
        runner.withPropertyValues(
                        "confiture.environment=production",
                        "confiture.protected=true",
                        "confiture.username=u",
                        "confiture.password=p",
                        "confiture.connect-retries=4",
                        "confiture.init-sql=SET a.b = '1'",
                        "confiture.role=owner",
                        "confiture.migrate.create-schema=true",
                        "confiture.migrate.locations=classpath:a,file:b",
                        "confiture.migrate.naming=flyway",
                        "confiture.migrate.adopt=none",
                        "confiture.migrate.flyway-table=app.history",
                        "confiture.migrate.table=t",
                        "confiture.migrate.schema=s",
                        "confiture.migrate.target=005",
                        "confiture.migrate.baseline-version=004",
                        "confiture.migrate.wait-timeout=7m",
                        "confiture.repair.checksums=true",
                        "confiture.repair.missing=true",
                        "confiture.repair.done=002,003",
                        "confiture.repair.retry=001",
                        "confiture.repair.forget=004",
                        "confiture.migrate.out-of-order=allow",
                        "confiture.migrate.missing=warn",
                        "confiture.migrate.changed=warn",
                        "confiture.migrate.lock-timeout=2s",
                        "confiture.migrate.lock-wait=1m",
                        "confiture.migrate.retries=3",
                        "confiture.migrate.statement-timeout=10m",
                        "confiture.migrate.placeholders.table-space=fast",
                        "confiture.migrate.placeholders.[App_Role]=app")
                .run(context -> {
                    ConfitureProperties properties = context.getBean(ConfitureProperties.class);
                    assertThat(properties.getEnvironment()).isEqualTo("production");
                    assertThat(properties.isProtected()).isTrue();
                    assertThat(properties.getUsername()).isEqualTo("u");
                    assertThat(properties.getPassword()).isEqualTo("p");
                    assertThat(properties.getConnectRetries()).isEqualTo(4);
                    assertThat(properties.getInitSql()).isEqualTo("SET a.b = '1'");
                    assertThat(properties.getRole()).isEqualTo("owner");
                    assertThat(properties.getMigrate().isCreateSchema()).isTrue();
                    MigrateProperties migrate = properties.getMigrate();
                    assertThat(migrate.getLocations()).containsExactly("classpath:a", "file:b");
                    assertThat(migrate.getTable()).isEqualTo("t");
                    assertThat(migrate.getNaming()).isEqualTo(Naming.FLYWAY);
                    assertThat(migrate.getAdopt()).isEqualTo(Adoption.NONE);
                    assertThat(migrate.getFlywayTable()).isEqualTo("app.history");
                    assertThat(migrate.getSchema()).isEqualTo("s");
                    assertThat(migrate.getTarget()).isEqualTo("005");
                    assertThat(migrate.getBaselineVersion()).isEqualTo("004");
                    assertThat(migrate.getWaitTimeout()).isEqualTo(Duration.ofMinutes(7));
                    assertThat(properties.getRepair().isChecksums()).isTrue();
                    assertThat(properties.getRepair().isMissing()).isTrue();
                    assertThat(properties.getRepair().getDone()).containsExactly("002", "003");
                    assertThat(properties.getRepair().getRetry()).containsExactly("001");
                    assertThat(migrate.getOutOfOrder()).isEqualTo(Policy.ALLOW);
                    assertThat(migrate.getMissing()).isEqualTo(Policy.WARN);
                    assertThat(migrate.getChanged()).isEqualTo(Policy.WARN);
                    assertThat(migrate.getLockTimeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(migrate.getLockWait()).isEqualTo(Duration.ofMinutes(1));
                    assertThat(migrate.getRetries()).isEqualTo(3);
                    assertThat(migrate.getStatementTimeout()).isEqualTo(Duration.ofMinutes(10));
                    assertThat(migrate.getPlaceholders())
                            .containsOnly(entry("table-space", "fast"), entry("App_Role", "app"));
                });
    }

    @Test
    void aPlaceholderWithoutValueStopsTheStartAndNamesIt() {
        runner.withPropertyValues("confiture.migrate.placeholders.owner=").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("placeholder owner has no value");
            assertThat(exitCode(context.getStartupFailure())).isEqualTo(5);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "confiture.url=jdbc:postgresql://${NOT_SET}/shop",
                "confiture.username=${NOT_SET}",
                "confiture.environment=${NOT_SET}",
                "confiture.migrate.table=tb_${NOT_SET}",
                "confiture.migrate.locations=classpath:a,classpath:${NOT_SET}",
                "confiture.migrate.labels[0]=${NOT_SET}",
                "confiture.migrate.placeholders.owner=${NOT_SET}",
                "confiture.databases.orders.migrate.schema=${SOMETHING:${NOT_SET}}",
            })
    void aVariableThatNothingSetsIsTakenAsItIsWritten(String property) {
        ApplicationContextRunner configured = runner.withPropertyValues(
                property,
                "confiture.databases.orders.url=jdbc:postgresql://orders.invalid/orders",
                "confiture.databases.orders.migrate.locations=classpath:orders");
        configured.run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining(property.replaceFirst("(\\[0])?=.*", ""))
                    .hasMessageContaining("needs ${NOT_SET}, which nothing sets");
            assertThat(exitCode(context.getStartupFailure())).isEqualTo(5);
        });
        configured
                .withPropertyValues("NOT_SET=set")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aPasswordMayLookLikeAVariable() {
        runner.withPropertyValues("confiture.password=${hunter2}")
                .run(context -> assertThat(
                                context.getBean(ConfitureProperties.class).getPassword())
                        .isEqualTo("${hunter2}"));
    }

    @Test
    void aNamedDatabaseHasTheSameProperties() {
        runner.withPropertyValues(
                        "confiture.environment=production",
                        "confiture.databases.orders.url=jdbc:postgresql://orders.invalid/orders",
                        "confiture.databases.orders.migrate.locations=classpath:db/orders",
                        "confiture.databases.orders.migrate.target=003",
                        "confiture.databases.stock.data-source=stockDataSource",
                        "confiture.databases.stock.environment=test",
                        "confiture.databases.stock.migrate.locations=classpath:db/stock",
                        "confiture.databases.stock.migrate.mode=migrate")
                .withBean(
                        "stockDataSource",
                        DataSource.class,
                        () -> new SimpleDriverDataSource(new org.postgresql.Driver(), "jdbc:postgresql:stock"))
                .withBean(ConfitureMigrationInitializer.class, PropertiesTest::noInitializer)
                .run(context -> {
                    ConfitureProperties properties = context.getBean(ConfitureProperties.class);
                    assertThat(properties.getDatabases()).containsOnlyKeys("orders", "stock");
                    assertThat(Objects.requireNonNull(properties.getDatabases().get("orders"))
                                    .getUrl())
                            .isEqualTo("jdbc:postgresql://orders.invalid/orders");
                    assertThat(Objects.requireNonNull(properties.getDatabases().get("stock"))
                                    .getDataSource())
                            .isEqualTo("stockDataSource");
                    assertThat(properties.targetOf("orders")).isEqualTo("003");
                    assertThat(properties.targetOf("stock")).isNull();
                    assertThat(properties.modeOf("orders"))
                            .as("as the application")
                            .isEqualTo(MigrateMode.OFF);
                    assertThat(properties.modeOf("stock")).isEqualTo(MigrateMode.MIGRATE);
                    assertThat(properties.environmentOf("orders")).isEqualTo("production");
                    assertThat(properties.environmentOf("stock")).isEqualTo("test");
                });
    }

    @Test
    void aNamedDatabaseFollowsTheApplicationsThresholdOfSlowHooks() {
        runner.run(
                context -> assertThat(context.getBean(ConfitureProperties.class).slowHookThresholdOf("default"))
                        .isEqualTo(Duration.ofSeconds(1)));
        runner.withPropertyValues(
                        "confiture.hooks.slow-threshold=2",
                        "confiture.databases.orders.url=jdbc:postgresql://orders.invalid/orders",
                        "confiture.databases.orders.migrate.locations=classpath:db/orders",
                        "confiture.databases.stock.url=jdbc:postgresql://stock.invalid/stock",
                        "confiture.databases.stock.migrate.locations=classpath:db/stock",
                        "confiture.databases.stock.hooks.slow-threshold=300ms")
                .run(context -> {
                    ConfitureProperties properties = context.getBean(ConfitureProperties.class);
                    assertThat(properties.slowHookThresholdOf("default")).isEqualTo(Duration.ofSeconds(2));
                    assertThat(properties.slowHookThresholdOf("orders")).isEqualTo(Duration.ofSeconds(2));
                    assertThat(properties.slowHookThresholdOf("stock")).isEqualTo(Duration.ofMillis(300));
                });
    }

    /** YAML reads an unquoted {@code off} as the boolean false. */
    @ParameterizedTest
    @CsvSource({"off,OFF", "false,OFF", "migrate-and-exit,MIGRATE_AND_EXIT", "Validate,VALIDATE"})
    void modesAreReadAsPeopleWriteThem(String written, MigrateMode mode) {
        runner.withPropertyValues("confiture.migrate.mode=" + written)
                .withBean(ConfitureMigrationInitializer.class, PropertiesTest::noInitializer)
                .withBean(ProcessExit.class, () -> context -> {})
                .run(context -> assertThat(context.getBean(ConfitureProperties.class)
                                .getMigrate()
                                .getMode())
                        .isEqualTo(mode));
    }

    @ParameterizedTest
    @CsvSource({
        "confiture.migrate.loctions, confiture.migrate.locations",
        "confiture.migrate.outoforder2, confiture.migrate.out-of-order",
        "confiture.locations, confiture.migrate.locations",
        "confiture.mode, confiture.migrate.mode",
        "confiture.migrate.lock-timout, confiture.migrate.lock-timeout",
        "confiture.user, confiture.username",
        "confiture.databases.orders.migrate.loctions, confiture.databases.orders.migrate.locations",
        "confiture.build.onstart, confiture.build.on-startup",
        "confiture.build.sort, confiture.build.sort-mode",
        "confiture.build.seeds.directories, confiture.build.seeds.dirs",
        "confiture.build.include[0].pth, confiture.build.include[0].path",
        "confiture.build.seeds.profiles.demo.includes, confiture.build.seeds.profiles.demo.include",
        "confiture.databases.orders.build.include[1].recursiv, confiture.databases.orders.build.include[1].recursive",
        "confiture.databases.orders.datasource2, confiture.databases.orders.data-source",
        "confiture.databases.orders.mode, confiture.databases.orders.migrate.mode",
        "confiture.database.orders.url, confiture.url"
    })
    void anUnknownPropertyIsAnErrorThatNamesTheNearest(String unknown, String nearest) {
        runner.withPropertyValues(unknown + "=1").run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis =
                    new UnknownPropertyFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure()));
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains(unknown);
            assertThat(analysis.getAction()).contains(nearest + " (instead of " + unknown + ")");
            assertThat(exitCode(context.getStartupFailure())).isEqualTo(5);
        });
    }

    @Test
    void aValueThatCannotBeReadIsAnInvalidConfiguration() {
        runner.withPropertyValues("confiture.migrate.mode=perhaps").run(context -> {
            assertThat(context).hasFailed();
            assertThat(exitCode(context.getStartupFailure())).isEqualTo(5);
        });
    }

    @Test
    void theValidNamesAreThoseOfTheMetadata() {
        List<String> names = new ArrayList<>();
        metadata().get("properties").forEach(property -> {
            String name = property.get("name").asString();
            if (name.startsWith("confiture.")) {
                names.add(name);
            }
        });
        assertThat(PropertyNames.all())
                .containsExactlyInAnyOrderElementsOf(names)
                .hasSizeGreaterThan(15);
    }

    @Test
    void everyPropertyIsDescribed() {
        metadata().get("properties").forEach(property -> {
            String name = property.get("name").asString();
            assertThat(property.has("description")).as(name).isTrue();
            String description = property.get("description").asString();
            assertThat(description)
                    .as(name)
                    .endsWith(".")
                    .doesNotStartWith("The ")
                    .doesNotStartWith("A ");
            assertThat(property.has("type")).as(name).isTrue();
            if (property.get("type").asString().equals("java.lang.Boolean")) {
                assertThat(description).as(name).startsWith("Whether ");
            }
        });
    }

    @Test
    void defaultsStandInTheMetadata() {
        var defaults = new java.util.TreeMap<String, String>();
        metadata().get("properties").forEach(property -> {
            if (property.has("defaultValue")) {
                defaults.put(
                        property.get("name").asString(),
                        property.get("defaultValue").toString());
            }
        });
        assertThat(defaults)
                .contains(
                        entry("confiture.enabled", "true"),
                        entry("confiture.connect-retries", "10"),
                        entry("confiture.build.on-startup", "\"never\""),
                        entry("confiture.build.include", "[\"classpath:db/schema\"]"),
                        entry("confiture.migrate.create-schema", "false"),
                        entry("confiture.protected", "false"),
                        entry("confiture.migrate.mode", "\"migrate\""),
                        entry("confiture.hooks.slow-threshold", "\"1s\""),
                        entry("confiture.migrate.locations", "[\"classpath:db/migrations\"]"),
                        entry("confiture.migrate.naming", "\"confiture\""),
                        entry("confiture.migrate.adopt", "\"fail\""),
                        entry("confiture.migrate.flyway-table", "\"flyway_schema_history\""),
                        entry("confiture.migrate.table", "\"tb_confiture\""),
                        entry("confiture.migrate.out-of-order", "\"fail\""),
                        entry("confiture.migrate.missing", "\"fail\""),
                        entry("confiture.migrate.changed", "\"fail\""),
                        entry("confiture.migrate.lock-timeout", "\"5s\""),
                        entry("confiture.migrate.lock-wait", "\"5m\""),
                        entry("confiture.migrate.wait-timeout", "\"5m\""),
                        entry("confiture.migrate.retries", "10"));
    }

    @Test
    void hintsExplainTheValues() {
        List<String> hinted = new ArrayList<>();
        metadata().get("hints").forEach(hint -> hinted.add(hint.get("name").asString()));
        assertThat(hinted)
                .contains(
                        "confiture.run",
                        "confiture.migrate.mode",
                        "confiture.migrate.naming",
                        "confiture.migrate.adopt",
                        "confiture.migrate.locations",
                        "confiture.migrate.out-of-order",
                        "confiture.migrate.missing",
                        "confiture.migrate.changed");
    }

    private static ConfitureMigrationInitializer noInitializer() {
        return new ConfitureMigrationInitializer(List.of(), new ConfitureEvents(new GenericApplicationContext()));
    }

    private static JsonNode metadata() {
        try (InputStream json = ConfitureProperties.class
                .getClassLoader()
                .getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            // Others on the class path have such a file too; ours is the first, because tests run from folders.
            JsonNode root = new JsonMapper().readTree(json);
            assertThat(root.get("groups").get(0).get("name").asString()).isEqualTo("confiture");
            return root;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static int exitCode(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ExitCodeGenerator generator) {
                return generator.getExitCode();
            }
        }
        return 1;
    }
}
