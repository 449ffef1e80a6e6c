package io.confiture.migrate;

import io.confiture.error.MigrationException;
import io.confiture.error.SqlScriptException;
import io.confiture.sql.ScriptSection;
import io.confiture.sql.ScriptSections;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.UrlResource;

/** The files of one version, which must make one migration, and perhaps a baseline migration of that version. */
final class MigrationFileGroup {
    private record Named(MigrationFileName.Valid name, MigrationFiles.Script script) {}

    private final Map<MigrationFileName.Part, Named> parts = new EnumMap<>(MigrationFileName.Part.class);

    void add(MigrationFileName.Valid name, MigrationFiles.Script script, FileProblems problems) {
        Named present = parts.putIfAbsent(name.part(), new Named(name, script));
        if (present != null) {
            duplicate(present, new Named(name, script), problems);
        }
    }

    private static void duplicate(Named one, Named other, FileProblems problems) {
        String first = one.script().file();
        String second = other.script().file();
        if (first.equals(second) || isInJar(one) || isInJar(other)) {
            first = one.script().resource().getDescription();
            second = other.script().resource().getDescription();
        }
        problems.duplicate("Version " + one.name().versionText() + " stands twice: " + first + " and " + second);
    }

    /** Its name alone does not tell which jar. */
    private static boolean isInJar(Named named) {
        return named.script().resource() instanceof UrlResource;
    }

    Optional<LocalMigration> build(FileProblems problems) {
        Named up = parts.get(MigrationFileName.Part.UP);
        Named both = parts.get(MigrationFileName.Part.BOTH);
        Named down = parts.get(MigrationFileName.Part.DOWN);
        Named verify = parts.get(MigrationFileName.Part.VERIFY);
        if (up != null && both != null) {
            duplicate(up, both, problems);
            return Optional.empty();
        }
        if (both != null && down != null) {
            duplicate(both, down, problems);
            return Optional.empty();
        }
        Named main = up != null ? up : both;
        if (main == null) {
            for (Named orphan : companions()) {
                problems.badName(
                        orphan.script().file() + " has no up file; expected " + upName(orphan.name()) + " beside it");
            }
            return Optional.empty();
        }
        for (Named companion : companions()) {
            if (!companion.name().flyway()
                    && !companion.name().name().equals(main.name().name())) {
                problems.badName(companion.script().file() + " does not bear the name of "
                        + main.script().file() + "; expected " + main.name().versionText() + "_"
                        + main.name().name() + companion.name().part().suffix);
                return Optional.empty();
            }
        }
        MigrationScript verifyScript = verify == null ? null : whole(verify);
        if (up != null) {
            return migration(up, whole(up), down == null ? null : whole(down), verifyScript);
        }
        return fromSections(main, verifyScript, problems);
    }

    /** Instead of the migration of this version and those below it, where nothing is applied yet. */
    Optional<LocalMigration> baseline() {
        return Optional.ofNullable(parts.get(MigrationFileName.Part.BASELINE)).map(named -> {
            MigrationFileName.Valid name = named.name();
            return new LocalMigration.Sql(
                    SqlMigration.baseline(name.versionText(), name.name(), whole(named)), name.version());
        });
    }

    /** All that are parts of one migration. */
    private List<Named> companions() {
        return parts.values().stream()
                .filter(named -> named.name().part() != MigrationFileName.Part.BASELINE)
                .toList();
    }

    private static String upName(MigrationFileName.Valid name) {
        return name.flyway()
                ? "V" + name.versionText() + "__" + name.name() + ".sql"
                : name.versionText() + "_" + name.name() + ".up.sql";
    }

    private static MigrationScript whole(Named named) {
        return MigrationScript.wholeFile(named.script());
    }

    private static Optional<LocalMigration> fromSections(
            Named both, @Nullable MigrationScript verify, FileProblems problems) {
        MigrationFiles.Script script = both.script();
        ScriptSections sections;
        try (InputStream in = script.resource().getInputStream()) {
            sections = ScriptSections.scan(script.file(), in);
        } catch (IOException e) {
            throw MigrationScript.unreadable(script.file(), e);
        } catch (SqlScriptException e) {
            throw new MigrationException(
                    e.code(),
                    e.file() + ":" + e.line() + ":" + e.column() + ": " + e.problem() + ". Nothing was run",
                    e.hint(),
                    MigrationException.Place.of(
                            both.name().versionText() + "_" + both.name().name(), e.file(), e.line(), e.column()),
                    e);
        }
        if (!sections.marked()) {
            problems.badName(script.file() + " has no line \"-- migrate:up\"; expected that line, or the name "
                    + both.name().versionText() + "_" + both.name().name() + ".up.sql");
            return Optional.empty();
        }
        MigrationScript up = new MigrationScript(
                script.file(),
                script.resource(),
                ScriptSection.UP,
                sections.upStart(),
                sections.upEnd() - sections.upStart(),
                script.placeholders());
        MigrationScript down = sections.downStart() < 0
                ? null
                : new MigrationScript(
                        script.file(),
                        script.resource(),
                        ScriptSection.DOWN,
                        sections.downStart(),
                        sections.downEnd() - sections.downStart(),
                        script.placeholders());
        return migration(both, up, down, verify);
    }

    private static Optional<LocalMigration> migration(
            Named main, MigrationScript up, @Nullable MigrationScript down, @Nullable MigrationScript verify) {
        MigrationFileName.Valid name = main.name();
        return Optional.of(new LocalMigration.Sql(
                new SqlMigration(name.versionText(), name.name(), up, down, verify), name.version()));
    }
}
