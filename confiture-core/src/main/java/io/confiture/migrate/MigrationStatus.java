package io.confiture.migrate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is applied and what is not, at the moment it was read.
 *
 * @param ledger the schema-qualified ledger
 * @param ledgerExists false on a database that Confiture has never migrated
 * @param applied the ledger's rows in the order in which they were written
 * @param pending migrations that have a file and are not in the ledger, in order; partial and out-of-order ones too
 * @param migrations every migration with its state, in order of version
 * @param origin null unless the database was built at once instead of by its migrations
 * @since 0.1.0
 */
public record MigrationStatus(
        String ledger,
        boolean ledgerExists,
        List<AppliedMigration> applied,
        List<Migration> pending,
        List<MigrationInfo> migrations,
        @Nullable SchemaOrigin origin) {

    public MigrationStatus {
        applied = List.copyOf(applied);
        pending = List.copyOf(pending);
        migrations = List.copyOf(migrations);
    }

    public int appliedCount() {
        return applied.size();
    }

    public int pendingCount() {
        return pending.size();
    }

    /** The row written last, or null when nothing is applied. */
    public @Nullable AppliedMigration lastApplied() {
        return applied.isEmpty() ? null : applied.get(applied.size() - 1);
    }

    /** Migrations in a state that needs somebody's attention: all but applied, baseline, ignored and pending. */
    public List<MigrationInfo> problems() {
        return migrations.stream()
                .filter(info -> info.state() != MigrationState.APPLIED
                        && info.state() != MigrationState.APPLIED_UNVERIFIED
                        && info.state() != MigrationState.BASELINE
                        && info.state() != MigrationState.IGNORED
                        && info.state() != MigrationState.PENDING)
                .toList();
    }

    /** Whether nothing is pending and nothing is wrong. */
    public boolean upToDate() {
        return pending.isEmpty() && problems().isEmpty();
    }
}
