package io.confiture.benchmarks;

import io.confiture.sql.ScriptReader;
import io.confiture.sql.ScriptSection;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.resource.StringResource;
import org.flywaydb.database.postgresql.PostgreSQLParser;
import org.postgresql.core.Parser;

/**
 * Splits the files that are given, in one JVM. Arguments: the number of rounds, which as many precede that are not measured, then files. Prints one line for each file and
 * each splitter, separated by tabs: file, splitter, statements, nanoseconds of each round. What went wrong stands where the
 * statements would.
 */
@SuppressWarnings("EnumOrdinal") // lists that run beside values()
final class Splitters {

    /** Splits text that is in memory as bytes, and counts the statements. */
    private enum Splitter {
        CONFITURE {
            @Override
            int split(byte[] text) {
                int statements = 0;
                try (ScriptReader reader =
                        ScriptReader.open("dump.sql", new ByteArrayInputStream(text), ScriptSection.WHOLE)) {
                    while (reader.next() != null) {
                        statements++;
                    }
                }
                return statements;
            }
        },
        FLYWAY {
            @Override
            int split(byte[] text) {
                var parser = new PostgreSQLParser(new ClassicConfiguration(), new ParsingContext());
                int statements = 0;
                try (var found = parser.parse(new StringResource(new String(text, StandardCharsets.UTF_8)))) {
                    while (found.hasNext()) {
                        found.next();
                        statements++;
                    }
                }
                return statements;
            }
        },
        PGJDBC {
            @Override
            int split(byte[] text) throws Exception {
                return Parser.parseJdbcSql(new String(text, StandardCharsets.UTF_8), true, false, true, false, false)
                        .size();
            }
        };

        abstract int split(byte[] text) throws Exception;
    }

    private Splitters() {}

    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[0]);
        for (int i = 1; i < args.length; i++) {
            byte[] text = Files.readAllBytes(Path.of(args[i]));
            List<List<Long>> nanos = new ArrayList<>();
            List<String> found = new ArrayList<>();
            for (Splitter splitter : Splitter.values()) {
                nanos.add(new ArrayList<>());
                found.add(warmUp(splitter, text, rounds));
            }
            for (int round = 0; round < rounds; round++) {
                for (Splitter splitter : Splitter.values()) {
                    if (isCount(found.get(splitter.ordinal()))) {
                        long begin = System.nanoTime();
                        splitter.split(text);
                        nanos.get(splitter.ordinal()).add(System.nanoTime() - begin);
                    }
                }
            }
            for (Splitter splitter : Splitter.values()) {
                System.out.println(String.join(
                        "\t",
                        args[i],
                        splitter.name(),
                        found.get(splitter.ordinal()),
                        nanos.get(splitter.ordinal()).stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(","))));
            }
        }
    }

    private static String warmUp(Splitter splitter, byte[] text, int rounds) {
        try {
            int statements = 0;
            for (int i = 0; i < rounds; i++) {
                statements = splitter.split(text);
            }
            return String.valueOf(statements);
        } catch (Exception e) {
            return String.valueOf(e)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .findFirst()
                    .orElse("failed")
                    .strip();
        }
    }

    static boolean isCount(String found) {
        return found.chars().allMatch(Character::isDigit);
    }
}
