package io.confiture.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param workloads what is measured
 * @param sizes how many migrations, one table each
 * @param alone as {@code sizes}, with Confiture alone
 * @param durable as {@code sizes}, on a server whose commits wait for the disk
 * @param repeats runs in a JVM that has run the tool before
 * @param cold runs that are the first of a new JVM
 * @param tools what to compare up to {@link #LARGE} migrations
 * @param dumps texts to split beside the generated ones
 * @param files how many files of a schema
 * @param corpus the folder above {@code sakila}; null to leave it out
 * @param python an interpreter that has the original; null to leave it out
 * @param markdown where the tables are written as well
 */
record Options(
        Set<String> workloads,
        List<Integer> sizes,
        List<Integer> alone,
        List<Integer> durable,
        int repeats,
        int cold,
        List<Tool> tools,
        List<Path> dumps,
        List<Integer> files,
        @Nullable Path corpus,
        @Nullable String python,
        @Nullable Path markdown) {

    static final String MIGRATIONS = "migrations";
    static final String CONTEXT = "context";
    static final String SPLIT = "split";
    static final String SCHEMA = "schema";

    /** Beyond it, applying takes long enough to be measured once, in a new JVM, and with fewer tools. */
    static final int LARGE = 1000;

    private static final List<Tool> TOOLS_IF_LARGE = List.of(Tool.BARE, Tool.CONFITURE, Tool.FLYWAY_BOOT);
    private static final Set<String> WORKLOADS = Set.of(MIGRATIONS, CONTEXT, SPLIT, SCHEMA);
    private static final List<String> KNOWN = List.of(
            "--workloads",
            "--n",
            "--alone",
            "--durable",
            "--repeats",
            "--cold",
            "--tools",
            "--dumps",
            "--files",
            "--corpus",
            "--python",
            "--markdown");

    static Options parse(String[] args) {
        // The build hands everything over as one argument.
        List<String> words = Arrays.stream(args)
                .flatMap(arg -> Arrays.stream(arg.trim().split("\\s+")))
                .filter(word -> !word.isEmpty())
                .toList();
        for (int i = 0; i < words.size(); i += 2) {
            if (!KNOWN.contains(words.get(i))) {
                throw new IllegalArgumentException("Unknown option " + words.get(i) + "; known: " + KNOWN);
            }
            if (i + 1 == words.size()) {
                throw new IllegalArgumentException(words.get(i) + " needs a value");
            }
        }
        Set<String> workloads = Set.copyOf(list(words, "--workloads", MIGRATIONS));
        if (!WORKLOADS.containsAll(workloads)) {
            throw new IllegalArgumentException("Unknown workload among " + workloads + "; known: " + WORKLOADS);
        }
        List<String> tools = list(words, "--tools", "");
        String corpus = value(words, "--corpus", "");
        String python = value(words, "--python", "");
        String markdown = value(words, "--markdown", "");
        return new Options(
                workloads,
                numbers(words, "--n", "100"),
                numbers(words, "--alone", ""),
                numbers(words, "--durable", ""),
                Integer.parseInt(value(words, "--repeats", "1")),
                Math.max(1, Integer.parseInt(value(words, "--cold", "1"))),
                tools.isEmpty()
                        ? List.of(Tool.values())
                        : tools.stream().map(Tool::of).toList(),
                list(words, "--dumps", "").stream().map(Path::of).toList(),
                numbers(words, "--files", "100"),
                corpus.isEmpty() ? null : Path.of(corpus),
                python.isEmpty() ? null : python,
                markdown.isEmpty() ? null : Path.of(markdown));
    }

    List<Tool> toolsFor(int size) {
        return size <= LARGE
                ? tools
                : tools.stream().filter(TOOLS_IF_LARGE::contains).toList();
    }

    List<Tool> toolsIfDurable() {
        return tools.stream().filter(TOOLS_IF_LARGE::contains).toList();
    }

    int coldFor(int size) {
        return size <= LARGE ? cold : 1;
    }

    private static String value(List<String> words, String option, String otherwise) {
        int at = words.indexOf(option);
        return at < 0 ? otherwise : words.get(at + 1);
    }

    /** {@code none} is the empty list. */
    private static List<String> list(List<String> words, String option, String otherwise) {
        return Stream.of(value(words, option, otherwise).split(","))
                .filter(word -> !word.isEmpty() && !word.equals("none"))
                .toList();
    }

    private static List<Integer> numbers(List<String> words, String option, String otherwise) {
        return list(words, option, otherwise).stream().map(Integer::valueOf).toList();
    }
}
