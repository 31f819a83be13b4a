package vivarium.benchmarks.compare;

import com.google.errorprone.annotations.FormatMethod;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import vivarium.benchmarks.compare.Results.StartSample;
import vivarium.benchmarks.compare.Results.TreeSample;
import vivarium.benchmarks.servers.Machine;

/**
 * Results as Markdown tables. Every ratio is ours / Apache's, of the medians of all rounds; behind
 * it stands the spread of the less steady of the two.
 */
final class Report {
    private static final double MEBI = 1024 * 1024;

    private final StringBuilder out = new StringBuilder();
    private final Results results;

    private Report(Results results) {
        this.results = results;
    }

    /** All of it. */
    static String markdown(Results results) {
        Report report = new Report(results);
        report.conditions();
        report.loads("Alone, each write forced to disk", results.forced());
        report.loads("Three members, each write forced to disk", results.trio());
        report.loads("Alone, nothing forced (`forceSync=no`)", results.unforced());
        report.starts();
        report.budgets();
        return report.out.toString();
    }

    private void conditions() {
        Machine machine = results.machine();
        Results.Conditions conditions = results.conditions();
        line(
                "%d processors (%s), %d MB of memory, %s, JDK %s.",
                machine.processors(),
                machine.model(),
                machine.memoryMegabytes(),
                machine.system(),
                machine.jdk());
        line("Apache ZooKeeper %s.", conditions.apacheVersion());
        line(
                "%d rounds of windows of %.1f s (longer at fixed rates), each after %.1f s of the"
                        + " same load. Heap: %d MB.",
                conditions.rounds(),
                conditions.measuredSeconds(),
                conditions.leadInSeconds(),
                conditions.heapMegabytes());
    }

    private void loads(String title, List<Results.Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        line("");
        line("### %s", title);
        figures(rows, Figure.COSTS);
        figures(rows, Figure.WAITS);
        double others =
                rows.stream()
                        .map(row -> Median.of(row.samples(), Results.LoadSample::othersCpuShare))
                        .mapToDouble(median -> Math.max(median.apache(), median.vivarium()))
                        .max()
                        .orElse(0);
        line("");
        line(
                "Whatever else the machine did took at most %.0f %% of its processors"
                        + " (median of the rounds, in the worst row).",
                100 * others);
        double compilers =
                rows.stream()
                        .map(row -> Median.of(row.samples(), Report::compilingShare))
                        .mapToDouble(Median::vivarium)
                        .max()
                        .orElse(0);
        line(
                "Compilers took at most %.0f %% of what our servers took (likewise).",
                100 * compilers);
    }

    private static double compilingShare(Results.LoadSample sample) {
        return sample.compilingMicros() / Math.max(1e-3, sample.serverCpuMicros());
    }

    private void figures(List<Results.Row> rows, List<Figure> figures) {
        line("");
        StringBuilder head = new StringBuilder("| load |");
        StringBuilder rule = new StringBuilder("|---|");
        for (Figure figure : figures) {
            head.append(' ').append(figure.title()).append(": Apache | ours | ratio |");
            rule.append("---:|---:|---:|");
        }
        line("%s", head);
        line("%s", rule);
        for (Results.Row row : rows) {
            StringBuilder cells = new StringBuilder("| " + row.cell().title() + " |");
            for (Figure figure : figures) {
                Median median = Median.of(row.samples(), figure.of());
                cells.append(
                        String.format(
                                Locale.ROOT,
                                " %s | %s | **%.2f** (%.0f %%) |",
                                number(median.apache()),
                                number(median.vivarium()),
                                median.ratio(),
                                100 * median.spread()));
            }
            line("%s", cells);
        }
    }

    private void budgets() {
        line("");
        line("### Budgets");
        line("");
        out.append(Budget.table(Budget.all(results)));
        line("");
        line(
                "A against A: how far the rounds of the less steady server lie apart. A budget that"
                        + " is missed by less than that is missed by chance, or kept by chance.");
    }

    private void starts() {
        Results.Pair<StartSample> empty = results.emptyStarts();
        Results.Pair<TreeSample> tree = results.bigTree();
        if (empty == null && tree == null) {
            return;
        }
        line("");
        line("### Memory and start");
        line("");
        line("| | Apache | ours | ratio |");
        line("|---|---:|---:|---:|");
        if (empty != null) {
            row("empty start to the first answer, s", empty, StartSample::seconds);
            row("empty start to the first answer, CPU s", empty, StartSample::cpuSeconds);
        }
        if (tree != null) {
            tree(tree);
        }
    }

    private void tree(Results.Pair<TreeSample> tree) {
        line("| **%d znodes of 100 bytes** | | | |", tree.apache().getFirst().znodes());
        row("live heap, bytes a znode", tree, TreeRows::heapPerZnode);
        row("live heap, MiB", tree, t -> t.fullHeapBytes() / MEBI);
        row("live heap after a restart, MiB", tree, t -> t.restartedHeapBytes() / MEBI);
        row("resident, MiB", tree, t -> t.fullResidentKibibytes() / 1024.0);
        row("resident after a restart, MiB", tree, t -> t.restartedResidentKibibytes() / 1024.0);
        row("filling, s", tree, TreeSample::fillSeconds);
        row("filling, server CPU µs a znode", tree, t -> 1e6 * t.fillCpuSeconds() / t.znodes());
        row("start to the first answer, s", TreeRows.restarts(tree), StartSample::seconds);
        row("start to the first answer, CPU s", TreeRows.restarts(tree), StartSample::cpuSeconds);
    }

    private <T> void row(String title, Results.Pair<T> samples, ToDoubleFunction<T> figure) {
        Median median = Median.of(samples, figure);
        line(
                "| %s | %s | %s | **%.2f** |",
                title, number(median.apache()), number(median.vivarium()), median.ratio());
    }

    /** Three digits that count, and no exponents. */
    private static String number(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    @FormatMethod
    private void line(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
