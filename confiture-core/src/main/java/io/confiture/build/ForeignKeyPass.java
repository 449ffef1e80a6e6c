package io.confiture.build;

import io.confiture.build.CutInput.Cut;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes foreign keys out of the sources and adds them behind all tables, so that tables may come in any order. What
 * remains of a source keeps its lines and columns. A foreign key of which text cannot tell that its move changes nothing
 * stays where it is, and is told.
 */
final class ForeignKeyPass {
    private static final String SCRIPT = "foreign keys";

    private final List<SchemaFile> files;
    private final List<SchemaFinding> inPlace;

    private ForeignKeyPass(List<SchemaFile> files, List<SchemaFinding> inPlace) {
        this.files = List.copyOf(files);
        this.inPlace = List.copyOf(inPlace);
    }

    /**
     * Reads all schema files once.
     *
     * @throws io.confiture.error.SqlScriptException if one cannot be read as statements
     */
    static ForeignKeyPass over(List<SchemaFile> files) {
        ForeignKeyScan scan = new ForeignKeyScan();
        for (int i = 0; i < files.size(); i++) {
            if (!files.get(i).seed()) {
                scan.read(i, files.get(i));
            }
        }
        Map<PlannedForeignKey, String> reasons = scan.reasons();
        List<SchemaFinding> inPlace = new ArrayList<>(scan.inPlace());
        for (PlannedForeignKey key : scan.keys()) {
            String reason = reasons.get(key);
            if (reason == null) {
                reason = reason(scan, key);
            }
            if (reason != null) {
                reasons.put(key, reason);
                inPlace.add(finding(key, reason));
            }
        }
        keepTogether(scan, reasons, inPlace);
        return new ForeignKeyPass(rewritten(files, scan), inPlace);
    }

    private static @Nullable String reason(ForeignKeyScan scan, PlannedForeignKey key) {
        SessionState now = key.session();
        SessionState last = scan.session();
        if (now.role() == null && last.role() != null) {
            return "the role is changed further on";
        }
        boolean sameNames = last.pathKnown() && now.pathKnown() && (now.path() != null || last.path() == null);
        if (key.unqualified() && !sameNames) {
            return "search_path is changed further on, and it names a table without schema";
        }
        if (scan.isMistakable(key)) {
            return "its table may exist already, and its name there depends on other foreign keys";
        }
        return scan.history().objection(key);
    }

    /** The foreign keys of one ALTER TABLE move together or not at all. */
    private static void keepTogether(
            ForeignKeyScan scan, Map<PlannedForeignKey, String> reasons, List<SchemaFinding> inPlace) {
        for (TableRewrite rewrite : scan.rewrites()) {
            for (TableRewrite.Element element : rewrite.elements()) {
                if (element.keys().keySet().stream().anyMatch(reasons::containsKey)) {
                    for (PlannedForeignKey key : element.keys().keySet()) {
                        String other = "another one of the same statement stays";
                        if (reasons.putIfAbsent(key, other) == null) {
                            inPlace.add(finding(key, other));
                        }
                    }
                }
            }
        }
    }

    private static SchemaFinding finding(PlannedForeignKey key, String reason) {
        return new SchemaFinding(
                SchemaFinding.Severity.WARNING,
                SchemaFinding.Code.FOREIGN_KEY_IN_PLACE,
                "the foreign key " + key.name() + " stays where it is, since " + reason,
                key.file(),
                key.at().line(),
                key.at().column());
    }

    private static List<SchemaFile> rewritten(List<SchemaFile> files, ForeignKeyScan scan) {
        Map<Integer, List<Cut>> cuts = new HashMap<>();
        for (TableRewrite rewrite : scan.rewrites()) {
            cuts.computeIfAbsent(rewrite.file(), key -> new ArrayList<>())
                    .addAll(rewrite.cuts(key -> !scan.reasons().containsKey(key)));
        }
        Map<PlannedForeignKey, List<ForeignKeyScan.Comment>> comments = comments(scan, cuts);
        ForeignKeyScript script = new ForeignKeyScript(scan.session());
        boolean moved = false;
        for (PlannedForeignKey key : scan.keys()) {
            if (!scan.reasons().containsKey(key)) {
                script.add(key, !scan.isNameSure(key), comments.getOrDefault(key, List.of()));
                moved = true;
            }
        }
        List<SchemaFile> result = new ArrayList<>();
        int lastSchema = -1;
        for (int i = 0; i < files.size(); i++) {
            SchemaFile file = files.get(i);
            List<Cut> ofFile = cuts.getOrDefault(i, List.of());
            result.add(ofFile.isEmpty() ? file : without(file, ofFile));
            lastSchema = file.seed() ? lastSchema : i;
        }
        if (moved) {
            byte[] text = script.text().getBytes(StandardCharsets.UTF_8);
            result.add(
                    lastSchema + 1,
                    new SchemaFile(SCRIPT, SCRIPT, false, () -> new ByteArrayInputStream(text), script::origin));
        }
        return result;
    }

    /** Comments go where their foreign keys go. */
    private static Map<PlannedForeignKey, List<ForeignKeyScan.Comment>> comments(
            ForeignKeyScan scan, Map<Integer, List<Cut>> cuts) {
        Map<String, List<PlannedForeignKey>> byName = new HashMap<>();
        for (PlannedForeignKey key : scan.keys()) {
            if (!scan.reasons().containsKey(key)) {
                byName.computeIfAbsent(key.name(), name -> new ArrayList<>()).add(key);
            }
        }
        Map<PlannedForeignKey, List<ForeignKeyScan.Comment>> found = new HashMap<>();
        for (ForeignKeyScan.Comment comment : scan.comments()) {
            for (PlannedForeignKey key : byName.getOrDefault(comment.constraint(), List.of())) {
                if (PlannedForeignKey.maybeSame(key.table(), comment.table())) {
                    found.computeIfAbsent(key, name -> new ArrayList<>()).add(comment);
                    cuts.computeIfAbsent(comment.file(), file -> new ArrayList<>())
                            .addAll(comment.cuts());
                    break;
                }
            }
        }
        return found;
    }

    private static SchemaFile without(SchemaFile file, List<Cut> unordered) {
        List<Cut> cuts = unordered.stream()
                .distinct()
                .sorted(Comparator.comparingLong(Cut::from))
                .toList();
        return new SchemaFile(file.name(), file.location(), false, () -> new CutInput(file.open(), cuts), file::place);
    }

    /** The files to build from, with one more behind the last schema file if a foreign key has moved. */
    List<SchemaFile> files() {
        return files;
    }

    /** The foreign keys that stay where they are. */
    List<SchemaFinding> inPlace() {
        return inPlace;
    }
}
