package io.confiture.build;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What {@link SchemaBuilder#validate()} has found.
 *
 * @param files how many files were read
 * @param statements how many statements were read
 * @param checked what was done for the whole schema; whatever is missing here nobody has looked at
 * @param findings what is to be said, in the order of the files
 * @since 0.1.0
 */
public record SchemaReport(int files, long statements, Set<SchemaCheck> checked, List<SchemaFinding> findings) {

    /** What is known of a schema. */
    public enum Outcome {
        /** It was built as it stands, in a database of its own. */
        OK,
        /** At least one finding is an error. */
        FAILED,
        /** No error is known, and it was not built: only a build shows whether it can be. */
        NOT_CHECKED
    }

    public SchemaReport {
        checked = Set.copyOf(checked);
        findings = List.copyOf(findings);
    }

    /** What is known of the schema; never OK unless it was built. */
    public Outcome outcome() {
        if (!errors().isEmpty()) {
            return Outcome.FAILED;
        }
        return checked.contains(SchemaCheck.BUILD) ? Outcome.OK : Outcome.NOT_CHECKED;
    }

    /** The findings that keep the schema from being built, or from being what its files say. */
    public List<SchemaFinding> errors() {
        return findings.stream()
                .filter(finding -> finding.severity() == SchemaFinding.Severity.ERROR)
                .toList();
    }

    /** What was not done, or not for the whole schema. */
    public Set<SchemaCheck> notChecked() {
        Set<SchemaCheck> missing = EnumSet.allOf(SchemaCheck.class);
        missing.removeAll(checked);
        return missing;
    }

    /** Outcome, what was not checked, and a line for each finding. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Schema ")
                .append(outcome())
                .append(": ")
                .append(files)
                .append(" files, ")
                .append(statements)
                .append(" statements, ")
                .append(errors().size())
                .append(" errors");
        if (!notChecked().isEmpty()) {
            text.append("; not checked: ").append(notChecked());
        }
        findings.forEach(finding -> text.append(System.lineSeparator()).append(finding));
        return text.toString();
    }
}
