package io.confiture.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    @Test
    void filesOfAllSizesComeInTheirOrder() throws IOException {
        List<SchemaFile> files =
                files(1_000, number -> new ByteArrayInputStream(text(number).getBytes(StandardCharsets.UTF_8)));
        List<String> read = new ArrayList<>();
        try (ReadAhead ahead = new ReadAhead(files)) {
            for (int i = 0; i < files.size(); i++) {
                try (InputStream in = ahead.next()) {
                    read.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(read)
                .isEqualTo(
                        IntStream.range(0, 1_000).mapToObj(ReadAheadTest::text).toList());
    }

    /** Sizes from nothing to beyond what is kept of a file, and the one that fills it. */
    private static String text(int number) {
        int size = number % 10 == 0 ? 16 * 1024 : number % 10 == 1 ? 40_000 : number % 7 * 100;
        return (number + ";").repeat(size).substring(0, size);
    }

    @Test
    void noMoreFilesAreReadThanMayBeKept() throws IOException {
        AtomicInteger opened = new AtomicInteger();
        List<SchemaFile> files = files(5_000, number -> {
            opened.incrementAndGet();
            return new ByteArrayInputStream(new byte[10]);
        });
        int furthest = 0;
        try (ReadAhead ahead = new ReadAhead(files)) {
            for (int i = 0; i < files.size(); i++) {
                ahead.next().close();
                furthest = Math.max(furthest, opened.get() - i);
            }
        }
        assertThat(furthest).isLessThanOrEqualTo(257);
        assertThat(opened).hasValue(files.size());
    }

    @Test
    void aFileThatCannotBeReadIsToldInItsTurn() throws IOException {
        List<SchemaFile> files = files(500, number -> {
            if (number == 300) {
                throw new FileNotFoundException("gone");
            }
            if (number == 400) {
                throw new IllegalStateException("closed");
            }
            return new ByteArrayInputStream(new byte[] {(byte) number});
        });
        try (ReadAhead ahead = new ReadAhead(files)) {
            for (int i = 0; i < 300; i++) {
                assertThat(ahead.next().readAllBytes()).containsExactly((byte) i);
            }
            assertThatThrownBy(ahead::next)
                    .isInstanceOf(FileNotFoundException.class)
                    .hasMessage("gone");
        }
        assertThatThrownBy(() -> SchemaHash.of(files, HashAlgorithm.SHA256))
                .hasMessageContaining("300.sql cannot be read: gone");
        assertThatThrownBy(() -> SchemaHash.of(files.subList(400, 500), HashAlgorithm.SHA256))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
    }

    @Test
    void theOtherThreadEndsWhenItsFilesAreReadAndWhenNobodyReadsThem() throws IOException {
        List<SchemaFile> files = files(2_000, number -> new ByteArrayInputStream(new byte[10]));
        SchemaHash.of(files, HashAlgorithm.SHA256);
        try (ReadAhead ahead = new ReadAhead(files)) {
            ahead.next().close();
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("confiture-read-ahead")));
    }

    private static List<SchemaFile> files(int count, Opening opening) {
        return IntStream.range(0, count)
                .mapToObj(number -> new SchemaFile(number + ".sql", number + ".sql", false, () -> opening.open(number)))
                .toList();
    }

    @FunctionalInterface
    private interface Opening {
        InputStream open(int number) throws IOException;
    }
}
