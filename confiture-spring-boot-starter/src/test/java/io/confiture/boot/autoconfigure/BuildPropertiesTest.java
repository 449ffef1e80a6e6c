package io.confiture.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.config.IncludeDir;
import io.confiture.config.SeedConfig;
import io.confiture.config.SeedConfig.ExecutionMode;
import io.confiture.config.SeedConfig.TransactionMode;
import io.confiture.config.Separators;
import io.confiture.config.SortMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** {@code confiture.build.*} as people write it. */
class BuildPropertiesTest {

    private static ConfitureProperties bind(Map<String, ?> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("confiture", ConfitureProperties.class);
    }

    private static List<IncludeDir> entries(BuildProperties build) {
        return Objects.requireNonNull(build.getInclude()).stream()
                .map(BuildProperties.Include::asEntry)
                .toList();
    }

    @Test
    void nothingIsBuiltUnlessSaid() {
        BuildProperties build = bind(Map.of()).getBuild();
        assertThat(build.getOnStartup()).isEqualTo(BuildOnStartup.NEVER);
        assertThat(build.getInclude()).isNull();
        assertThat(build.getSortMode()).isEqualTo(SortMode.ALPHABETICAL);
        assertThat(build.isTwoPass()).isFalse();
        assertThat(build.getSeeds().asConfig())
                .isEqualTo(new SeedConfig(
                        List.of(), ExecutionMode.CONCATENATE, false, TransactionMode.SAVEPOINT, Map.of(), null));
    }

    @Test
    void foldersAloneAreEnough() {
        assertThat(entries(bind(Map.of("confiture.build.include", "classpath:db/schema,file:more"))
                        .getBuild()))
                .containsExactly(IncludeDir.of("classpath:db/schema"), IncludeDir.of("file:more"));
        assertThat(entries(bind(Map.of("confiture.build.include[0]", "db/a", "confiture.build.include[1]", "db/b"))
                        .getBuild()))
                .containsExactly(IncludeDir.of("db/a"), IncludeDir.of("db/b"));
    }

    @Test
    void aFolderSaysMoreThanItsPath() {
        assertThat(entries(bind(Map.of(
                                "confiture.build.include[0]",
                                "db/a",
                                "confiture.build.include[1].path",
                                "db/b",
                                "confiture.build.include[1].recursive",
                                "false",
                                "confiture.build.include[2].path",
                                "db/c",
                                "confiture.build.include[2].include",
                                "**/*.ddl,*.sql",
                                "confiture.build.include[2].exclude[0]",
                                "old/**",
                                "confiture.build.include[2].order",
                                "20",
                                "confiture.build.include[2].auto-discover",
                                "true"))
                        .getBuild()))
                .containsExactly(
                        IncludeDir.of("db/a"),
                        new IncludeDir("db/b", false, List.of("*.sql"), List.of(), 0, false),
                        new IncludeDir("db/c", true, List.of("**/*.ddl", "*.sql"), List.of("old/**"), 20, true));
    }

    @Test
    void everythingElseIsBoundToo() {
        BuildProperties build = Objects.requireNonNull(bind(Map.ofEntries(
                                Map.entry("confiture.databases.orders.build.on-startup", "when-empty"),
                                Map.entry("confiture.databases.orders.build.exclude", "db/schema/old"),
                                Map.entry("confiture.databases.orders.build.sort-mode", "hex"),
                                Map.entry("confiture.databases.orders.build.separators.style", "line-comment"),
                                Map.entry("confiture.databases.orders.build.separators.template", "-- {file_path}"),
                                Map.entry("confiture.databases.orders.build.two-pass", "true"),
                                Map.entry("confiture.databases.orders.build.hash-seeds", "true"),
                                Map.entry("confiture.databases.orders.build.superuser-dirs", "db/before"),
                                Map.entry("confiture.databases.orders.build.superuser-post-dirs", "db/after"),
                                Map.entry(
                                        "confiture.databases.orders.build.seeds.dirs", "db/seeds/common,db/seeds/dev"),
                                Map.entry("confiture.databases.orders.build.seeds.profile", "demo"),
                                Map.entry("confiture.databases.orders.build.seeds.profiles.demo.include", "**/*.sql"),
                                Map.entry("confiture.databases.orders.build.seeds.profiles.demo.exclude", "big/**"),
                                Map.entry("confiture.databases.orders.build.seeds.mode", "sequential"),
                                Map.entry("confiture.databases.orders.build.seeds.on-error", "continue"),
                                Map.entry("confiture.databases.orders.build.seeds.transaction", "transaction")))
                        .getDatabases()
                        .get("orders"))
                .getBuild();
        assertThat(build.getOnStartup()).isEqualTo(BuildOnStartup.WHEN_EMPTY);
        assertThat(build.getExclude()).containsExactly("db/schema/old");
        assertThat(build.getSortMode()).isEqualTo(SortMode.HEX);
        assertThat(build.getSeparators().getStyle()).isEqualTo(Separators.Style.LINE_COMMENT);
        assertThat(build.getSeparators().getTemplate()).isEqualTo("-- {file_path}");
        assertThat(build.isTwoPass()).isTrue();
        assertThat(build.isHashSeeds()).isTrue();
        assertThat(build.getSuperuserDirs()).containsExactly("db/before");
        assertThat(build.getSuperuserPostDirs()).containsExactly("db/after");
        assertThat(build.getSeeds().asConfig())
                .isEqualTo(new SeedConfig(
                        List.of("db/seeds/common", "db/seeds/dev"),
                        ExecutionMode.SEQUENTIAL,
                        true,
                        TransactionMode.TRANSACTION,
                        Map.of("demo", new SeedConfig.Profile(List.of("**/*.sql"), List.of("big/**"))),
                        "demo"));
    }
}
