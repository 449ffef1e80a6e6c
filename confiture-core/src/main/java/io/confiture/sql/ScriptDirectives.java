package io.confiture.sql;

import java.io.InputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a script says about itself, in {@code -- confiture: key=value} lines above its first statement. A component is
 * null, false or empty if the script does not say.
 *
 * @param transactional whether the script runs in one transaction
 * @param lockTimeout how long a statement may wait for a lock; zero means without limit
 * @param statementTimeout how long a statement may run; zero means without limit
 * @param verifyAlways whether the migration's verification runs wherever the migration is applied
 * @param refuseEmpty whether a script without statements is a mistake
 * @param labels the labels of the migration, in the order given
 * @param placeholders the names of the placeholders the script cannot do without, in the order given
 * @param covers migrations of which a file of a whole schema says that what they do to data is in it, in the order given
 * @param metadata what {@code meta.<key>=<value>} says, by key without {@code meta.}, in the order given
 * @since 0.1.0
 */
public record ScriptDirectives(
        @Nullable Boolean transactional,
        @Nullable Duration lockTimeout,
        @Nullable Duration statementTimeout,
        boolean verifyAlways,
        boolean refuseEmpty,
        List<String> labels,
        List<String> placeholders,
        List<String> covers,
        Map<String, String> metadata) {

    /** What a script without directives says. */
    public static final ScriptDirectives NONE =
            new ScriptDirectives(null, null, null, false, false, List.of(), List.of(), List.of(), Map.of());

    public ScriptDirectives {
        labels = List.copyOf(labels);
        placeholders = List.copyOf(placeholders);
        covers = List.copyOf(covers);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Whether nothing is said but what is covered, which is all that a file of a schema may say. */
    public boolean saysNothingButCovers() {
        return equals(
                covers.isEmpty()
                        ? NONE
                        : new ScriptDirectives(null, null, null, false, false, List.of(), List.of(), covers, Map.of()));
    }

    /**
     * Reads the directives alone: no further than the first statement of a script or of its up section, however long
     * that is.
     *
     * @param file the script as the user knows it, for messages
     * @param in UTF-8 text; closed
     * @throws io.confiture.error.SqlScriptException if a directive is unknown or has a wrong value
     */
    public static ScriptDirectives read(String file, InputStream in, ScriptSection section) {
        try (ScriptReader reader = ScriptReader.open(file, in, section)) {
            return reader.directives();
        }
    }
}
