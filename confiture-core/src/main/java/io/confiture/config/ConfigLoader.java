package io.confiture.config;

import io.confiture.config.Shape.Block;
import io.confiture.config.Shape.Named;
import io.confiture.error.ConfigurationException;
import io.confiture.error.ErrorCode;
import io.confiture.postgres.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the file of an environment, reads it, and puts the variables of the process in. */
final class ConfigLoader {
    private static final String FILE = "confiture.yaml";
    private static final String FOLDER = "db/environments/";
    private static final String EXTENSION = ".yaml";
    private static final String URL_VARIABLE = "CONFITURE_DATABASE_URL";
    private static final String URL_SETTING = "database.url";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final int MAX_BYTES = 4_000_000;

    private static final Block TOP = new Block(List.of(
            new Shape.Key("version", Shape.TEXT, "The version of the file's form, 1"),
            new Shape.Key("environments", new Named(Keys.ENVIRONMENT), "")));

    private final Function<String, @Nullable String> variables;

    ConfigLoader(Function<String, @Nullable String> variables) {
        this.variables = variables;
    }

    private String variable(String name, String otherwise) {
        String value = variables.apply(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /** What is null is said by the variables of the process, or is the usual. */
    Config load(@Nullable Path folder, @Nullable String environment) {
        Path project = folder == null ? Path.of(variable("CONFITURE_PROJECT_DIR", "")) : folder;
        String name = named(environment);
        boolean isExplicit = folder != null || environment != null;
        Path one = project.resolve(FILE);
        Path own = project.resolve(FOLDER + name + EXTENSION);
        Map<String, Node.Mapping> shared = Files.exists(one) ? environments(parsed(FILE, one)) : Map.of();
        Node.Mapping block = shared.get(name);
        if (Files.exists(own)) {
            String file = FOLDER + name + EXTENSION;
            if (block != null) {
                throw block.position()
                        .error(
                                "the environment " + name + " is said here and in " + file,
                                "Remove one of the two: neither wins.");
            }
            block = parsed(file, own);
            checkEnvironment(block);
        }
        if (block == null) {
            throw missing(project, name, shared);
        }
        return configured(block, name, project, isExplicit);
    }

    /** A file that the caller names, in either form. */
    Config loadFile(String file, InputStream content, Path project, @Nullable String environment) {
        Node.Mapping root = parsed(file, content);
        if (root.get("version") != null || root.get("environments") != null) {
            Map<String, Node.Mapping> all = environments(root);
            String name = named(environment);
            Node.Mapping block = all.get(name);
            if (block == null) {
                throw KeyCheck.unknown("environment", name, root.position(), file, all.keySet());
            }
            return configured(block, name, project, true);
        }
        String last = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        String name = environment == null ? last.replaceFirst("[.]ya?ml$", "") : environment;
        checkEnvironment(root);
        return configured(root, name, project, true);
    }

    private String named(@Nullable String environment) {
        String name = environment == null ? variable("CONFITURE_ENV", "local") : environment;
        if (!NAME.matcher(name).matches()) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "'" + name + "' is no name of an environment",
                    "Use letters, digits, dots, dashes and underscores.");
        }
        return name;
    }

    private static Node.Mapping parsed(String file, Path path) {
        try (InputStream content = Files.newInputStream(path)) {
            return parsed(file, content);
        } catch (IOException e) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION, file + " cannot be read: " + e.getMessage(), null, e);
        }
    }

    private static Node.Mapping parsed(String file, InputStream content) {
        try {
            byte[] bytes = content.readNBytes(MAX_BYTES);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return YamlReader.read(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(ErrorCode.INVALID_CONFIGURATION, file + " is not in UTF-8", null, e);
        } catch (IOException e) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION, file + " cannot be read: " + e.getMessage(), null, e);
        }
    }

    /** The environments of the one file, all of them checked as far as that goes without variables. */
    private static Map<String, Node.Mapping> environments(Node.Mapping root) {
        root.entries().forEach((key, entry) -> {
            if (Keys.ENVIRONMENT.keys().stream().anyMatch(known -> known.name().equals(key))) {
                throw entry.key()
                        .error(
                                key + " belongs to an environment",
                                "Write it below environments and the name of one, or move the file to " + FOLDER
                                        + "<name>" + EXTENSION + ".");
            }
        });
        new KeyCheck(false).check(TOP, root, "");
        if (!(root.get("version") instanceof Node.Scalar version)) {
            throw root.position().error("version is missing", "Begin the file with version: 1.");
        }
        if (!version.text().equals("1")) {
            throw version.position().error("this version of the form is not known", "Write version: 1.");
        }
        Map<String, Node.Mapping> environments = new TreeMap<>();
        if (root.get("environments") instanceof Node.Mapping all) {
            all.entries().forEach((name, entry) -> environments.put(name, (Node.Mapping) entry.value()));
        }
        return environments;
    }

    private static void checkEnvironment(Node.Mapping block) {
        new KeyCheck(false).check(Keys.ENVIRONMENT, block, "");
    }

    private static ConfigurationException missing(Path project, String name, Map<String, Node.Mapping> shared) {
        List<String> names = new ArrayList<>(shared.keySet());
        try (Stream<Path> files = Files.list(project.resolve(FOLDER))) {
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(EXTENSION))
                    .forEach(file -> names.add(file.substring(0, file.length() - EXTENSION.length())));
        } catch (IOException e) {
            // There need not be such a folder.
        }
        String where = "neither in " + FILE + " nor as " + FOLDER + name + EXTENSION + " in "
                + project.toAbsolutePath().normalize();
        if (names.isEmpty()) {
            String other = Files.exists(project.resolve("confiture.yml"))
                    ? "confiture.yml is not read: name it confiture.yaml."
                    : "Name the folder of the project, or write one with Confiture.forProject(folder).init().";
            return new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION, "There is no environment " + name + ": " + where, other);
        }
        return new ConfigurationException(
                ErrorCode.INVALID_CONFIGURATION,
                "There is no environment " + name + ": " + where,
                KeyCheck.nearest(name, names));
    }

    private Config configured(Node.Mapping block, String name, Path project, boolean isExplicit) {
        String url = variable(URL_VARIABLE, "");
        Settings said = new Settings(block);
        if (url.isEmpty()) {
            return read(block, name, project).build();
        }
        for (String key : List.of("database", "database_url")) {
            if (isExplicit && said.has(key)) {
                throw said.position(key)
                        .error(
                                "the database is said here and in the environment variable " + URL_VARIABLE,
                                "Unset the variable, or remove " + key + ": neither wins.");
            }
        }
        Config.Builder builder = read(block.without("database", "database_url"), name, project);
        try {
            builder.database(DatabaseUrl.parse(url));
        } catch (ConfigurationException e) {
            throw new ConfigurationException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "The environment variable " + URL_VARIABLE + " leads to no database: " + Position.reason(e),
                    e.hint());
        }
        return builder.origin(URL_SETTING, "environment variable " + URL_VARIABLE)
                .build();
    }

    private Config.Builder read(Node.Mapping block, String name, Path project) {
        Node.Mapping expanded = block.map(new Variables(variables)::expand);
        new KeyCheck(true).check(Keys.ENVIRONMENT, expanded, "");
        return new EnvironmentReader(new Settings(expanded), name).read().projectDir(project);
    }
}
