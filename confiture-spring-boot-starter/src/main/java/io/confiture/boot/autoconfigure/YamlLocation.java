package io.confiture.boot.autoconfigure;

import io.confiture.config.Config;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * The place of a {@code confiture.yaml}: a file, a folder that holds one or its older form, or a file on the class path.
 *
 * @param text as it was said; relative to the working directory
 */
record YamlLocation(String text) {
    private static final String CLASSPATH = "classpath:";

    private boolean onClassPath() {
        return text.startsWith(CLASSPATH);
    }

    private Path path() {
        return Path.of(text.startsWith("file:") ? text.substring("file:".length()) : text);
    }

    boolean exists(ResourceLoader resources) {
        if (onClassPath()) {
            return resources.getResource(text).exists();
        }
        Path path = path();
        return Files.isDirectory(path)
                ? Files.exists(path.resolve("confiture.yaml")) || Files.isDirectory(path.resolve("db/environments"))
                : Files.exists(path);
    }

    /**
     * What it says, as properties with the prefix.
     *
     * @param environment null for the one that the variables of the process name, or {@code local}
     */
    YamlPropertySource read(String prefix, @Nullable String environment, ResourceLoader resources) {
        if (!exists(resources)) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "There is no configuration " + text + ", which " + prefix + ".config names. Nothing was done",
                    "Correct it: a file, or a folder that holds a confiture.yaml, relative to the working directory "
                            + Path.of("").toAbsolutePath() + "; or classpath: and a file.");
        }
        if (onClassPath()) {
            return ofClassPath(prefix, environment, resources.getResource(text));
        }
        Path path = path();
        boolean folder = Files.isDirectory(path);
        Config config = folder ? Config.load(path, environment) : Config.loadFile(path, environment);
        YamlPropertySource properties =
                new YamlProperties(new YamlPropertySource(prefix, text, environment), config, said -> said).read();
        properties.claim("project-dir", text);
        properties.put("project-dir", config.projectDir().toAbsolutePath().normalize());
        return withEnvironment(properties, config);
    }

    private YamlPropertySource ofClassPath(String prefix, @Nullable String environment, Resource file) {
        String folder = text.substring(0, Math.max(text.lastIndexOf('/') + 1, CLASSPATH.length()));
        try (InputStream content = file.getInputStream()) {
            Config config = Config.read(text, content, Path.of(""), environment);
            return withEnvironment(
                    new YamlProperties(
                                    new YamlPropertySource(prefix, text, environment),
                                    config,
                                    said -> said.matches("[a-z*]+:.*") ? said : folder + said)
                            .read(),
                    config);
        } catch (IOException e) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION, text + " cannot be read: " + e.getMessage(), null, e);
        }
    }

    /** The environment that was chosen; where properties say it, they have chosen it. */
    private static YamlPropertySource withEnvironment(YamlPropertySource properties, Config config) {
        properties.put("environment", config.environment());
        return properties;
    }
}
