package io.confiture.catalog;

import java.util.List;

/**
 * What distinguishes a catalog from the expected one.
 *
 * @param differences sorted: an object before its parts, otherwise by kind and name
 * @param caveats what the comparison cannot vouch for, each a sentence: objects of kinds that are not modelled, schemas
 *     that do not exist on either side, servers of different versions. "No differences" is the whole truth only if this
 *     is empty
 * @since 0.1.0
 */
public record CatalogComparison(List<CatalogDifference> differences, List<String> caveats) {
    public CatalogComparison {
        differences = List.copyOf(differences);
        caveats = List.copyOf(caveats);
    }

    /** Whether nothing differs in what was compared. */
    public boolean isEqual() {
        return differences.isEmpty();
    }

    /** For people: a line for each difference, then for each caveat. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                isEqual()
                        ? "no differences"
                        : differences.size() == 1 ? "1 difference" : differences.size() + " differences");
        differences.forEach(difference -> text.append("\n  ").append(difference));
        caveats.forEach(caveat -> text.append("\n  not certain: ").append(caveat));
        return text.toString();
    }
}
