package io.confiture.build;

import io.confiture.postgres.ServerError;
import io.confiture.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the rows that the server refuses, by halves, within a transaction that goes on. Those it takes stay. */
final class RowTrial {
    private static final String FOREIGN_KEY = "23503";

    private final Session session;
    private final boolean all;
    private final List<Refusal> refusals = new ArrayList<>();
    private long loaded;

    /** @param index of the row; -1 if the rows are refused together and each of them is not */
    record Refusal(SeedRows rows, int index, SQLException failure) {}

    /** @param all whether to go on behind the first row that is refused */
    RowTrial(Session session, boolean all) {
        this.session = session;
        this.all = all;
    }

    /** How many rows the server has taken so far. */
    long loaded() {
        return loaded;
    }

    /** Loads the rows; tells those that are refused, in order. */
    List<Refusal> of(SeedRows rows) throws SQLException {
        refusals.clear();
        SQLException failure = attempt(rows, 0, rows.count());
        if (failure == null) {
            return List.of();
        }
        if (blamesTheStatement(failure)) {
            return List.of(new Refusal(rows, -1, failure));
        }
        halves(rows, 0, rows.count(), failure);
        if (all) {
            // A row may refer to another of its statement that comes below it.
            retry();
        }
        return refusals.isEmpty() && !all ? List.of(new Refusal(rows, -1, failure)) : List.copyOf(refusals);
    }

    /** What is wrong with it, such as a column that is not there, is wrong with each of its rows; or has a place. */
    private boolean blamesTheStatement(SQLException failure) {
        ServerError error = ServerError.of(failure);
        return String.valueOf(error.sqlState()).startsWith("42") || !all && error.position() != null;
    }

    private void halves(SeedRows rows, int from, int to, SQLException failure) throws SQLException {
        if (to - from == 1) {
            refusals.add(new Refusal(rows, from, failure));
            return;
        }
        int middle = (from + to) >>> 1;
        part(rows, from, middle);
        if (all || refusals.isEmpty()) {
            part(rows, middle, to);
        }
    }

    private void part(SeedRows rows, int from, int to) throws SQLException {
        SQLException failure = attempt(rows, from, to);
        if (failure != null) {
            halves(rows, from, to, failure);
        }
    }

    private void retry() throws SQLException {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Refusal refusal : List.copyOf(refusals)) {
                if (ServerError.of(refusal.failure()).is(FOREIGN_KEY)
                        && attempt(refusal.rows(), refusal.index(), refusal.index() + 1) == null) {
                    refusals.remove(refusal);
                    progress = true;
                }
            }
        }
    }

    /** Why the rows are refused; null if they are loaded. */
    private @Nullable SQLException attempt(SeedRows rows, int from, int to) throws SQLException {
        session.execute("SAVEPOINT confiture_trial");
        try {
            long count = rows.load(session, from, to);
            session.execute("RELEASE SAVEPOINT confiture_trial");
            loaded += count;
            return null;
        } catch (SQLException e) {
            SeedFailures.requireGoingOn(e);
            session.execute("ROLLBACK TO SAVEPOINT confiture_trial");
            session.execute("RELEASE SAVEPOINT confiture_trial");
            return e;
        }
    }
}
