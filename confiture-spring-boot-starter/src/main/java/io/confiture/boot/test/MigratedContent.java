package io.confiture.boot.test;

import io.confiture.build.DatabaseContent;
import io.confiture.migrate.Migrator;
import io.confiture.resource.FolderContents;
import io.confiture.resource.FoundFile;
import io.confiture.resource.Location;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * What SQL migrations make of an empty database.
 *
 * @param placeholders the values of placeholders, which may be secrets
 */
record MigratedContent(List<String> locations, Map<String, String> placeholders) implements DatabaseContent {

    @Override
    public void create(DataSource database) {
        Migrator.builder(database)
                .locations(locations)
                .placeholders(placeholders)
                .build()
                .applyAll();
    }

    /** Changes with every name and byte of the files, and every value. */
    String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            FolderContents contents = new FolderContents(null);
            for (String location : locations) {
                List<FoundFile> files =
                        new ArrayList<>(contents.files(Location.of(location, Path.of("")), true, name -> true)
                                .orElse(List.of()));
                files.sort(Comparator.comparing(FoundFile::path));
                for (FoundFile file : files) {
                    digest.update((file.path() + "\0").getBytes(StandardCharsets.UTF_8));
                    try (InputStream in = file.resource().getInputStream()) {
                        digest.update(in.readAllBytes());
                    }
                    digest.update((byte) 0);
                }
            }
            digest.update(placeholders.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .toList()
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the values. */
    @Override
    public String toString() {
        return "migrations of " + String.join(", ", locations);
    }
}
