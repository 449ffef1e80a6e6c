package io.confiture.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Makes the file that is to take another's place once it is whole. Unlike a temporary file it is no secret: who may read it
 * is what the umask says.
 *
 * @since 0.1.0
 */
public final class UnfinishedFile {
    private UnfinishedFile() {}

    /** An empty file of a name that nobody else has, beside the target; to be moved or deleted by the caller. */
    public static Path beside(Path target) throws IOException {
        Path file = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                .close();
        return file;
    }
}
