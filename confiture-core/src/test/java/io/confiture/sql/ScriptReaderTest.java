package io.confiture.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ScriptReaderTest {
    @Test
    void closesTheStream() {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream in = new ByteArrayInputStream(new byte[0]) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        ScriptReader.open("x", in, ScriptSection.WHOLE).close();
        assertThat(closed).isTrue();
    }

    @Test
    void aStreamThatFailsNamesTheFile() {
        InputStream in = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return read();
            }
        };
        ScriptReader reader = ScriptReader.open("x.sql", in, ScriptSection.WHOLE);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(reader::next)
                .withMessageContaining("x.sql");
    }

    @Test
    void aStreamMayGiveFewBytesAtATime() {
        InputStream in =
                new ByteArrayInputStream("SELECT $a$é$a$; COPY t FROM stdin;\n1\n\\.\nSELECT 2".getBytes(UTF_8)) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(length, 1));
                    }
                };
        try (ScriptReader reader = ScriptReader.open("x", in, ScriptSection.WHOLE)) {
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("SELECT $a$é$a$");
            assertThat(Objects.requireNonNull(reader.next()).copiesIn()).isTrue();
            assertThat(Objects.requireNonNull(reader.next()).text()).isEqualTo("SELECT 2");
            assertThat(reader.next()).isNull();
            assertThat(reader.next()).isNull();
        }
    }
}
