package io.confiture.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A folder with configuration files, read with variables of its own. */
record ConfigProject(Path folder) {

    ConfigProject write(String name, String text) {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    ConfigProject write(String name, byte[] content) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** A confiture.yaml whose environment "local" has these lines. */
    ConfigProject local(String block) {
        return write("confiture.yaml", "version: 1\nenvironments:\n  local:\n" + block.indent(4));
    }

    /** As with a caller that names folder and environment, or leaves one or both to the variables. */
    Config load(@Nullable Path from, @Nullable String environment, Map<String, String> variables) {
        return new ConfigLoader(variables::get).load(from, environment);
    }

    Config load(Map<String, String> variables) {
        return load(folder, "local", variables);
    }

    Config load() {
        return load(Map.of());
    }
}
