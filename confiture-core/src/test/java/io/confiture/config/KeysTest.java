package io.confiture.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each key of the original is honoured, or refused with a reason; none is passed over. */
class KeysTest {
    /** Of 0.5.0 and of 0.44.0, in the order of its documentation. */
    private static final String HONOURED = """
            name                         | local
            database_url                 | postgresql://h/db
            include_dirs                 | [db/schema]
            include_dirs[].path          | db/schema
            include_dirs[].recursive     | false
            include_dirs[].include       | ["*.sql"]
            include_dirs[].exclude       | ["*_old.sql"]
            include_dirs[].auto_discover | true
            include_dirs[].order         | 10
            exclude_dirs                 | [db/attic]
            superuser_dirs               | [db/roles]
            superuser_post_dirs          | [db/after]
            build.sort_mode              | alphabetical
            build.sort_mode              | hex
            build.separators.style       | block_comment
            build.separators.style       | line_comment
            build.two_pass               | true
            build.validate_comments.enabled                 | true
            build.validate_comments.fail_on_unclosed_blocks | true
            build.validate_comments.fail_on_spillover       | true
            build.lint.enabled           | false
            seed.execution_mode          | concatenate
            seed.execution_mode          | sequential
            seed.continue_on_error       | false
            seed.transaction_mode        | savepoint
            seed.profiles.small.include  | ["common/*.sql"]
            seed.profiles.small.exclude  | ["**/big_*.sql"]
            migration.tracking_table     | ops.tb_confiture
            migration.locking.enabled    | true
            migration.locking.timeout_ms | 30000
            migration.strict_mode        | false
            migration.view_helpers       | off
            migration.snapshot_history   | false
            migration.live_snapshot      | false
            migration.allow_unsafe_under_replication | false
            auto_backup                  | false
            require_confirmation         | false
            pggit.enabled                | false
            """;

    private static final String REFUSED = """
            auto_backup                  | true  | pg_dump
            require_confirmation         | true  | protected: true
            migration_table              | foo   | migration.tracking_table
            build.separators.style       | mysql | write line_comment
            build.validate_comments.enabled                 | false | always an error
            build.validate_comments.fail_on_unclosed_blocks | false | always an error
            build.validate_comments.fail_on_spillover       | false | always an error
            build.lint.enabled           | true  | not linted
            build.lint.fail_on_error     | true  | not linted
            build.lint.fail_on_warning   | true  | not linted
            build.lint.rules             | [security] | not linted
            migration.strict_mode        | true  | notices
            migration.locking.enabled    | false | two instances
            migration.view_helpers       | auto  | nothing is installed into your database
            migration.view_helpers       | manual | nothing is installed into your database
            migration.migration_generators | {a: {command: x}} | Migrator.newMigration
            migration.snapshot_history   | true  | verifyEquivalence()
            migration.snapshots_dir      | db/schema_history | verifyEquivalence()
            migration.live_snapshot      | true  | verifyEquivalence()
            migration.rebuild_threshold  | 5     | confiture.build.on-startup
            migration.grant_dir          | db/7_grant | R__
            migration.allow_unsafe_under_replication | true | no check
            pggit.enabled                | true  | Git itself
            pggit.auto_init              | true  | Git itself
            pggit.default_branch         | main  | Git itself
            pggit.auto_commit            | false | Git itself
            pggit.commit_message_template | x    | Git itself
            pggit.require_branch         | false | Git itself
            pggit.protected_branches     | [main] | Git itself
            infrastructure               | {replicas: []} | dry run
            ssh_tunnel                   | {host: h} | ssh -L
            acls                         | {}    | drift()
            ownership                    | {}    | drift()
            function_coverage            | {}    | not linted
            security_lint                | {}    | not linted
            notifications                | {}    | a listener or a MigrationHook
            apply_as                     | {owner: {url: x}} | superuser_dirs
            """;

    /** Keys that the original's page names and its code never knew, and our own. */
    private static final List<String> OURS = List.of(
            "database.url",
            "database.host",
            "database.port",
            "database.database",
            "database.user",
            "database.password",
            "protected",
            "schema_dirs",
            "seed_dirs",
            "build.separators.custom_template",
            "build.hash_seeds",
            "seed.profile");

    @TempDir
    private Path folder;

    private Config load(String path, String value) {
        return new ConfigProject(folder).local(yaml(path, value)).load();
    }

    /** The block that sets one key: keys one in the other, the last one with the value. */
    private static String yaml(String path, String value) {
        if (path.startsWith("include_dirs[].")) {
            String key = path.substring(path.indexOf('.') + 1);
            return "include_dirs: [{" + (key.equals("path") ? "" : "path: db/x, ") + key + ": " + value + "}]";
        }
        String[] keys = path.split("[.]");
        return String.join(": {", keys) + ": " + value + "}".repeat(keys.length - 1);
    }

    static Stream<String[]> honoured() {
        return rows(HONOURED);
    }

    static Stream<String[]> refused() {
        return rows(REFUSED);
    }

    private static Stream<String[]> rows(String table) {
        return table.lines()
                .map(line -> Stream.of(line.split("\\|")).map(String::strip).toArray(String[]::new));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("honoured")
    void aKeyOfTheOriginalIsHonoured(String path, String value) {
        Config config = load(path, value);
        assertThat(config.origins()).hasSize(1);
        assertThat(config.origins().keySet().iterator().next())
                .isEqualTo(path.replaceFirst("\\[].*", "").replace("database_url", "database.url"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void aKeyOfTheOriginalIsRefusedWithReasonAndReplacement(String path, String value, String reason) {
        assertThatThrownBy(() -> load(path, value))
                .hasMessageMatching("(?s)CONFIG_001: confiture.yaml:4:\\d+: environments.local." + path + " .*")
                .hasMessageContaining(reason);
    }

    @Test
    void aFolderThatIsAbsentIsAnErrorUnlessSaidOtherwise() {
        assertThat(load("include_dirs[].path", "db/x").build().includeDirs())
                .extracting(IncludeDir::autoDiscover)
                .containsExactly(false);
        assertThat(load("schema_dirs", "[db/x]").build().includeDirs())
                .extracting(IncludeDir::autoDiscover)
                .containsExactly(false);
    }

    @ParameterizedTest
    @CsvSource({
        "build.sort_mode, hex, sortMode=HEX",
        "build.two_pass, true, twoPass=true",
        "build.separators.style, line_comment, style=LINE_COMMENT",
        "migration.locking.timeout_ms, 30000, lockWait=PT30S",
        "migration.tracking_table, ops.ledger, trackingTable=ops.ledger",
        "seed.execution_mode, sequential, executionMode=SEQUENTIAL",
        "superuser_dirs, [a], superuserDirs=[a]",
        "superuser_post_dirs, [a], superuserPostDirs=[a]",
        "exclude_dirs, [a], excludeDirs=[a]"
    })
    void whatIsHonouredArrives(String path, String value, String expected) {
        Config config = load(path, value);
        assertThat(config.build() + " " + config.seeds() + " " + config.migration())
                .contains(expected);
    }

    /** So that this test and the reader know the same keys. */
    @Test
    void everyKeyThatIsReadIsInTheseTables() {
        TreeSet<String> known = new TreeSet<>(OURS);
        Stream.concat(honoured(), refused()).forEach(row -> known.add(row[0].replace(".small.", ".<name>.")));
        assertThat(Keys.rows()).extracting(Keys.Row::path).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void theDocumentationHasEachKeyWithWhatIsAcceptedAndWhatItMeans() throws IOException {
        assertThat(Files.readAllLines(Path.of("../docs/configuration.md")).stream()
                        .filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(Keys.rows().stream()
                        .map(row -> "| `" + row.path() + "` | " + row.accepted() + " | " + row.meaning() + " |")
                        .toList());
    }
}
