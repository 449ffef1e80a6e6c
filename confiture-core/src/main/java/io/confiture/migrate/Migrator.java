package io.confiture.migrate;

import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** stub */
public final class Migrator {
    Migrator(MigratorBuilder builder) {}

    public static MigratorBuilder builder(DataSource dataSource) {
        return new MigratorBuilder(dataSource);
    }

    public static MigratorBuilder builder(Connection connection) {
        return new MigratorBuilder(connection);
    }

    public static MigratorBuilder builder(String url) {
        return new MigratorBuilder(url);
    }

    public void initialize() {}

    public MigrationResult apply(String name) {
        throw new IllegalStateException();
    }

    public MigrationResult apply(Migration migration) {
        throw new IllegalStateException();
    }

    public List<MigrationResult> applyAll() {
        return List.of();
    }

    public List<MigrationResult> applyAll(@Nullable String target) {
        return List.of();
    }

    public MigrationResult rollback(String name) {
        throw new IllegalStateException();
    }

    public MigrationResult rollback(Migration migration) {
        throw new IllegalStateException();
    }

    /** Rolls back although it is not the newest. */
    public MigrationResult rollbackForced(String name) {
        throw new IllegalStateException();
    }

    public List<MigrationResult> rollbackTo(String target) {
        return List.of();
    }

    public MigrationStatus status() {
        throw new IllegalStateException();
    }

    public MigrationPlan plan() {
        throw new IllegalStateException();
    }

    public List<AppliedMigration> applied() {
        return List.of();
    }

    public List<Migration> pending() {
        return List.of();
    }

    public ValidationReport validate() {
        throw new IllegalStateException();
    }

    public MigrationLock lock() {
        throw new IllegalStateException();
    }

    /** Who holds the migration lock now; empty if nobody. */
    public Optional<LockHolder> lockHolder() {
        return Optional.empty();
    }
}
