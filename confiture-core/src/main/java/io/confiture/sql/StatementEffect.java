package io.confiture.sql;

import io.confiture.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What running a statement means for transactions, told by its tokens: comments and literals never count. For
 * statements the server refuses inside a transaction block the effect holds what is needed to find out after a crash
 * whether they took effect.
 *
 * @since 0.1.0
 */
public sealed interface StatementEffect {

    /** False if the server refuses the statement inside a transaction block, as far as text can tell. */
    default boolean transactional() {
        return !(this instanceof NonTransactional);
    }

    /** Takes part in the surrounding transaction, as almost every statement does. */
    record Transactional() implements StatementEffect {}

    /**
     * Begins or ends a transaction. Savepoints are {@link Transactional}.
     *
     * @param kind what it does
     * @param plain whether it carries no option: {@code BEGIN}, {@code START TRANSACTION}, {@code COMMIT WORK} are plain,
     *     {@code BEGIN READ ONLY} and {@code COMMIT AND CHAIN} are not
     */
    record TransactionControl(Kind kind, boolean plain) implements StatementEffect {
        /** What a transaction control statement does. */
        public enum Kind {
            BEGIN,
            COMMIT,
            ROLLBACK,
            PREPARE_TRANSACTION,
            COMMIT_PREPARED,
            ROLLBACK_PREPARED
        }
    }

    /**
     * May begin and end transactions by itself, which only the server can tell: {@code CALL}, {@code DO} and
     * {@code ALTER SUBSCRIPTION … ADD|DROP PUBLICATION}. Transactional unless the script declares otherwise.
     */
    record Procedural() implements StatementEffect {}

    /**
     * Must not run at all.
     *
     * @param code the code of the error to raise
     * @param problem what is refused and why
     * @param hint what to write instead
     */
    record Refused(ErrorCode code, String problem, String hint) implements StatementEffect {}

    /** A statement the server refuses inside a transaction block. */
    sealed interface NonTransactional extends StatementEffect {}

    /**
     * {@code CREATE INDEX CONCURRENTLY}.
     *
     * @param index the index, never qualified since an index lives in its table's schema; null if the server names it
     * @param table the table
     * @param ifNotExists whether {@code IF NOT EXISTS} is given
     */
    record CreateIndexConcurrently(@Nullable ObjectName index, ObjectName table, boolean ifNotExists)
            implements NonTransactional {}

    /**
     * {@code DROP INDEX CONCURRENTLY}.
     *
     * @param indexes the indexes, at least one
     * @param ifExists whether {@code IF EXISTS} is given
     */
    record DropIndexConcurrently(List<ObjectName> indexes, boolean ifExists) implements NonTransactional {
        public DropIndexConcurrently {
            indexes = List.copyOf(indexes);
        }
    }

    /**
     * {@code REINDEX … CONCURRENTLY} in either spelling.
     *
     * @param kind {@code INDEX}, {@code TABLE}, {@code SCHEMA}, {@code DATABASE} or {@code SYSTEM}
     * @param object what is rebuilt; null where the text names nothing, which means the current database
     */
    record ReindexConcurrently(String kind, @Nullable ObjectName object) implements NonTransactional {}

    /**
     * {@code ALTER TABLE … DETACH PARTITION … CONCURRENTLY}.
     *
     * @param parent the partitioned table
     * @param partition the partition
     */
    record DetachPartitionConcurrently(ObjectName parent, ObjectName partition) implements NonTransactional {}

    /**
     * Creates what is not part of the database's own catalog, or needs a remote side.
     *
     * @param kind {@code DATABASE}, {@code TABLESPACE} or {@code SUBSCRIPTION}
     * @param name its name
     */
    record CreateShared(String kind, String name) implements NonTransactional {}

    /**
     * Drops what {@link CreateShared} creates.
     *
     * @param kind {@code DATABASE}, {@code TABLESPACE} or {@code SUBSCRIPTION}
     * @param name its name
     * @param ifExists whether {@code IF EXISTS} is given
     */
    record DropShared(String kind, String name, boolean ifExists) implements NonTransactional {}

    /**
     * Harmless to run again, so that nothing has to be found out after a crash.
     *
     * @param what the leading words, such as {@code VACUUM} or {@code ALTER SYSTEM}
     */
    record Rerunnable(String what) implements NonTransactional {}
}
