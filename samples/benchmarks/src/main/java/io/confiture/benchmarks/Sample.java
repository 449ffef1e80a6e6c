package io.confiture.benchmarks;

import io.confiture.benchmarks.WorkerProcess.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Times of the same thing, taken several times. */
final class Sample {
    static final String NONE = "–";

    private final List<Taken> taken = new ArrayList<>();

    void add(Taken value) {
        taken.add(value);
    }

    /** Of a wall time alone. */
    void add(long wallNanos) {
        add(new Taken(wallNanos, 0));
    }

    /** Of wall times, separated by commas. */
    static Sample of(String nanos) {
        Sample sample = new Sample();
        for (String each : nanos.split(",")) {
            sample.add(Long.parseLong(each));
        }
        return sample;
    }

    boolean isEmpty() {
        return taken.isEmpty();
    }

    /** Median wall time with the least and the most, and median CPU time. */
    String text() {
        if (isEmpty()) {
            return NONE;
        }
        long cpu = median(Taken::cpuNanos);
        return wall() + "; CPU " + (cpu == 0 ? "under 10 ms" : duration(cpu)); // the clock's step
    }

    /** Median wall time with the least and the most. */
    String wall() {
        if (isEmpty()) {
            return NONE;
        }
        List<Long> sorted = sorted(Taken::wallNanos);
        String middle = duration(median(Taken::wallNanos));
        return sorted.size() == 1
                ? middle
                : "%s (%s–%s)".formatted(middle, duration(sorted.get(0)), duration(sorted.get(sorted.size() - 1)));
    }

    /** Median wall time of one of so many. */
    String each(int count) {
        return isEmpty() ? NONE : duration(median(Taken::wallNanos) / count);
    }

    /** How many times as long this takes, by the medians of the wall time. */
    String ratio(Sample other) {
        if (isEmpty() || other.isEmpty()) {
            return NONE;
        }
        return ratio(median(), other.median());
    }

    static String ratio(long nanos, long other) {
        double ratio = (double) nanos / other;
        return String.format(Locale.ROOT, ratio < 2 ? "%.2f" : "%.1f", ratio);
    }

    /** The median of the wall times. */
    long median() {
        return median(Taken::wallNanos);
    }

    private long median(ToLongFunction<Taken> value) {
        List<Long> sorted = sorted(value);
        return sorted.get(sorted.size() / 2);
    }

    private List<Long> sorted(ToLongFunction<Taken> value) {
        return taken.stream().map(value::applyAsLong).sorted().toList();
    }

    static String duration(long nanos) {
        double millis = nanos / 1e6;
        if (millis >= 1000) {
            return String.format(Locale.ROOT, "%.2f s", millis / 1000);
        }
        return millis < 0.1
                ? String.format(Locale.ROOT, "%.0f µs", millis * 1000)
                : String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }
}
