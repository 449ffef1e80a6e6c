package io.confiture.samples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The test classes of all modules, as they are written. */
final class TestSources {
    private static final Pattern TEST = Pattern.compile("@(?:Test|ParameterizedTest|RepeatedTest)\\b");
    private static final Pattern METHOD = Pattern.compile("\\bvoid (\\w+)\\(");

    private TestSources() {}

    static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path modules : List.of(Documentation.ROOT, Documentation.ROOT.resolve("samples"))) {
            try (Stream<Path> folders = Files.list(modules)) {
                for (Path sources : folders.map(folder -> folder.resolve("src/test/java"))
                        .filter(Files::isDirectory)
                        .toList()) {
                    try (Stream<Path> found = Files.walk(sources)) {
                        found.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
                    }
                }
            }
        }
        return files;
    }

    /** Every test as {@code Class#method}, with the file that it stands in. */
    static Map<String, Path> tests() throws IOException {
        Map<String, Path> tests = new TreeMap<>();
        for (Path file : files()) {
            String type = file.getFileName().toString().replace(".java", "");
            // A test and its annotations stand together, between empty lines.
            for (String paragraph : Files.readString(file).split("\n\n")) {
                Matcher method = METHOD.matcher(paragraph);
                if (TEST.matcher(paragraph).find() && method.find()) {
                    tests.put(type + "#" + method.group(1), file);
                }
            }
        }
        return tests;
    }
}
