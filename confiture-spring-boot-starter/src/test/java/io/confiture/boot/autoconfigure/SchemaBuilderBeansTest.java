package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.build.SchemaBuilder;
import io.confiture.build.SchemaFile;
import io.confiture.config.Config;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Each database has its builder, unless the application has its own. Nothing here connects. */
class SchemaBuilderBeansTest {
    private static final String[] ORDERS = {
        "confiture.databases.orders.url=jdbc:postgresql://orders.invalid/orders",
        "confiture.databases.orders.migrate.locations=classpath:orders"
    };

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ConfitureAutoConfiguration.class))
            .withPropertyValues("confiture.url=jdbc:postgresql://localhost/x", "confiture.migrate.mode=off");

    private static List<String> files(SchemaBuilder builder) {
        return builder.findSqlFiles().stream().map(SchemaFile::name).toList();
    }

    private static SchemaBuilder own(String folder) {
        return SchemaBuilder.of(Config.builder().schemaDirs(folder).build());
    }

    @Test
    void theDefaultPlaceNeedNotBeThereAsLongAsNothingIsBuilt() {
        runner.run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(SchemaBuilder.class);
            assertThat(context.getBean(SchemaBuilder.class).config().build().includeDirs())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.path()).isEqualTo("classpath:db/schema"));
        });
    }

    @Test
    void aBuilderReadsWhatThePropertiesSay() {
        runner.withPropertyValues(
                        "confiture.environment=staging",
                        "confiture.protected=true",
                        "confiture.build.include=classpath:schema/people",
                        "confiture.build.seeds.dirs=classpath:schema/seeds")
                .run(context -> {
                    SchemaBuilder builder = context.getBean(SchemaBuilder.class);
                    assertThat(files(builder)).hasSize(2).last().asString().endsWith("010_people.sql");
                    assertThat(builder.config().environment()).isEqualTo("staging");
                    assertThat(builder.config().isProtected()).isTrue();
                });
    }

    @Test
    void relativeFoldersBeginAtTheProject() {
        runner.withPropertyValues(
                        "confiture.project-dir=src/test/resources/schema", "confiture.build.include=people,orders")
                .run(context ->
                        assertThat(files(context.getBean(SchemaBuilder.class))).hasSize(2));
    }

    @Test
    void anEntryWithoutPathIsNamed() {
        runner.withPropertyValues("confiture.build.include[0].order=3").run(context -> {
            assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("confiture.build.include[0] has no path. Nothing was done");
            assertThat(PropertiesTest.exitCode(context.getStartupFailure())).isEqualTo(5);
        });
    }

    @Test
    void aNamedDatabaseHasABuilderOnceItSaysWhereItsFilesAre() {
        runner.withPropertyValues(ORDERS)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(SchemaBuilder.class)
                        .doesNotHaveBean("ordersSchemaBuilder"));
        runner.withPropertyValues(ORDERS)
                .withPropertyValues("confiture.databases.orders.build.include=classpath:schema/orders")
                .withBean(Consumer.class)
                .run(context -> {
                    assertThat(context).hasBean("confitureSchemaBuilder").hasBean("ordersSchemaBuilder");
                    Consumer consumer = context.getBean(Consumer.class);
                    assertThat(files(consumer.orders())).hasSize(1);
                    assertThat(consumer.primary()).isSameAs(context.getBean("confitureSchemaBuilder"));
                });
    }

    @Test
    void aBuilderOfTheApplicationTakesThePlaceOfThatOfItsDatabase() {
        runner.withBean("mine", SchemaBuilder.class, () -> own("classpath:schema/people"))
                .run(context ->
                        assertThat(context).hasSingleBean(SchemaBuilder.class).hasBean("mine"));
        runner.withPropertyValues(ORDERS)
                .withPropertyValues("confiture.databases.orders.build.include=classpath:schema/people")
                .withBean("ordersSchemaBuilder", SchemaBuilder.class, () -> own("classpath:schema/orders"))
                .run(context -> {
                    assertThat(context.getBeansOfType(SchemaBuilder.class))
                            .containsOnlyKeys("confitureSchemaBuilder", "ordersSchemaBuilder");
                    assertThat(context.getBean("ordersSchemaBuilder", SchemaBuilder.class)
                                    .findSqlFiles()
                                    .get(0)
                                    .location())
                            .contains("orders");
                });
    }

    record Consumer(
            SchemaBuilder primary,
            @Qualifier("ordersSchemaBuilder") SchemaBuilder orders) {}
}
