package io.confiture.benchmarks;

import io.confiture.build.SchemaBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Builds and hashes the schema of a project, and tells how long each round took, in nanoseconds. Arguments: the project; the
 * number of rounds, 0 for the first alone; milliseconds to warm up. What the original is asked is in {@code original.py}.
 */
final class BuildRounds {
    private BuildRounds() {}

    public static void main(String[] args) {
        SchemaBuilder builder = SchemaBuilder.of(BuildProject.config(Path.of(args[0])));
        int rounds = Integer.parseInt(args[1]);
        long first = taken(builder::build) + taken(builder::computeHash);
        System.out.println("hash\t" + builder.computeHash());
        System.out.println("first\t" + first);
        if (rounds > 0) {
            long until = System.nanoTime()
                    + Duration.ofMillis(Long.parseLong(args[2])).toNanos();
            while (System.nanoTime() < until) {
                builder.build();
                builder.computeHash();
            }
            System.out.println("build\t" + all(rounds, builder::build));
            System.out.println("hashed\t" + all(rounds, builder::computeHash));
        }
    }

    private static String all(int rounds, Runnable work) {
        return LongStream.range(0, rounds)
                .map(round -> taken(work))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private static long taken(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        return System.nanoTime() - begin;
    }
}
