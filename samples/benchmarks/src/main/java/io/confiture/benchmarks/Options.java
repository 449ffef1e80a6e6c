package io.confiture.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code --n 100,1000 --repeats 5 --cold 3 --tools confiture,flyway-newest,flyway-boot,liquibase}.
 *
 * @param sizes how many migrations
 * @param repeats how many warm runs; 0 leaves them out
 * @param cold how many first runs, each in a new JVM
 * @param tools what to compare
 */
record Options(List<Integer> sizes, int repeats, int cold, List<Tool> tools) {
    static Options parse(String[] args) {
        // The build hands everything over as one argument.
        List<String> words = Arrays.stream(args)
                .flatMap(arg -> Arrays.stream(arg.trim().split("\\s+")))
                .filter(word -> !word.isEmpty())
                .toList();
        List<Integer> sizes = List.of(100, 1000);
        int repeats = 5;
        int cold = 3;
        List<Tool> tools = List.of(Tool.values());
        for (int i = 0; i < words.size(); i += 2) {
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(words.get(i) + " needs a value");
            }
            String value = words.get(i + 1);
            switch (words.get(i)) {
                case "--n" -> sizes = split(value).map(Integer::valueOf).toList();
                case "--repeats" -> repeats = Integer.parseInt(value);
                case "--cold" -> cold = Math.max(1, Integer.parseInt(value));
                case "--tools" ->
                    tools = new ArrayList<>(split(value).map(Tool::of).toList());
                default ->
                    throw new IllegalArgumentException(
                            "Unknown option " + words.get(i) + "; known: --n --repeats --cold --tools");
            }
        }
        return new Options(sizes, repeats, cold, List.copyOf(tools));
    }

    private static Stream<String> split(String value) {
        return Arrays.stream(value.split(","));
    }
}
