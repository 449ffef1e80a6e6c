package io.confiture.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What was found at one number of migrations.
 *
 * @param titles of the tools, in the order of the columns
 */
record MigrationResults(int size, Map<Tool, String> titles, Map<Tool, Measured> tools) {

    MigrationResults(int size, Map<Tool, String> titles) {
        this(size, titles, new EnumMap<>(Tool.class));
        titles.keySet().forEach(tool -> tools.put(tool, new Measured()));
    }

    /** What was found for one tool. */
    static final class Measured {
        long callsOfApply;
        long callsOfNothingToDo;
        long callsOfOneMore;
        double callsPerMigration;
        double callsPerSessionChangingMigration = Double.NaN;
        final Sample applyCold = new Sample();
        final Sample applyWarm = new Sample();
        final Sample nothingCold = new Sample();
        final Sample nothingWarm = new Sample();
        final Sample oneMoreCold = new Sample();
        final Sample oneMoreWarm = new Sample();

        /** In a warm JVM, or in a new one where it was measured in no other. */
        Sample apply() {
            return applyWarm.isEmpty() ? applyCold : applyWarm;
        }
    }

    Measured of(Tool tool) {
        Measured measured = tools.get(tool);
        if (measured == null) {
            throw new IllegalArgumentException(tool + " was not measured");
        }
        return measured;
    }

    String table() {
        Table table = new Table("", List.copyOf(titles.values()));
        row(table, "SQL calls, nothing to do", m -> String.valueOf(m.callsOfNothingToDo));
        row(table, "SQL calls, one more pending", m -> String.valueOf(m.callsOfOneMore));
        row(table, "SQL calls, each further migration", m -> decimal(m.callsPerMigration));
        row(table, "apply all, new JVM", m -> m.applyCold.text());
        row(table, "apply all, warm JVM", m -> m.applyWarm.text());
        row(table, "nothing to do, new JVM", m -> m.nothingCold.text());
        row(table, "nothing to do, warm JVM", m -> m.nothingWarm.text());
        row(table, "one more pending, new JVM", m -> m.oneMoreCold.text());
        row(table, "one more pending, warm JVM", m -> m.oneMoreWarm.text());
        Measured confiture = tools.get(Tool.CONFITURE);
        if (confiture != null && tools.size() > 1) {
            row(table, "÷ Confiture: apply all", m -> m.apply().ratio(confiture.apply()));
            row(table, "÷ Confiture: nothing to do, warm JVM", m -> m.nothingWarm.ratio(confiture.nothingWarm));
            row(table, "÷ Confiture: one more pending, warm JVM", m -> m.oneMoreWarm.ratio(confiture.oneMoreWarm));
            row(table, "÷ Confiture: nothing to do, new JVM", m -> m.nothingCold.ratio(confiture.nothingCold));
        }
        String text = "\n### %d migrations\n\n%s".formatted(size, table);
        return confiture == null || Double.isNaN(confiture.callsPerSessionChangingMigration)
                ? text
                : text + "\nConfiture, each further migration that changes the session: "
                        + decimal(confiture.callsPerSessionChangingMigration) + " SQL calls.\n";
    }

    /** Whether time grows with the number of migrations: what each of them takes, at every size. */
    static String growth(List<MigrationResults> all) {
        List<String> sizes =
                all.stream().map(results -> "N = " + results.size()).toList();
        Table table = new Table("median ÷ N", sizes);
        for (Tool tool : List.of(Tool.BARE, Tool.CONFITURE, Tool.FLYWAY_BOOT)) {
            growth(table, all, tool, "apply all", Measured::apply);
            growth(table, all, tool, "nothing to do", m -> m.nothingWarm);
        }
        return "\n### Growth\n\nIn a warm JVM; beyond " + Options.LARGE + " migrations, applying is in a new one.\n\n"
                + table;
    }

    private static void growth(
            Table table, List<MigrationResults> all, Tool tool, String what, Function<Measured, Sample> sample) {
        List<String> cells = new ArrayList<>();
        String title = null;
        for (MigrationResults results : all) {
            Measured measured = results.tools.get(tool);
            cells.add(measured == null ? Sample.NONE : sample.apply(measured).each(results.size));
            title = measured == null ? title : results.titles.get(tool);
        }
        if (title != null) {
            table.row(title + ", " + what, cells);
        }
    }

    private void row(Table table, String name, Function<Measured, String> cell) {
        table.row(name, tools.values().stream().map(cell).toList());
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
    }
}
