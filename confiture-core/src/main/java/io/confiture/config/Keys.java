package io.confiture.config;

import io.confiture.config.Shape.Block;
import io.confiture.config.Shape.Choice;
import io.confiture.config.Shape.Listed;
import io.confiture.config.Shape.Named;
import io.confiture.config.Shape.Only;
import io.confiture.config.Shape.Refused;
import io.confiture.config.Shape.TextOr;
import io.confiture.config.Shape.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every key that an environment may have, and every one of the original that it may not have: the one list that files are
 * checked by and the documentation is compared with.
 */
final class Keys {
    private static final int LAST_PORT = 65_535;
    private static final String LINT = "schemas are not linted while they are built";
    private static final String SNAPSHOTS =
            "no snapshot is kept beside a migration: verifyEquivalence() compares migrations and schema on the server";
    private static final String PGGIT = "nothing here works with pggit, and Git itself has the history of the files";
    private static final String COMMENTS =
            "an unclosed comment would swallow the files behind it, so it is always an error";

    private static Shape.Key key(String name, Shape shape, String meaning) {
        return new Shape.Key(name, shape, meaning);
    }

    private static Shape.Key refused(String name, String why) {
        return new Shape.Key(name, new Refused(why), "");
    }

    private static Shape.Key only(String name, String word, String why) {
        return new Shape.Key(name, new Only(word, why), "");
    }

    private static Shape.Key block(String name, Shape.Key... keys) {
        return new Shape.Key(name, new Block(List.of(keys)), "");
    }

    private static final Block INCLUDE = new Block(List.of(
            key("path", Shape.TEXT, "The folder, relative to the project; `classpath:` and `file:` are read too"),
            key("recursive", Shape.FLAG, "Whether folders below it are read too; `true` if not said"),
            key(
                    "include",
                    Shape.TEXTS,
                    "Globs of what is taken, relative to the path; `**/*.sql`, or `*.sql` if it is not recursive"),
            key("exclude", Shape.TEXTS, "Globs of what is left out"),
            key(
                    "order",
                    new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE),
                    "Entries come in this order; `0` if not said"),
            key(
                    "auto_discover",
                    Shape.FLAG,
                    "Whether the folder may be absent; `false` if not said (the original says `true`)")));

    static final Block ENVIRONMENT = new Block(
            List.of(
                    key("name", Shape.TEXT, "The name of the environment again; anything else is an error"),
                    block(
                            "database",
                            key("url", Shape.TEXT, "Where the database is, in place of the other keys of the block"),
                            key("host", Shape.TEXT, "The host; `localhost` if not said"),
                            key("port", new Whole(1, LAST_PORT), "The port; `5432` if not said"),
                            key("database", Shape.TEXT, "The name of the database"),
                            key("user", Shape.TEXT, "The role; as the driver has it if not said"),
                            key("password", Shape.TEXT, "Its password")),
                    key("database_url", Shape.TEXT, "The same as `database.url`"),
                    key("protected", Shape.FLAG, "Whether nothing may be dropped without being confirmed by name"),
                    key(
                            "schema_dirs",
                            Shape.TEXTS,
                            "Folders of the schema's files, each as an entry of `include_dirs`"),
                    key(
                            "include_dirs",
                            new Listed(new TextOr(INCLUDE)),
                            "Folders of the schema's files; `db/schema` if neither this nor `schema_dirs` is said"),
                    key("exclude_dirs", Shape.TEXTS, "Folders that are left out wherever an entry meets them"),
                    key("seed_dirs", Shape.TEXTS, "Folders of seed files, in order"),
                    key("superuser_dirs", Shape.TEXTS, "Folders that a superuser runs before all others"),
                    key("superuser_post_dirs", Shape.TEXTS, "Folders that a superuser runs after all others"),
                    block(
                            "build",
                            key(
                                    "sort_mode",
                                    Choice.of("alphabetical", "natural", "hex"),
                                    "The order of files within an entry; `alphabetical` if not said"),
                            block(
                                    "separators",
                                    key(
                                            "style",
                                            Choice.of("block_comment", "line_comment", "custom")
                                                    .butNot(
                                                            "mysql",
                                                            "a line that begins with # is no comment to PostgreSQL: write"
                                                                    + " line_comment"),
                                            "What stands between two files; `block_comment` if not said"),
                                    key(
                                            "custom_template",
                                            Shape.TEXT,
                                            "That text, with `{file_path}` for the name of the file; for `custom` alone")),
                            key(
                                    "two_pass",
                                    Shape.FLAG,
                                    "Whether foreign keys are added after all tables; `false` if not said"),
                            key("hash_seeds", Shape.FLAG, "Whether seed files count in the hash; `false` if not said"),
                            block(
                                    "validate_comments",
                                    only("enabled", "true", COMMENTS),
                                    only("fail_on_unclosed_blocks", "true", COMMENTS),
                                    only("fail_on_spillover", "true", COMMENTS)),
                            block(
                                    "lint",
                                    only("enabled", "false", LINT),
                                    refused("fail_on_error", LINT),
                                    refused("fail_on_warning", LINT),
                                    refused("rules", LINT))),
                    block(
                            "seed",
                            key(
                                    "execution_mode",
                                    Choice.of("concatenate", "sequential"),
                                    "All seed files as one script, or each for itself; `concatenate` if not said"),
                            key(
                                    "continue_on_error",
                                    Shape.FLAG,
                                    "Whether a file that fails is reported and passed over, in sequential mode; `false` if not said"),
                            key(
                                    "transaction_mode",
                                    Choice.of("savepoint", "transaction"),
                                    "What a file that fails takes with it, in sequential mode; `savepoint` if not said"),
                            key("profile", Shape.TEXT, "The profile whose files are loaded; all files if not said"),
                            new Shape.Key(
                                    "profiles",
                                    new Named(new Block(List.of(
                                            key(
                                                    "include",
                                                    Shape.TEXTS,
                                                    "Globs of the seed files that are taken; all if not said"),
                                            key("exclude", Shape.TEXTS, "Globs of those that are left out")))),
                                    "")),
                    block(
                            "migration",
                            key(
                                    "tracking_table",
                                    Shape.TEXT,
                                    "The ledger, perhaps with its schema and a dot before it; `tb_confiture` if not said"),
                            block(
                                    "locking",
                                    only(
                                            "enabled",
                                            "true",
                                            "the lock is what keeps two instances from migrating at once"),
                                    key(
                                            "timeout_ms",
                                            new Whole(0, Integer.MAX_VALUE),
                                            "How many milliseconds to wait while another instance migrates; five minutes if not said")),
                            only(
                                    "strict_mode",
                                    "false",
                                    "notices of the server are reported and logged, and never make a run fail"),
                            only(
                                    "view_helpers",
                                    "off",
                                    "nothing is installed into your database: drop and create the views within the migration"),
                            refused(
                                    "migration_generators",
                                    "no program is started: Migrator.newMigration(…) writes the files"),
                            only("snapshot_history", "false", SNAPSHOTS),
                            refused("snapshots_dir", SNAPSHOTS),
                            only("live_snapshot", "false", SNAPSHOTS),
                            refused(
                                    "rebuild_threshold",
                                    "no rebuild is advised by a number of migrations: an empty database is built from the schema"
                                            + " when confiture.build.on-startup says so"),
                            refused(
                                    "grant_dir",
                                    "write grants into files of the schema, and a repeatable migration (R__…sql)"),
                            only(
                                    "allow_unsafe_under_replication",
                                    "false",
                                    "replicas are not looked at, so there is no check to be passed over")),
                    only(
                            "auto_backup",
                            "false",
                            "no backup is taken: take one with pg_dump or your provider before the run"),
                    only(
                            "require_confirmation",
                            "false",
                            "nobody is asked at a terminal: protected: true has whatever drops objects confirmed by name"),
                    refused(
                            "migration_table",
                            "the original declares it and never reads it: the ledger is migration.tracking_table, and tb_confiture"
                                    + " if that is not said"),
                    block(
                            "pggit",
                            only("enabled", "false", PGGIT),
                            refused("auto_init", PGGIT),
                            refused("default_branch", PGGIT),
                            refused("auto_commit", PGGIT),
                            refused("commit_message_template", PGGIT),
                            refused("require_branch", PGGIT),
                            refused("protected_branches", PGGIT)),
                    refused(
                            "infrastructure",
                            "replicas are not looked at: what each migration locks is in its dry run"),
                    refused(
                            "ssh_tunnel",
                            "no tunnel is opened: open it yourself (ssh -L), and name its near end as host and port"),
                    refused(
                            "acls",
                            "write grants into files of the schema: drift() compares them with the live database"),
                    refused(
                            "ownership",
                            "write owners into files of the schema: drift() compares them with the live database"),
                    refused("function_coverage", "files are not linted for functions without tests or grants"),
                    refused("security_lint", LINT),
                    refused(
                            "notifications",
                            "events of a run are published in the application: a listener or a MigrationHook sends what it likes"),
                    refused(
                            "apply_as",
                            "superuser_dirs splits the schema into outputs: run each with the URL of the role that it is for")));

    private Keys() {}

    /** All keys with their blocks before them, as rows of a table: the path, what is accepted, what it means. */
    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        add(rows, "", ENVIRONMENT);
        return List.copyOf(rows);
    }

    private static void add(List<Row> rows, String prefix, Block block) {
        for (Shape.Key key : block.keys()) {
            String path = prefix + key.name();
            if (!(key.shape() instanceof Block) && !(key.shape() instanceof Named)) {
                rows.add(new Row(
                        path, accepted(key.shape()), key.meaning().isEmpty() ? why(key.shape()) : key.meaning()));
            }
            if (key.shape() instanceof Block nested) {
                add(rows, path + ".", nested);
            } else if (key.shape() instanceof Named named) {
                add(rows, path + ".<name>.", named.block());
            } else if (key.shape() instanceof Listed list && list.item() instanceof TextOr either) {
                add(rows, path + "[].", either.block());
            }
        }
    }

    /** A row of the table. */
    record Row(String path, String accepted, String meaning) {}

    static String accepted(Shape shape) {
        if (shape instanceof Choice choice) {
            return String.join(", ", choice.words());
        }
        if (shape instanceof Only only) {
            return only.word() + " only";
        }
        if (shape instanceof Listed list) {
            return list.item() instanceof TextOr ? "list of texts or blocks" : "list of texts";
        }
        if (shape instanceof Shape.Flag) {
            return "true, false";
        }
        return shape instanceof Whole
                ? "number"
                : shape.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String why(Shape shape) {
        if (shape instanceof Refused refused) {
            return refused.why();
        }
        return shape instanceof Only only ? only.why() : "";
    }
}
