package io.confiture.migrate;

import io.confiture.sql.Placeholders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;

/** A migration at hand, with what comparing and running it need, whatever it is written in. */
sealed interface LocalMigration {

    Migration migration();

    /** Null for a repeatable one. */
    @Nullable
    Version version();

    /** Where it is, as the user knows it: a file or a class. */
    String file();

    /** Null for one whose text cannot be told. */
    @Nullable
    Checksum checksum();

    /** Read again: what is run may have been written after it was compared. */
    default @Nullable Checksum checksumNow() {
        return checksum();
    }

    /** Its up part; without statements if it is not written in SQL. */
    MigrationScript up();

    /** Its down part, without statements if it is not written in SQL; null if it has none. */
    @Nullable
    MigrationScript down();

    /** The script that verifies it; null if it has none. */
    default @Nullable MigrationScript verify() {
        return null;
    }

    /**
     * Where it runs; everywhere when empty.
     *
     * @throws io.confiture.error.SqlScriptException if the head of its script cannot be read
     */
    Set<String> labels();

    default String id() {
        return migration().id();
    }

    /** What a call tells of it that did not run it. */
    default MigrationResult notRun(MigrationAction action, List<String> warnings) {
        return new MigrationResult(migration(), action, Duration.ZERO, up()::sql, 0, warnings);
    }

    default boolean repeatable() {
        return version() == null;
    }

    /** Whether it stands for all migrations up to its version. */
    default boolean baseline() {
        return false;
    }

    /** What the table of progress calls it. */
    default String key() {
        return repeatable() || baseline() ? id() : migration().version();
    }

    /** Whether the tables of the database mean this migration by that version. */
    default boolean isMeantBy(String recorded) {
        Version mine = version();
        return mine == null || baseline()
                ? recorded.equals(key())
                : Version.parse(recorded).filter(mine::equals).isPresent();
    }

    /** Whether it stands after that version: repeatable ones stand after all. */
    default boolean isAfter(Version other) {
        Version mine = version();
        return mine == null || mine.compareTo(other) > 0;
    }

    /** The Java code, or null if it is written in SQL. */
    default @Nullable JavaMigration java() {
        return null;
    }

    /** Tells a list of migrations from any other, by their names and texts. */
    static String digest(List<LocalMigration> migrations) {
        MessageDigest digest = Checksum.sha256();
        for (LocalMigration migration : migrations) {
            Checksum checksum = migration.checksum();
            String line = migration.id() + '\0' + (checksum == null ? "" : checksum.normalized()) + '\0';
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A migration in SQL. Of one operation, and so of one thread. */
    final class Sql implements LocalMigration {
        private final SqlMigration migration;
        private final @Nullable Version version;
        private @Nullable Checksum checksum;

        Sql(SqlMigration migration, @Nullable Version version) {
            this.migration = migration;
            this.version = version;
        }

        @Override
        public SqlMigration migration() {
            return migration;
        }

        @Override
        public @Nullable Version version() {
            return version;
        }

        @Override
        public String file() {
            return migration.file();
        }

        @Override
        public boolean baseline() {
            return migration.baseline();
        }

        @Override
        public Checksum checksumNow() {
            return migration.up().checksum();
        }

        @Override
        public Checksum checksum() {
            // A run compares all files twice, without the lock and under it: that reads each of them once.
            Checksum known = checksum;
            if (known == null) {
                known = migration.up().checksum();
                checksum = known;
            }
            return known;
        }

        @Override
        public MigrationScript up() {
            return migration.up();
        }

        @Override
        public @Nullable MigrationScript down() {
            return migration.down();
        }

        @Override
        public @Nullable MigrationScript verify() {
            return migration.verify();
        }

        @Override
        public Set<String> labels() {
            return new LinkedHashSet<>(migration.up().directives().labels());
        }
    }

    /** A migration in Java. */
    record Java(JavaMigration migration, Version version) implements LocalMigration {

        @Override
        public String file() {
            return migration.getClass().getName();
        }

        @Override
        public @Nullable Checksum checksum() {
            return Optional.ofNullable(migration.checksum())
                    .map(text -> new Checksum(text, text))
                    .orElse(null);
        }

        @Override
        public MigrationScript up() {
            return MigrationScript.wholeFile(
                    new MigrationFiles.Script(file(), new ByteArrayResource(new byte[0]), Placeholders.NONE));
        }

        @Override
        public @Nullable MigrationScript down() {
            return migration.reversible() ? up() : null;
        }

        @Override
        public Set<String> labels() {
            return migration.labels();
        }

        @Override
        public JavaMigration java() {
            return migration;
        }
    }
}
