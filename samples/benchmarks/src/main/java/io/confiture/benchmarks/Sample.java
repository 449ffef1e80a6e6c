package io.confiture.benchmarks;

import io.confiture.benchmarks.WorkerProcess.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Times of the same thing, taken several times. */
final class Sample {
    private final List<Taken> taken = new ArrayList<>();

    void add(Taken value) {
        taken.add(value);
    }

    /** Smallest and median wall time, median CPU time. */
    String text() {
        if (taken.isEmpty()) {
            return "–";
        }
        return "%s / %s / %s"
                .formatted(
                        duration(sorted(Taken::wallNanos).get(0)),
                        duration(median(Taken::wallNanos)),
                        duration(median(Taken::cpuNanos)));
    }

    /** How many times as long this takes, by the medians of the wall time. */
    String ratio(Sample other) {
        return taken.isEmpty() || other.taken.isEmpty()
                ? "–"
                : String.format(
                        Locale.ROOT, "%.1f", (double) median(Taken::wallNanos) / other.median(Taken::wallNanos));
    }

    private long median(ToLongFunction<Taken> value) {
        List<Long> sorted = sorted(value);
        return sorted.get(sorted.size() / 2);
    }

    private List<Long> sorted(ToLongFunction<Taken> value) {
        return taken.stream().map(value::applyAsLong).sorted().toList();
    }

    private static String duration(long nanos) {
        double millis = nanos / 1e6;
        return millis < 1000
                ? String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }
}
