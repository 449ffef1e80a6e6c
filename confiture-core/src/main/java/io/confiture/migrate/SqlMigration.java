package io.confiture.migrate;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A migration written in SQL, in one file or in a pair of files; or a repeatable one, {@code R__name.sql}, which runs again
 * whenever its text changes.
 *
 * @since 0.1.0
 */
public final class SqlMigration implements Migration {
    private static final String REPEATABLE = "R";
    private static final String BASELINE = "B";

    private final String versionText;
    private final String name;
    private final MigrationScript up;
    private final @Nullable MigrationScript down;
    private final @Nullable MigrationScript verify;
    private final boolean baseline;

    SqlMigration(
            String versionText,
            String name,
            MigrationScript up,
            @Nullable MigrationScript down,
            @Nullable MigrationScript verify) {
        this(versionText, name, up, down, verify, false);
    }

    private SqlMigration(
            String versionText,
            String name,
            MigrationScript up,
            @Nullable MigrationScript down,
            @Nullable MigrationScript verify,
            boolean baseline) {
        this.versionText = versionText;
        this.name = name;
        this.up = up;
        this.down = down;
        this.verify = verify;
        this.baseline = baseline;
    }

    @Override
    public String version() {
        return versionText;
    }

    @Override
    public String name() {
        return name;
    }

    static SqlMigration repeatable(String name, MigrationScript script, @Nullable MigrationScript verify) {
        return new SqlMigration(REPEATABLE, name, script, null, verify);
    }

    static SqlMigration baseline(String versionText, String name, MigrationScript script) {
        return new SqlMigration(versionText, name, script, null, null, true);
    }

    /** Stands for a script around the migrations where errors name a migration. */
    static SqlMigration callback(MigrationScript script) {
        return new SqlMigration("", script.file().substring(script.file().lastIndexOf('/') + 1), script, null, null);
    }

    @Override
    public String id() {
        if (baseline) {
            return BASELINE + versionText + "__" + name;
        }
        if (versionText.isEmpty()) {
            return name;
        }
        return repeatable() ? REPEATABLE + "__" + name : Migration.super.id();
    }

    /**
     * Whether it is a baseline migration of Flyway's, {@code B10__name.sql}: applied where nothing is applied yet, instead of
     * all migrations up to its version.
     */
    public boolean baseline() {
        return baseline;
    }

    /** Whether it has no version and runs again when its text changes. */
    public boolean repeatable() {
        return versionText.equals(REPEATABLE);
    }

    @Override
    public boolean reversible() {
        return down != null;
    }

    @Override
    public Map<String, String> metadata() {
        return up.directives().metadata();
    }

    /** The file of the up part as the user knows it. */
    public String file() {
        return up.file();
    }

    /** Whether a {@code .verify.sql} file belongs to it. */
    public boolean hasVerification() {
        return verify != null;
    }

    MigrationScript up() {
        return up;
    }

    @Nullable
    MigrationScript down() {
        return down;
    }

    @Nullable
    MigrationScript verify() {
        return verify;
    }

    @Override
    public String toString() {
        return id();
    }
}
