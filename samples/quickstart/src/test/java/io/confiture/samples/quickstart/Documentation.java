package io.confiture.samples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The code blocks of the documentation. Behind its language, the first line of a block says where the block comes from: a
 * file of the repository, a marked part of one ({@code File.java#part}, between {@code // part} and {@code // end}), or the
 * request that a JSON block answers.
 */
final class Documentation {
    /** Tests run in the module's folder. */
    static final Path ROOT = Path.of("../..");

    private Documentation() {}

    /** Every page for users and contributors. */
    static List<Path> files() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                    .map(Path::of),
                            docs.filter(file -> file.toString().endsWith(".md"))
                                    .sorted()
                                    .map(ROOT::relativize))
                    .toList();
        }
    }

    record Block(Path file, int line, String language, String source, String text) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    static Stream<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path file : files()) {
            List<String> lines = Files.readAllLines(ROOT.resolve(file));
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("```")) {
                    String[] info = lines.get(i).substring(3).split(" ", 2);
                    int begin = i + 1;
                    do {
                        i++;
                    } while (!lines.get(i).equals("```"));
                    blocks.add(new Block(
                            file,
                            begin,
                            info[0],
                            info.length == 2 ? info[1] : "",
                            String.join("\n", lines.subList(begin, i))));
                }
            }
        }
        return blocks.stream();
    }

    /** What a source names: the file's text or the marked part of it, without common indentation. */
    static String read(String source) throws IOException {
        int hash = source.indexOf('#');
        if (hash < 0) {
            return Files.readString(ROOT.resolve(source)).stripTrailing();
        }
        String part = source.substring(hash + 1);
        List<String> lines = Files.readAllLines(ROOT.resolve(source.substring(0, hash)));
        List<String> bare = lines.stream()
                .map(line -> line.strip().replaceFirst("^(?:<!-- (.*) -->|# (.*))$", "// $1$2"))
                .toList();
        int begin = bare.indexOf("// " + part);
        if (begin < 0) {
            throw new IOException("No part " + source);
        }
        int end = begin + bare.subList(begin, bare.size()).indexOf("// end");
        return String.join("\n", lines.subList(begin + 1, end)).stripIndent().stripTrailing();
    }
}
