package io.confiture.migrate;

import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** Creates the files of a migration that is still to be written. */
final class NewMigration {
    /** What file systems take is 255 bytes, version and suffix included. */
    private static final int LONGEST_NAME = 200;

    private static final String UP = """
            -- What this migration changes, and why.
            -- confiture: empty=refuse
            -- The line above stops every run until a statement stands below.

            """;
    private static final String DOWN = """
            -- How to undo it. Without this file the migration cannot be rolled back.
            -- confiture: empty=refuse
            -- Remove the line above if there is nothing to undo.

            """;

    private final MigrationFiles files;
    private final Clock clock;

    NewMigration(MigrationFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /** {@return the up and the down file} */
    List<Path> create(String name, Path folder) {
        String cleaned = MigrationFileName.clean(name).toLowerCase(Locale.ROOT);
        if (name.codePoints().noneMatch(Character::isLetterOrDigit)
                || cleaned.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new ConfigurationException(
                    ErrorCode.BAD_FILE_NAME,
                    "\"" + name + "\" is no name of a migration: empty, or longer than " + LONGEST_NAME
                            + " bytes. Nothing was created",
                    "Say in a few words what it does, such as add_user_email.");
        }
        try {
            Files.createDirectories(folder);
            BigInteger version = new BigInteger(MigrationFileName.TIMESTAMP.format(clock.instant()));
            BigInteger newest = newest(folder);
            return write(folder, newest.compareTo(version) < 0 ? version : newest.add(BigInteger.ONE), cleaned);
        } catch (IOException e) {
            throw new ConfigurationException(
                    ErrorCode.LOCATION_MISSING,
                    "No migration could be created in " + folder + ": " + e,
                    "Check that it is a folder that may be written to.",
                    e);
        }
    }

    /** The first number of the newest version, of those that are read and of those that lie in the folder. */
    private BigInteger newest(Path folder) throws IOException {
        try (Stream<Path> beside = Files.list(folder)) {
            return Stream.concat(
                            beside.flatMap(NewMigration::version),
                            files.load().stream().map(LocalMigration::version).filter(Objects::nonNull))
                    .map(NewMigration::firstNumber)
                    .reduce(BigInteger.ZERO, BigInteger::max);
        }
    }

    private static Stream<Version> version(Path file) {
        String fileName = String.valueOf(file.getFileName());
        int underscore = fileName.indexOf('_');
        return underscore < 0 ? Stream.empty() : Version.parse(fileName.substring(0, underscore)).stream();
    }

    private static BigInteger firstNumber(Version version) {
        return version.numbers().isEmpty()
                ? BigInteger.ZERO
                : new BigInteger("0" + version.numbers().get(0));
    }

    private static boolean isThere(Path folder, BigInteger version) throws IOException {
        try (Stream<Path> beside = Files.list(folder)) {
            return beside.flatMap(NewMigration::version)
                    .map(NewMigration::firstNumber)
                    .anyMatch(version::equals);
        }
    }

    private static List<Path> write(Path folder, BigInteger first, String name) throws IOException {
        for (BigInteger version = first; ; version = version.add(BigInteger.ONE)) {
            // Whoever creates this file has the version, whatever the migrations are called. One that a process leaves
            // behind when it dies costs nothing but its version.
            Path mine = folder.resolve("." + version + ".new");
            try {
                Files.createFile(mine);
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            try {
                // It may have come, and its mark have gone, since the newest was looked for.
                if (!isThere(folder, version)) {
                    return write(
                            folder.resolve(version + "_" + name + ".up.sql"),
                            folder.resolve(version + "_" + name + ".down.sql"));
                }
            } finally {
                Files.delete(mine);
            }
        }
    }

    private static List<Path> write(Path up, Path down) throws IOException {
        Files.writeString(up, UP, StandardOpenOption.CREATE_NEW);
        try {
            Files.writeString(down, DOWN, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            Files.delete(up);
            throw e;
        }
        return List.of(up, down);
    }
}
