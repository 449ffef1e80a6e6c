package io.confiture.build;

import io.confiture.build.SchemaFinding.Code;
import io.confiture.build.SchemaFinding.Severity;
import io.confiture.sql.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects findings, each at the place in the sources that the user knows. */
final class Findings {
    private final List<SchemaFinding> found = new ArrayList<>();

    void error(SchemaFile file, SourcePosition at, Code code, String message) {
        add(file, at, Severity.ERROR, code, message);
    }

    void warning(SchemaFile file, SourcePosition at, Code code, String message) {
        add(file, at, Severity.WARNING, code, message);
    }

    void notChecked(SchemaFile file, SourcePosition at, String message) {
        add(file, at, Severity.NOT_CHECKED, Code.STATEMENT_NOT_CHECKED, message);
    }

    private void add(SchemaFile file, SourcePosition at, Severity severity, Code code, String message) {
        SchemaFile.Place place = file.place(at.line(), at.column());
        found.add(new SchemaFinding(severity, code, message, place.file(), place.line(), place.column()));
    }

    void addAll(List<SchemaFinding> others) {
        found.addAll(others);
    }

    /** Whether there is an error of this kind. */
    boolean hasError(Code code) {
        return found.stream().anyMatch(finding -> finding.severity() == Severity.ERROR && finding.code() == code);
    }

    /** In the order of the files, and of the places in them. */
    List<SchemaFinding> sorted(List<SchemaFile> files) {
        Map<String, Integer> order = new HashMap<>();
        files.forEach(file -> order.putIfAbsent(file.location(), order.size()));
        return found.stream()
                .sorted(Comparator.<SchemaFinding>comparingInt(
                                finding -> order.getOrDefault(finding.file(), order.size()))
                        .thenComparingInt(SchemaFinding::line)
                        .thenComparingInt(SchemaFinding::column))
                .toList();
    }
}
