package io.confiture.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What Confiture may ask of the server. */
final class CallBudget {
    /** A start with nothing to do. */
    static final int NOTHING_TO_DO = 3;

    /** One more migration of three statements. */
    static final int PER_MIGRATION = 7;

    /** One more migration of three statements that changes the session. */
    static final int PER_SESSION_CHANGING_MIGRATION = 8;

    private final List<String> broken = new ArrayList<>();

    void nothingToDo(long calls) {
        check("A start with nothing to do", (double) calls, NOTHING_TO_DO);
    }

    void perMigration(double calls) {
        check("A migration", calls, PER_MIGRATION);
    }

    void perSessionChangingMigration(double calls) {
        check("A migration that changes the session", calls, PER_SESSION_CHANGING_MIGRATION);
    }

    /** One sentence for each budget that does not hold. */
    List<String> broken() {
        return broken;
    }

    private void check(String what, double calls, int budget) {
        if (calls > budget) {
            broken.add(String.format(Locale.ROOT, "%s takes %.2f SQL calls; the budget is %d", what, calls, budget));
        }
    }
}
