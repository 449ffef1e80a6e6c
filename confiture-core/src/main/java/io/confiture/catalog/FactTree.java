package io.confiture.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Facts below what they are part of, hashed from the leaves up. Immutable. */
final class FactTree {
    /** A fact and what is within it, sorted. */
    record Node(Fact fact, List<Node> parts) {
        FactId id() {
            return fact.id();
        }

        Stream<Node> parts(FactKind kind) {
            return parts.stream().filter(part -> part.id().kind() == kind);
        }
    }

    private final List<Node> roots;
    private final String hash;

    private FactTree(List<Node> roots) {
        this.roots = roots;
        MessageDigest digest = sha256();
        addParts(digest, roots);
        this.hash = HexFormat.of().formatHex(digest.digest());
    }

    /** @param properties of each, whose parents are all among them */
    static FactTree of(Map<FactId, ? extends SortedMap<String, String>> properties) {
        Map<@Nullable FactId, List<FactId>> parts = new LinkedHashMap<>();
        properties
                .keySet()
                .forEach(id -> parts.computeIfAbsent(id.parent(), parent -> new ArrayList<>())
                        .add(id));
        return new FactTree(nodes(null, parts, properties));
    }

    private static List<Node> nodes(
            @Nullable FactId parent,
            Map<@Nullable FactId, List<FactId>> parts,
            Map<FactId, ? extends SortedMap<String, String>> properties) {
        List<FactId> ids = parts.getOrDefault(parent, List.of());
        List<Node> nodes = new ArrayList<>(ids.size());
        for (FactId id : ids) {
            nodes.add(node(id, Objects.requireNonNull(properties.get(id)), nodes(id, parts, properties)));
        }
        nodes.sort((a, b) -> FactId.WITHIN_PARENT.compare(a.id(), b.id()));
        return List.copyOf(nodes);
    }

    static Node node(FactId id, SortedMap<String, String> properties, List<Node> sortedParts) {
        MessageDigest digest = sha256();
        properties.forEach((name, value) -> {
            add(digest, name);
            add(digest, value);
        });
        digest.update((byte) 0xff);
        addParts(digest, sortedParts);
        return new Node(new Fact(id, properties, HexFormat.of().formatHex(digest.digest())), sortedParts);
    }

    static FactTree of(List<Node> sortedRoots) {
        return new FactTree(List.copyOf(sortedRoots));
    }

    /** With the facts for which this is true, as far as what they are part of is there. */
    @SuppressWarnings("ReferenceEquality") // The same instance says that nothing was left out.
    FactTree filtered(Predicate<FactId> kept, BiPredicate<FactId, String> keptProperty) {
        List<Node> left = filtered(roots, kept, keptProperty);
        return left == roots ? this : new FactTree(left);
    }

    /** Itself where nothing was left out, so that only what changes is hashed again. */
    @SuppressWarnings("ReferenceEquality") // The same instance says that nothing was left out.
    private static List<Node> filtered(
            List<Node> nodes, Predicate<FactId> kept, BiPredicate<FactId, String> keptProperty) {
        List<Node> left = new ArrayList<>(nodes.size());
        boolean same = true;
        for (Node node : nodes) {
            Node filtered = kept.test(node.id()) ? filtered(node, kept, keptProperty) : null;
            same &= filtered == node;
            if (filtered != null) {
                left.add(filtered);
            }
        }
        return same ? nodes : List.copyOf(left);
    }

    @SuppressWarnings("ReferenceEquality") // The same instance says that nothing was left out.
    private static Node filtered(Node node, Predicate<FactId> kept, BiPredicate<FactId, String> keptProperty) {
        List<Node> parts = filtered(node.parts(), kept, keptProperty);
        SortedMap<String, String> properties = node.fact().properties();
        if (!properties.keySet().stream().allMatch(name -> keptProperty.test(node.id(), name))) {
            properties = new TreeMap<>(properties);
            properties.keySet().removeIf(name -> !keptProperty.test(node.id(), name));
        }
        return parts == node.parts() && properties == node.fact().properties()
                ? node
                : node(node.id(), properties, parts);
    }

    /** The fact about this, null if there is none. */
    @Nullable
    Fact find(FactId id) {
        Node node = node(id);
        return node == null ? null : node.fact();
    }

    private @Nullable Node node(FactId id) {
        List<Node> siblings = roots;
        if (id.parent() != null) {
            Node above = node(id.parent());
            if (above == null) {
                return null;
            }
            siblings = above.parts();
        }
        int low = 0;
        int high = siblings.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = FactId.WITHIN_PARENT.compare(siblings.get(middle).id(), id);
            if (order == 0) {
                return siblings.get(middle);
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return null;
    }

    List<Node> roots() {
        return roots;
    }

    String hash() {
        return hash;
    }

    /** The names of the schemas there are. */
    SortedSet<String> schemas() {
        return roots.stream()
                .map(Node::id)
                .filter(id -> id.kind() == FactKind.SCHEMA)
                .map(FactId::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Objects that live in a schema and are of one of the kinds, in order. */
    Stream<Node> inSchemas(FactKind... kinds) {
        Set<FactKind> wanted = Set.of(kinds);
        return roots.stream()
                .filter(root -> root.id().kind() == FactKind.SCHEMA)
                .flatMap(schema -> schema.parts().stream())
                .filter(node -> wanted.contains(node.id().kind()));
    }

    /** All facts, each before its parts. */
    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        collect(roots, facts);
        return List.copyOf(facts);
    }

    private static void collect(List<Node> nodes, List<Fact> facts) {
        for (Node node : nodes) {
            facts.add(node.fact());
            collect(node.parts(), facts);
        }
    }

    private static void addParts(MessageDigest digest, List<Node> parts) {
        for (Node part : parts) {
            add(digest, part.id().kind().label());
            add(digest, part.id().name());
            digest.update(HexFormat.of().parseHex(part.fact().hash()));
        }
    }

    /** With its length in front, so that no two lists of texts are the same bytes. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (bytes.length >>> shift));
        }
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
