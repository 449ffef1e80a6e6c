package io.confiture.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A piece of YAML and its place. Values may be secrets, so none of these has them in its text form. */
sealed interface Node {
    Position position();

    /** The same with every scalar replaced. */
    Node map(UnaryOperator<Scalar> change);

    /** A text as it is written, without quotes; {@code plain} if it had none. */
    record Scalar(String text, boolean plain, Position position) implements Node {
        /** Whether nothing was written, or YAML's word for nothing. */
        boolean isNothing() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        @Override
        public Node map(UnaryOperator<Scalar> change) {
            return change.apply(this);
        }

        @Override
        public String toString() {
            return "scalar at " + position;
        }
    }

    /** A list. */
    record Listing(List<Node> items, Position position) implements Node {
        @Override
        public Node map(UnaryOperator<Scalar> change) {
            return new Listing(items.stream().map(item -> item.map(change)).toList(), position);
        }
    }

    /** Keys and their values, in the order of the file. */
    record Mapping(Map<String, Entry> entries, Position position) implements Node {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Nullable
        Node get(String key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.value();
        }

        Mapping without(String... keys) {
            Map<String, Entry> rest = new LinkedHashMap<>(entries);
            rest.keySet().removeAll(List.of(keys));
            return new Mapping(rest, position);
        }

        @Override
        public Mapping map(UnaryOperator<Scalar> change) {
            Map<String, Entry> changed = new LinkedHashMap<>();
            entries.forEach((key, entry) ->
                    changed.put(key, new Entry(entry.key(), entry.value().map(change))));
            return new Mapping(changed, position);
        }
    }

    /** A value and the place of its key. */
    record Entry(Position key, Node value) {}
}
