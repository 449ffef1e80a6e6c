package io.confiture.build;

import io.confiture.config.Config;
import io.confiture.config.IncludeDir;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A project whose sources a test writes, with one include entry {@code db/schema} unless said otherwise. */
record SourceTree(Path project) {

    SourceTree write(String path, String text) {
        return write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    SourceTree write(String path, byte[] bytes) {
        try {
            Path file = project.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty files below {@code db/schema}. */
    SourceTree files(String... names) {
        for (String name : names) {
            write("db/schema/" + name, "");
        }
        return this;
    }

    SchemaBuilder builder() {
        return builder(config -> {});
    }

    SchemaBuilder builder(Consumer<Config.Builder> settings) {
        Config.Builder config = Config.builder().projectDir(project);
        settings.accept(config);
        return SchemaBuilder.of(config.build());
    }

    SchemaBuilder including(IncludeDir... entries) {
        return builder(config -> config.includeDirs(List.of(entries)));
    }

    static List<String> names(SchemaBuilder builder) {
        List<String> names = new ArrayList<>();
        builder.findSqlFiles().forEach(file -> names.add(file.name()));
        return names;
    }
}
