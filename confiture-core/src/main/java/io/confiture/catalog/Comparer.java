package io.confiture.catalog;

import io.confiture.catalog.CatalogDifference.Kind;
import io.confiture.catalog.FactTree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Walks two trees side by side, and only where their hashes differ. */
final class Comparer {
    private final List<CatalogDifference> differences = new ArrayList<>();

    private Comparer() {}

    static List<CatalogDifference> compare(FactTree expected, FactTree actual) {
        Comparer comparer = new Comparer();
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
                differences.add(difference(Kind.REMOVED, expected.get(e++).id(), null, null, null));
            } else if (order > 0) {
                differences.add(difference(Kind.ADDED, actual.get(a++).id(), null, null, null));
            } else {
                compare(expected.get(e++), actual.get(a++));
            }
        }
    }

    private void compare(Node expected, Node actual) {
        if (expected.fact().hash().equals(actual.fact().hash())) {
            return;
        }
        SortedMap<String, String> before = expected.fact().properties();
        SortedMap<String, String> after = actual.fact().properties();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String from = before.get(name);
            String to = after.get(name);
            if (from == null || !from.equals(to)) {
                differences.add(difference(Kind.CHANGED, expected.id(), name, from, to));
            }
        }
        compare(expected.parts(), actual.parts());
    }

    private static CatalogDifference difference(
            Kind kind, FactId id, @Nullable String property, @Nullable String from, @Nullable String to) {
        return new CatalogDifference(kind, id, property, from, to);
    }
}
