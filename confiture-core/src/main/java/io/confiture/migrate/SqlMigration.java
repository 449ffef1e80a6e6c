package io.confiture.migrate;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A migration written in SQL, in one file or in a pair of files.
 *
 * @since 0.1.0
 */
public final class SqlMigration implements Migration {
    private final String versionText;
    private final Version version;
    private final String name;
    private final MigrationScript up;
    private final @Nullable MigrationScript down;
    private final @Nullable MigrationScript verify;

    SqlMigration(
            String versionText,
            Version version,
            String name,
            MigrationScript up,
            @Nullable MigrationScript down,
            @Nullable MigrationScript verify) {
        this.versionText = versionText;
        this.version = version;
        this.name = name;
        this.up = up;
        this.down = down;
        this.verify = verify;
    }

    @Override
    public String version() {
        return versionText;
    }

    @Override
    public String name() {
        return name;
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

    Version parsedVersion() {
        return version;
    }

    MigrationScript up() {
        return up;
    }

    @Nullable
    MigrationScript down() {
        return down;
    }

    @Override
    public String toString() {
        return id();
    }
}
