package io.confiture.build;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens files in their order, while another thread reads some that follow: of many small files it is the system's opening
 * that takes the time. What is kept is bounded; a large file, and one that cannot be read, is opened when its turn comes.
 * For use by one thread.
 */
final class ReadAhead implements AutoCloseable {
    /** Fewer files are read before a thread has begun. */
    private static final int WORTHWHILE = 64;

    private static final int FILES_KEPT = 256;
    private static final int LARGEST_KEPT = 16 * 1024;
    /** Stands for a file that is opened when its turn comes. */
    private static final byte[] IN_ITS_TURN = {};

    private final List<SchemaFile> files;
    /** What was read of a file, at its number modulo the length. */
    private final AtomicReferenceArray<byte[]> kept = new AtomicReferenceArray<>(FILES_KEPT);

    private final AtomicInteger unread = new AtomicInteger();
    private final boolean ahead;
    private final byte[] buffer;
    private volatile int taken;
    private volatile boolean closed;

    ReadAhead(List<SchemaFile> files) {
        this.files = files;
        this.ahead = files.size() >= WORTHWHILE && Runtime.getRuntime().availableProcessors() > 1;
        this.buffer = new byte[ahead ? LARGEST_KEPT : 0];
        if (ahead) {
            Thread thread = new Thread(this::readOn, "confiture-read-ahead");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The text of the next file, as {@link SchemaFile#open()} gives it; to be closed by the caller. */
    InputStream next() throws IOException {
        SchemaFile file = files.get(taken);
        byte[] text = ahead ? text() : IN_ITS_TURN;
        taken++;
        return text == IN_ITS_TURN ? file.open() : new ByteArrayInputStream(text);
    }

    private byte[] text() {
        int slot = taken % FILES_KEPT;
        byte[] text = kept.get(slot);
        while (text == null) {
            // Rather than wait for the other thread, this one reads what neither has begun.
            if (!readOne(buffer)) {
                LockSupport.parkNanos(1_000);
            }
            text = kept.get(slot);
        }
        kept.set(slot, null);
        return text;
    }

    private void readOn() {
        byte[] own = new byte[LARGEST_KEPT];
        while (!closed && unread.get() < files.size()) {
            if (!readOne(own)) {
                LockSupport.parkNanos(50_000);
            }
        }
    }

    /** Returns whether one was read: none is while all that may be kept is. */
    private boolean readOne(byte[] into) {
        int number = unread.get();
        if (number == files.size() || number >= taken + FILES_KEPT) {
            return false;
        }
        if (unread.compareAndSet(number, number + 1)) {
            byte[] text = IN_ITS_TURN;
            try (InputStream in = files.get(number).open()) {
                int count = in.readNBytes(into, 0, into.length);
                if (count < into.length) {
                    text = Arrays.copyOf(into, count);
                }
            } catch (IOException | RuntimeException e) {
                // Told when its turn comes, and is opened again.
            } finally {
                kept.set(number % FILES_KEPT, text);
            }
        }
        return true;
    }

    /** Ends the other thread, which may be reading one file still. */
    @Override
    public void close() {
        closed = true;
    }
}
