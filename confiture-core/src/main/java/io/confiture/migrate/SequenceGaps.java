package io.confiture.migrate;

import io.confiture.migrate.DryRunReport.AdvancedSequence;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the sequences that a transaction has drawn from and that stay advanced although it is rolled back. */
final class SequenceGaps {
    // Reading a sequence locks it to the end of the query, and a server has room for a few thousand locks.
    private static final int AT_ONCE = 500;

    private static final String VALUES = "SELECT c.oid::bigint, pg_catalog.format('%I.%I', n.nspname, c.relname),"
            + " p.readable, CASE WHEN p.readable THEN pg_catalog.pg_sequence_last_value(c.oid) END"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " CROSS JOIN LATERAL (SELECT pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE') AS readable) p"
            + " WHERE c.relkind = 'S' AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)";

    // A sequence that gives a value is locked to the end of the transaction, savepoints notwithstanding.
    private static final String DRAWN = "SELECT l.relation::bigint::text FROM pg_catalog.pg_locks l"
            + " JOIN pg_catalog.pg_class c ON c.oid = l.relation AND c.relkind = 'S'"
            + " WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.pid = pg_catalog.pg_backend_pid()"
            + " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
            + " WHERE d.datname = pg_catalog.current_database())";

    private record Value(
            long oid,
            String name,
            boolean readable,
            @Nullable Long last) {}

    private final Session session;
    private final Map<Long, Value> before = new HashMap<>();
    private List<String> drawn = List.of();

    private SequenceGaps(Session session) {
        this.session = session;
    }

    /** Notes where every sequence stands, before the transaction. */
    static SequenceGaps before(Session session) throws SQLException {
        SequenceGaps gaps = new SequenceGaps(session);
        List<Value> some;
        long last = 0;
        do {
            some = gaps.values(" AND c.oid > ?::bigint::oid ORDER BY c.oid LIMIT " + AT_ONCE, last);
            for (Value value : some) {
                gaps.before.put(value.oid(), value);
                last = value.oid();
            }
        } while (some.size() == AT_ONCE);
        return gaps;
    }

    private List<Value> values(String which, Object parameter) throws SQLException {
        return session.query(
                VALUES + which,
                rs -> new Value(rs.getLong(1), rs.getString(2), rs.getBoolean(3), rs.getObject(4, Long.class)),
                parameter);
    }

    /** Within the transaction, once all but its begin is undone: which sequences it has used. */
    void noteDrawn() throws SQLException {
        drawn = session.query(DRAWN, rs -> rs.getString(1));
    }

    /** After the transaction: which of those do not stand where they stood, as far as that may be read. */
    List<AdvancedSequence> advanced() throws SQLException {
        if (drawn.isEmpty()) {
            return List.of();
        }
        List<AdvancedSequence> advanced = new ArrayList<>();
        for (Value now : values(" AND c.oid = ANY (?::oid[]) ORDER BY 2", drawn.toArray(new String[0]))) {
            Value then = before.get(now.oid());
            Long last = then == null ? null : then.last();
            if (!now.readable() || !Objects.equals(last, now.last())) {
                advanced.add(new AdvancedSequence(now.name(), last, now.last()));
            }
        }
        return advanced;
    }
}
