package io.confiture.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.confiture.sql.Placeholders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ByteArrayResource;

class ChecksumTest {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8189, 8190, 8191, 8192, 8193, 16383, 16384, 100_000})
    void lineEndsAndByteOrderMarkDoNotCountWhereverTheTextIsCutForReading(int length) throws IOException {
        String before = "x".repeat(length);
        Checksum windows = checksum(BYTE_ORDER_MARK + before + "\r\ny\rz\r\n", -1);
        assertThat(windows.normalized()).isEqualTo(sha256(before + "\ny\rz\n"));
        assertThat(windows.raw()).isEqualTo(sha256(BYTE_ORDER_MARK + before + "\r\ny\rz\r\n"));
        assertThat(checksum(before + "\r", -1).normalized()).isEqualTo(sha256(before + "\r"));
        assertThat(checksum(before + "yz", length).raw()).isEqualTo(sha256(before));
    }

    @Test
    void aRunThatComparesTwiceReadsAFileOnce() {
        AtomicInteger reads = new AtomicInteger();
        ByteArrayResource resource = new ByteArrayResource("SELECT 1;".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public InputStream getInputStream() throws IOException {
                reads.incrementAndGet();
                return super.getInputStream();
            }
        };
        MigrationScript script =
                MigrationScript.wholeFile(new MigrationFiles.Script("1_a.up.sql", resource, Placeholders.NONE));
        LocalMigration migration = new LocalMigration.Sql(
                new SqlMigration("1", "a", script, null, null),
                Version.parse("1").orElseThrow());
        assertThat(migration.checksum()).isEqualTo(migration.checksum()).isEqualTo(script.checksum());
        assertThat(reads).hasValue(2); // the migration's, and the script's own
    }

    private static Checksum checksum(String text, long length) throws IOException {
        return Checksum.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 0, length);
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(Checksum.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
