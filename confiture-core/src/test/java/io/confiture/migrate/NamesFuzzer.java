package io.confiture.migrate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;

/** Gives Jazzer's text as the name of a file, and as a file to be summed. */
final class NamesFuzzer {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    private NamesFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        for (String name : new String[] {text, text + ".sql", text + ".up.sql", text + ".sql.conf"}) {
            checkName(name);
        }
        try {
            checkChecksum(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkName(String name) {
        boolean configuration = FlywayFileName.isConfiguration(name);
        if (MigrationFileName.isScript(name)) {
            checkSuggestion(name, MigrationFileName.parse(name, CLOCK), false);
            checkSuggestion(name, FlywayFileName.parse(name, CLOCK), true);
        } else if (configuration) {
            FlywayFileName.parse(name, CLOCK);
        }
    }

    /** Who follows the advice has a name that is read. */
    private static void checkSuggestion(String name, MigrationFileName parsed, boolean flyway) {
        if (parsed instanceof MigrationFileName.Broken broken && MigrationFileName.isScript(broken.suggestion())) {
            String advice = broken.suggestion();
            MigrationFileName better =
                    flyway ? FlywayFileName.parse(advice, CLOCK) : MigrationFileName.parse(advice, CLOCK);
            // "R__{name}.sql" is a form, not a name.
            if (better instanceof MigrationFileName.Broken && !advice.contains("{")) {
                throw new AssertionError("\"" + name + "\" " + broken + ", and then " + better);
            }
        }
    }

    private static void checkChecksum(byte[] file) throws IOException {
        String all = new String(file, ISO_8859_1);
        String mark = "\u00EF\u00BB\u00BF";
        String unified = (all.startsWith(mark) ? all.substring(mark.length()) : all).replace("\r\n", "\n");
        String normalized = sha256(unified.getBytes(ISO_8859_1));
        int half = file.length / 2;
        Checksum whole = Checksum.of(new ByteArrayInputStream(file), 0, -1);
        Checksum parts = Checksum.of(
                new SequenceInputStream(
                        new ByteArrayInputStream(file, 0, half),
                        new ByteArrayInputStream(file, half, file.length - half)),
                0,
                file.length);
        if (!whole.equals(new Checksum(normalized, sha256(file))) || !parts.equals(whole)) {
            throw new AssertionError("Checksum " + whole + ", in two parts " + parts);
        }
    }

    private static String sha256(byte[] bytes) {
        MessageDigest digest = Checksum.sha256();
        return HexFormat.of().formatHex(digest.digest(bytes));
    }
}
