package io.confiture.migrate;

import java.util.List;

/**
 * What {@code applyAll} would do now, in order. Nothing was run to make it.
 *
 * @param steps the migrations it would apply
 * @param blockers why it would refuse to begin, one sentence each; empty when it would begin
 * @param warnings what it would log before it begins
 * @since 0.1.0
 */
public record MigrationPlan(List<Step> steps, List<String> blockers, List<String> warnings) {

    public MigrationPlan {
        steps = List.copyOf(steps);
        blockers = List.copyOf(blockers);
        warnings = List.copyOf(warnings);
    }

    /**
     * One migration of a plan.
     *
     * @param migration what would be applied
     * @param state why: pending, out of order or partial
     * @param statements the number of statements of its up part
     * @param transactional whether all of it is one transaction
     * @param segments the number of pieces that are committed one by one; 1 when transactional
     * @param segmentsDone how many of them an earlier run has committed
     */
    public record Step(
            Migration migration,
            MigrationState state,
            int statements,
            boolean transactional,
            int segments,
            int segmentsDone) {}
}
