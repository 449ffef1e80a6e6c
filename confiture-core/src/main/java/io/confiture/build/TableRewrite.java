package io.confiture.build;

import io.confiture.build.CutInput.Cut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is taken out of a statement for the foreign keys that move.
 *
 * @param file which file of the build
 * @param elements its columns and constraints, or the one that a statement for itself is
 * @param commas what stands behind each element but the last
 * @param parentheses what goes with the last element, because an empty list is no SQL; may be empty
 */
record TableRewrite(int file, List<Element> elements, List<Cut> commas, List<Cut> parentheses) {

    /**
     * A column or table constraint.
     *
     * @param keys the foreign keys in it, each with its tokens
     * @param whole whether it is nothing but a foreign key, and gone without it
     */
    record Element(Map<PlannedForeignKey, List<Cut>> keys, boolean whole) {
        private boolean isGone(Predicate<PlannedForeignKey> moves) {
            return whole && keys.keySet().stream().allMatch(moves);
        }
    }

    /** In no order. */
    List<Cut> cuts(Predicate<PlannedForeignKey> moves) {
        List<Cut> cuts = new ArrayList<>();
        for (Element element : elements) {
            element.keys().forEach((key, tokens) -> {
                if (moves.test(key)) {
                    cuts.addAll(tokens);
                }
            });
        }
        // A comma stays behind what stays, as long as something follows that stays.
        boolean somethingFollows = false;
        for (int i = elements.size() - 1; i >= 0; i--) {
            boolean stays = !elements.get(i).isGone(moves);
            if (i < commas.size() && !(stays && somethingFollows)) {
                cuts.add(commas.get(i));
            }
            somethingFollows |= stays;
        }
        if (!somethingFollows) {
            cuts.addAll(parentheses);
        }
        return cuts;
    }
}
