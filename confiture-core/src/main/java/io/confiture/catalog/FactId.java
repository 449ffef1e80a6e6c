package io.confiture.catalog;

import io.confiture.postgres.Identifiers;
import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a fact is about: a name of its kind within something else. Immutable.
 *
 * @param parent what it is part of, such as the table of a column or the schema of a table; null at the top
 * @param kind what it is
 * @param name unique for its kind within the parent; as the server keeps it, not quoted
 * @since 0.1.0
 */
public record FactId(@Nullable FactId parent, FactKind kind, String name) implements Comparable<FactId> {
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_$]*");

    static final Comparator<FactId> WITHIN_PARENT =
            Comparator.comparing(FactId::kind).thenComparing(FactId::name);

    public FactId {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(name);
    }

    /** A schema. */
    public static FactId schema(String name) {
        return new FactId(null, FactKind.SCHEMA, name);
    }

    /** A table, partitioned or not. */
    public static FactId table(String schema, String name) {
        return new FactId(schema(schema), FactKind.TABLE, name);
    }

    /** Something within this. */
    public FactId child(FactKind kind, String name) {
        return new FactId(this, kind, name);
    }

    /** Whether this is the other, or part of it at any depth. */
    public boolean isWithin(FactId other) {
        for (FactId id = this; id != null; id = id.parent) {
            if (id.equals(other)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it has no schema, as an extension or a publication. */
    public boolean isOfDatabase() {
        return parent == null ? kind != FactKind.SCHEMA : parent.isOfDatabase();
    }

    /** How many there are above it. */
    private int depth() {
        return parent == null ? 0 : parent.depth() + 1;
    }

    /** Parents before their parts, otherwise by kind and name. */
    @Override
    public int compareTo(FactId other) {
        int mine = depth();
        int others = other.depth();
        if (mine > others) {
            int upper = Objects.requireNonNull(parent).compareTo(other);
            return upper == 0 ? 1 : upper;
        }
        if (mine < others) {
            int upper = compareTo(Objects.requireNonNull(other.parent));
            return upper == 0 ? -1 : upper;
        }
        if (parent != null) {
            int upper = parent.compareTo(Objects.requireNonNull(other.parent));
            if (upper != 0) {
                return upper;
            }
        }
        return WITHIN_PARENT.compare(this, other);
    }

    /** For people, such as {@code table public.users: column email}; what is not a plain lower-case word is quoted. */
    @Override
    public String toString() {
        if (parent == null) {
            return own("");
        }
        return parent.kind == FactKind.SCHEMA && !kind.isAboutItsParent()
                ? own(readable(parent.name) + ".")
                : parent + ": " + own("");
    }

    private String own(String schema) {
        String readable = kind.namedByIdentifier() ? readable(name) : name;
        return name.isEmpty() ? kind.label() : kind.label() + " " + schema + readable;
    }

    private static String readable(String name) {
        return name.isEmpty() || PLAIN.matcher(name).matches() ? name : Identifiers.quote(name);
    }
}
