package io.confiture.migrate;

import io.confiture.postgres.Identifiers;
import io.confiture.postgres.Session;
import io.confiture.sql.ObjectName;
import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.SqlStatement;
import io.confiture.sql.StatementEffect;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out from the catalog whether a statement that was begun outside of a transaction took effect, and removes what a
 * failed one left behind. Touches only objects that the statement names.
 */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    /** What became of a statement. */
    enum Outcome {
        TOOK_EFFECT,
        /** It did not, and nothing is left of it: it may run again. */
        MAY_RUN_AGAIN,
        /** A server process is still at it. */
        STILL_RUNNING,
        IN_DOUBT
    }

    // The last one may be cut off.
    private static final Pattern UNKNOWN = Pattern.compile("\\$\\{[^}]*(?:\\}|$)|\\*\\*\\*");

    /** Twice of it is below the default of deadlock_timeout. */
    private static final int FINALIZE_WAIT_MILLIS = 300;

    private final Session session;
    private final boolean keepsSettings;

    Recovery(Session session) {
        this(session, true);
    }

    /** @param keepsSettings false behind a transaction pooler, where the next statement may be another session's */
    Recovery(Session session, boolean keepsSettings) {
        this.session = session;
        this.keepsSettings = keepsSettings;
    }

    /** Whether no catalog can tell what became of a segment. */
    static boolean undecidable(Progress.Entry segment) {
        if (segment.state() == Progress.State.DONE || segment.statement() == null) {
            return false;
        }
        StatementEffect effect = effectOf(segment.statement());
        return effect instanceof StatementEffect.Procedural
                || (effect instanceof StatementEffect.CreateIndexConcurrently create && create.index() == null);
    }

    private static StatementEffect effectOf(String statement) {
        try (ScriptReader reader = ScriptReader.open(
                "statement",
                new ByteArrayInputStream(statement.getBytes(StandardCharsets.UTF_8)),
                ScriptSection.WHOLE)) {
            SqlStatement parsed = reader.next();
            return parsed == null ? new StatementEffect.Transactional() : parsed.effect();
        }
    }

    /**
     * The object that the statement is about, before it runs: what it drops or detaches, or what stands in the way of what
     * it creates. Kept with the intent, because a later process may find another object, or none, by the same name.
     */
    @Nullable
    Long existing(StatementEffect effect) throws SQLException {
        if (effect instanceof StatementEffect.CreateIndexConcurrently create && create.index() != null) {
            Index index = index(create.index(), create.table());
            return index == null ? null : index.oid();
        } else if (effect instanceof StatementEffect.DropIndexConcurrently drop) {
            return relation(drop.indexes().get(0));
        } else if (effect instanceof StatementEffect.DetachPartitionConcurrently detach) {
            return relation(detach.partition());
        } else if (effect instanceof StatementEffect.CreateShared create) {
            return sharedObject(create.kind(), create.name());
        } else if (effect instanceof StatementEffect.DropShared drop) {
            return sharedObject(drop.kind(), drop.name());
        }
        return null;
    }

    /** Whether an index stands in the way that no build of ours has left, and that IF NOT EXISTS would take for good. */
    boolean invalidIndexInTheWay(StatementEffect effect) throws SQLException {
        if (effect instanceof StatementEffect.CreateIndexConcurrently create
                && create.ifNotExists()
                && create.index() != null) {
            Index index = index(create.index(), create.table());
            return index != null && !index.valid();
        }
        return false;
    }

    /** Whether {@link #decide} would give up on a segment. Changes nothing. */
    boolean inDoubt(Progress.Entry segment) throws SQLException {
        if (segment.state() == Progress.State.DONE || segment.statement() == null) {
            return false;
        }
        if (undecidable(segment)) {
            return true;
        }
        if (effectOf(segment.statement()) instanceof StatementEffect.CreateIndexConcurrently create) {
            Index index = index(Objects.requireNonNull(create.index()), create.table());
            return index != null && isNobodys(index, segment.existing());
        }
        return false;
    }

    /** Whether an index was left by us in a state of which it is not ours to say what is to become. */
    private static boolean isNobodys(Index index, @Nullable Long existing) {
        boolean ours = existing == null || existing != index.oid();
        return ours && !index.building() && !index.valid() && !index.ordinary();
    }

    /** Decides about a segment that was begun and is not done, and clears away what it left. */
    Outcome decide(Progress.Entry segment) throws SQLException {
        if (isRunElsewhere(segment)) {
            return Outcome.STILL_RUNNING;
        }
        if (undecidable(segment) || segment.statement() == null) {
            return Outcome.IN_DOUBT;
        }
        StatementEffect effect = effectOf(segment.statement());
        boolean refused = segment.state() == Progress.State.FAILED;
        Long existing = segment.existing();
        if (effect instanceof StatementEffect.CreateIndexConcurrently create) {
            return createIndex(Objects.requireNonNull(create.index()), create.table(), existing, refused);
        } else if (effect instanceof StatementEffect.DropIndexConcurrently) {
            // Nothing to drop when it began: it was refused, or IF EXISTS let it pass, as it will again.
            boolean gone = existing != null
                    && oid("SELECT oid::bigint FROM pg_catalog.pg_class WHERE oid = ?::bigint::oid", existing) == null;
            return gone && !refused ? Outcome.TOOK_EFFECT : Outcome.MAY_RUN_AGAIN;
        } else if (effect instanceof StatementEffect.ReindexConcurrently reindex) {
            return dropReindexLeftovers(reindex);
        } else if (effect instanceof StatementEffect.DetachPartitionConcurrently) {
            return detach(existing);
        } else if (effect instanceof StatementEffect.CreateShared create) {
            Long now = sharedObject(create.kind(), create.name());
            return now != null && !refused && !now.equals(existing) ? Outcome.TOOK_EFFECT : Outcome.MAY_RUN_AGAIN;
        } else if (effect instanceof StatementEffect.DropShared drop) {
            Long now = sharedObject(drop.kind(), drop.name());
            return existing != null && !existing.equals(now) && !refused ? Outcome.TOOK_EFFECT : Outcome.MAY_RUN_AGAIN;
        }
        return Outcome.MAY_RUN_AGAIN;
    }

    /** Whether a server process whose client is gone still carries out this very statement. */
    boolean isRunElsewhere(Progress.Entry segment) throws SQLException {
        return !carriedOutBy(segment).isEmpty();
    }

    /** The server processes that carry out this very statement, whose client is gone. */
    List<Integer> carriedOutBy(Progress.Entry segment) throws SQLException {
        String statement = segment.statement();
        if (segment.state() != Progress.State.INTENT || statement == null) {
            return List.of();
        }
        return session.query(
                "SELECT a.pid FROM pg_catalog.pg_stat_activity a WHERE a.datname = pg_catalog.current_database()"
                        + " AND a.pid <> pg_catalog.pg_backend_pid() AND a.state = 'active'"
                        + " AND a.query LIKE ?",
                rs -> rs.getInt(1),
                likeSent(statement));
    }

    /** What was sent had values where the record has names of placeholders, and passwords where it has asterisks. */
    private static String likeSent(String recorded) {
        int shown = Math.min(recorded.length(), 200);
        String literally = recorded.substring(0, shown).replaceAll("([\\\\%_])", "\\\\$1");
        return UNKNOWN.matcher(literally).replaceAll("%") + (shown < recorded.length() ? "%" : "");
    }

    private record Index(long oid, String sqlName, boolean valid, boolean ordinary, boolean building) {}

    private static final String INDEX_COLUMNS = """
            SELECT c.oid::bigint, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), \
            i.indisvalid AND i.indisready AND i.indislive, \
            c.relkind = 'i' AND NOT c.relispartition AND NOT EXISTS \
            (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid), \
            EXISTS (SELECT 1 FROM pg_catalog.pg_stat_progress_create_index p \
            WHERE p.datname = pg_catalog.current_database() \
            AND (p.index_relid = c.oid OR p.relid = i.indrelid OR p.relid IS NULL)) \
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\s""";

    private List<Index> indexes(String condition, String... parameters) throws SQLException {
        return session.query(
                INDEX_COLUMNS + condition,
                rs -> new Index(rs.getLong(1), rs.getString(2), rs.getBoolean(3), rs.getBoolean(4), rs.getBoolean(5)),
                (Object[]) parameters);
    }

    private @Nullable Index index(ObjectName name, ObjectName table) throws SQLException {
        // An index lives in the schema of its table, whatever the search path says.
        List<Index> found = indexes(
                "WHERE c.relname = ? AND c.relnamespace = (SELECT t.relnamespace FROM pg_catalog.pg_class t"
                        + " WHERE t.oid = pg_catalog.to_regclass(?))",
                name.name(),
                sqlName(table));
        return found.isEmpty() ? null : found.get(0);
    }

    private Outcome createIndex(ObjectName name, ObjectName table, @Nullable Long existing, boolean refused)
            throws SQLException {
        Index index = index(name, table);
        if (index == null) {
            return Outcome.MAY_RUN_AGAIN;
        }
        if (existing != null && existing == index.oid()) {
            // It was there before us, so it is not ours to judge or to drop.
            return Outcome.MAY_RUN_AGAIN;
        }
        if (index.building()) {
            return Outcome.STILL_RUNNING;
        }
        if (index.valid()) {
            return refused ? Outcome.MAY_RUN_AGAIN : Outcome.TOOK_EFFECT;
        }
        if (isNobodys(index, existing)) {
            return Outcome.IN_DOUBT;
        }
        drop(index);
        return Outcome.MAY_RUN_AGAIN;
    }

    private void drop(Index index) throws SQLException {
        log.warn("Dropping the invalid index {} that an interrupted build left behind", index.sqlName());
        dropConcurrently(index);
    }

    /** Waits for the transactions of others as long as it takes: that makes nobody wait. */
    private void dropConcurrently(Index index) throws SQLException {
        String drop = "DROP INDEX CONCURRENTLY IF EXISTS " + index.sqlName();
        if (!keepsSettings) {
            session.execute(drop);
            return;
        }
        String lockTimeout =
                session.query("SHOW lock_timeout", rs -> rs.getString(1)).get(0);
        session.execute("SET lock_timeout = 0");
        try {
            session.execute(drop);
        } finally {
            if (!session.isBroken()) {
                session.execute("SET lock_timeout = " + Identifiers.literal(lockTimeout));
            }
        }
    }

    private static final String LEFTOVER = "WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND ";

    // Behind it the table, and all of its partitions.
    private static final String WITH_PARTITIONS = " IN (SELECT pg_catalog.to_regclass(?)::oid UNION ALL"
            + " SELECT tree.relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) tree)";

    /** On tables of which this is true, and on their TOAST tables. */
    private static String leftoverOnTables(String condition) {
        return LEFTOVER + "i.indrelid IN (SELECT pg_catalog.unnest(ARRAY[t.oid, t.reltoastrelid])"
                + " FROM pg_catalog.pg_class t WHERE " + condition + ")";
    }

    private Outcome dropReindexLeftovers(StatementEffect.ReindexConcurrently reindex) throws SQLException {
        ObjectName object = reindex.object();
        String name = object == null ? "" : sqlName(object);
        List<Index> leftovers = switch (reindex.kind()) {
            // The name of a long one was cut off before the suffix.
            case "INDEX" ->
                indexes(
                        LEFTOVER + "EXISTS (SELECT 1 FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class o"
                                + " ON o.oid = x.indexrelid CROSS JOIN LATERAL (SELECT pg_catalog.regexp_replace("
                                + "c.relname, '_cc(new|old)[0-9]*$', '')) l (base)"
                                + " WHERE x.indrelid = i.indrelid AND (o.relname = l.base"
                                + " OR (pg_catalog.octet_length(o.relname::text) > 50"
                                + " AND pg_catalog.starts_with(o.relname, l.base)))"
                                + " AND o.oid" + WITH_PARTITIONS + ")",
                        name,
                        name);
            case "TABLE" -> indexes(leftoverOnTables("t.oid" + WITH_PARTITIONS), name, name);
            case "SCHEMA" ->
                indexes(
                        leftoverOnTables("t.relnamespace = (SELECT s.oid FROM pg_catalog.pg_namespace s"
                                + " WHERE s.nspname = ?)"),
                        object == null ? "" : object.name());
            default -> indexes(LEFTOVER + "n.nspname NOT LIKE 'pg\\_temp%'");
        };
        if (leftovers.stream().anyMatch(Index::building)) {
            return Outcome.STILL_RUNNING;
        }
        for (Index index : leftovers) {
            drop(index);
        }
        return Outcome.MAY_RUN_AGAIN;
    }

    private Outcome detach(@Nullable Long partition) throws SQLException {
        if (partition == null) {
            return Outcome.MAY_RUN_AGAIN;
        }
        record Attached(String parent, String child, boolean pending) {}
        List<Attached> attached = session.query(
                "SELECT inhparent::regclass::text, inhrelid::regclass::text, inhdetachpending"
                        + " FROM pg_catalog.pg_inherits WHERE inhrelid = ?::bigint::oid",
                rs -> new Attached(rs.getString(1), rs.getString(2), rs.getBoolean(3)),
                partition);
        if (attached.isEmpty()) {
            return Outcome.TOOK_EFFECT;
        }
        Attached found = attached.get(0);
        if (!found.pending()) {
            return Outcome.MAY_RUN_AGAIN;
        }
        log.warn("Finishing the interrupted detachment of {}", found.child());
        session.inTransaction(() -> {
            // It waits, with the lock on the partition, for those who queue behind that lock, and each of them would be
            // told of a deadlock. So it gives up before, to be tried again.
            session.execute("SET LOCAL lock_timeout = '" + FINALIZE_WAIT_MILLIS + "ms'");
            return session.execute(
                    "ALTER TABLE " + found.parent() + " DETACH PARTITION " + found.child() + " FINALIZE");
        });
        return Outcome.TOOK_EFFECT;
    }

    private @Nullable Long relation(ObjectName name) throws SQLException {
        return oid("SELECT pg_catalog.to_regclass(?)::oid::bigint", sqlName(name));
    }

    private @Nullable Long sharedObject(String kind, String name) throws SQLException {
        return switch (kind) {
            case "DATABASE" -> oid("SELECT oid::bigint FROM pg_catalog.pg_database WHERE datname = ?", name);
            case "TABLESPACE" -> oid("SELECT oid::bigint FROM pg_catalog.pg_tablespace WHERE spcname = ?", name);
            default ->
                oid(
                        "SELECT s.oid::bigint FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d"
                                + " ON d.oid = s.subdbid AND d.datname = pg_catalog.current_database()"
                                + " WHERE s.subname = ?",
                        name);
        };
    }

    private @Nullable Long oid(String sql, Object parameter) throws SQLException {
        List<Optional<Long>> found =
                session.query(sql, rs -> Optional.ofNullable(rs.getObject(1, Long.class)), parameter);
        return found.isEmpty() ? null : found.get(0).orElse(null);
    }

    private static String sqlName(ObjectName name) {
        return Identifiers.qualified(name.schema(), name.name());
    }
}
