package io.confiture.migrate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The checksum that Flyway keeps of a script: CRC-32 of its lines without their ends and without a byte order mark. */
final class FlywayChecksum {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private FlywayChecksum() {}

    static int of(MigrationScript script) {
        CRC32 crc = new CRC32();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(script.resource().getInputStream(), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            if (line != null && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
            for (; line != null; line = reader.readLine()) {
                crc.update(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw MigrationScript.unreadable(script.file(), e);
        }
        return (int) crc.getValue();
    }
}
