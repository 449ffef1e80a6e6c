package io.confiture.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of repeatable migrations, which have a name and no version. */
final class RepeatableFiles {
    private final Map<String, MigrationFiles.Script> scripts = new TreeMap<>();
    private final Map<String, MigrationFiles.Script> verifications = new TreeMap<>();

    void add(MigrationFileName.Repeatable name, MigrationFiles.Script script, FileProblems problems) {
        Map<String, MigrationFiles.Script> files =
                name.part() == MigrationFileName.Part.VERIFY ? verifications : scripts;
        MigrationFiles.Script present = files.putIfAbsent(name.name(), script);
        if (present != null) {
            boolean alike = present.file().equals(script.file());
            problems.duplicate("The repeatable migration R__" + name.name() + " stands twice: "
                    + (alike ? present.resource().getDescription() : present.file()) + " and "
                    + (alike ? script.resource().getDescription() : script.file()));
        }
    }

    /** In order of name. */
    List<LocalMigration> build(FileProblems problems) {
        List<LocalMigration> migrations = new ArrayList<>(scripts.size());
        scripts.forEach((name, script) -> migrations.add(
                new LocalMigration.Sql(SqlMigration.repeatable(name, whole(script), verification(name)), null)));
        verifications.forEach((name, script) -> {
            if (!scripts.containsKey(name)) {
                problems.badName(script.file() + " verifies nothing; expected R__" + name + ".sql beside it");
            }
        });
        return migrations;
    }

    private @Nullable MigrationScript verification(String name) {
        MigrationFiles.Script script = verifications.get(name);
        return script == null ? null : whole(script);
    }

    private static MigrationScript whole(MigrationFiles.Script script) {
        return MigrationScript.wholeFile(script);
    }
}
