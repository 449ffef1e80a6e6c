package io.confiture.catalog;

import io.confiture.catalog.CatalogDifference.Kind;
import io.confiture.catalog.FactTree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Walks two trees side by side, and only where their hashes differ. What does not count is passed over on the way. */
final class Comparer {
    private final List<CatalogDifference> differences = new ArrayList<>();

    private final Predicate<FactId> counts;
    private final BiPredicate<FactId, String> propertyCounts;

    private Comparer(Predicate<FactId> counts, BiPredicate<FactId, String> propertyCounts) {
        this.counts = counts;
        this.propertyCounts = propertyCounts;
    }

    static List<CatalogDifference> compare(
            FactTree expected, FactTree actual, Predicate<FactId> counts, BiPredicate<FactId, String> propertyCounts) {
        Comparer comparer = new Comparer(counts, propertyCounts);
        if (!expected.hash().equals(actual.hash())) {
            comparer.compare(expected.roots(), actual.roots());
        }
        return comparer.differences;
    }

    private void compare(List<Node> expected, List<Node> actual) {
        int e = 0;
        int a = 0;
        while (e < expected.size() || a < actual.size()) {
            int order = e == expected.size()
                    ? 1
                    : a == actual.size()
                            ? -1
                            : FactId.WITHIN_PARENT.compare(
                                    expected.get(e).id(), actual.get(a).id());
            if (order < 0) {
                addWhole(Kind.REMOVED, expected.get(e++).id());
            } else if (order > 0) {
                addWhole(Kind.ADDED, actual.get(a++).id());
            } else {
                compare(expected.get(e++), actual.get(a++));
            }
        }
    }

    private void compare(Node expected, Node actual) {
        if (expected.fact().hash().equals(actual.fact().hash()) || !counts.test(expected.id())) {
            return;
        }
        SortedMap<String, String> before = expected.fact().properties();
        SortedMap<String, String> after = actual.fact().properties();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String from = before.get(name);
            String to = after.get(name);
            if (!Objects.equals(from, to) && propertyCounts.test(expected.id(), name)) {
                differences.add(new CatalogDifference(Kind.CHANGED, expected.id(), name, from, to));
            }
        }
        compare(expected.parts(), actual.parts());
    }

    private void addWhole(Kind kind, FactId id) {
        if (counts.test(id)) {
            differences.add(new CatalogDifference(kind, id, null, null, null));
        }
    }
}
