package io.confiture.build;

import io.confiture.sql.ObjectName;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that the server would give to foreign keys without one, had it read the statements in their order: table,
 * columns and {@code fkey}, cut to 63 bytes, with a number where the schema has a constraint of that name already.
 */
final class ConstraintNames {
    private static final int NAME_BYTES = 63;

    private final Map<@Nullable String, Set<String>> usedBySchema = new HashMap<>();

    /** A constraint that a statement names. */
    void use(@Nullable String schema, String name) {
        usedBySchema.computeIfAbsent(schema, key -> new HashSet<>()).add(name);
    }

    /**
     * A name that was chosen.
     *
     * @param numbered whether another constraint has the name without number
     */
    record Choice(String name, boolean numbered) {}

    /** The name of a foreign key that has none, which is used from now on. */
    Choice choose(ObjectName table, List<String> columns) {
        String joined = String.join("_", columns);
        Set<String> used = usedBySchema.computeIfAbsent(table.schema(), key -> new HashSet<>());
        String label = "fkey";
        String plain = make(table.name(), joined, label);
        String name = plain;
        for (int number = 1; used.contains(name); number++) {
            name = make(table.name(), joined, label + number);
        }
        used.add(name);
        return new Choice(name, !name.equals(plain));
    }

    /** Of two names that are too long together the longer one is cut, byte by byte. */
    private static String make(String table, String columns, String label) {
        byte[] one = table.getBytes(StandardCharsets.UTF_8);
        byte[] other = columns.getBytes(StandardCharsets.UTF_8);
        int available = NAME_BYTES - 2 - label.length();
        int oneLength = one.length;
        int otherLength = other.length;
        while (oneLength + otherLength > available) {
            if (oneLength > otherLength) {
                oneLength--;
            } else {
                otherLength--;
            }
        }
        return text(one, oneLength) + "_" + text(other, otherLength) + "_" + label;
    }

    /** As many whole characters as these bytes hold. */
    private static String text(byte[] bytes, int length) {
        CharBuffer characters = CharBuffer.allocate(length);
        StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, 0, length), characters, false);
        return characters.flip().toString();
    }
}
