package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with migration files, to tell it all at once. */
final class FileProblems {
    private final List<String> lines = new ArrayList<>();
    private @Nullable ErrorCode code;

    void badName(String line) {
        add(ErrorCode.BAD_FILE_NAME, line);
    }

    void duplicate(String line) {
        add(ErrorCode.DUPLICATE_VERSION, line);
    }

    private void add(ErrorCode kind, String line) {
        code = code == null ? kind : code;
        lines.add(line);
    }

    void throwIfAny() {
        if (code == null) {
            return;
        }
        String text = lines.size() == 1
                ? lines.get(0)
                : lines.size() + " files cannot be read as migrations:" + System.lineSeparator() + "  - "
                        + String.join(System.lineSeparator() + "  - ", lines);
        throw new ConfigurationException(
                code,
                text + ". Nothing was done",
                code == ErrorCode.DUPLICATE_VERSION
                        ? "Give one of the two another version; a UTC time such as 20260131093000 collides least."
                        : "Rename the file; see \"File names\" in docs/migrations.md.");
    }
}
