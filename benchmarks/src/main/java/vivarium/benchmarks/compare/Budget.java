package vivarium.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import vivarium.benchmarks.compare.Results.LoadSample;
import vivarium.benchmarks.compare.Results.StartSample;
import vivarium.benchmarks.compare.Results.TreeSample;
import vivarium.benchmarks.load.Workload;

/**
 * What a figure may be at most, or at least, and what it was: the comparison fails where it is
 * missed.
 *
 * @param what the figure, in words
 * @param atLeast whether the bound is the least that is asked for, and not the most
 * @param measured what came out, null where it was not measured
 * @param noise how far the rounds of the less steady server lie apart, as a share; 0 where there is
 *     one round
 */
record Budget(String what, boolean atLeast, double bound, @Nullable Double measured, double noise) {
    private static final double HALF = 0.5;
    private static final double THIRD = 1.0 / 3;
    private static final double TWO_FIFTHS = 0.4;
    private static final double QUARTER = 0.25;
    private static final double FIFTH = 0.2;
    private static final double SEVENTH = 1.0 / 7;
    private static final double TIMES = 4;
    private static final double TIMES_FLOOR = 1.3;

    /** Client and follower, follower and leader, leader and the other follower. */
    private static final int PING_PONGS_OF_A_WRITE = 3;

    private static final double HEAP_BYTES = 220;
    private static final double TREE_CPU_SECONDS = 2.5;
    private static final double TREE_SECONDS = 2;
    private static final double EMPTY_SECONDS = 0.5;
    private static final long FULL_TREE = 1_000_000;

    /** One is missed where it was measured and is not kept. */
    boolean isMissed() {
        Double value = measured;
        return value != null && (atLeast ? value < bound : value > bound);
    }

    /** All of them, with what {@code results} say of each. */
    static List<Budget> all(Results results) {
        List<Budget> budgets = new ArrayList<>();
        Sheet three = new Sheet("three members", results.trio(), budgets);
        for (Cell cell :
                List.of(
                        Cell.closed(Workload.SET_DATA, 128),
                        Cell.closed(Workload.SET_DATA, 128).withKibibyte(),
                        Cell.closed(Workload.MULTI, 128),
                        Cell.closed(Workload.SEQUENTIAL, 128),
                        Cell.closed(Workload.SESSIONS, 16),
                        Cell.closed(Workload.WATCHES, 8))) {
            three.most(cell, Figure.SERVER_CPU, QUARTER);
        }
        three.most(Cell.closed(Workload.SET_DATA, 512), Figure.SERVER_CPU, FIFTH);
        three.most(Cell.closed(Workload.SET_DATA, 512).withKibibyte(), Figure.SERVER_CPU, FIFTH);
        three.most(Cell.closed(Workload.SET_DATA, 1), Figure.SERVER_CPU, HALF);
        three.most(Cell.closed(Workload.GET_DATA, 128), Figure.SERVER_CPU, FIFTH);
        three.most(Cell.closed(Workload.GET_DATA, 512), Figure.SERVER_CPU, FIFTH);
        three.most(Cell.closed(Workload.MIXED, 128), Figure.SERVER_CPU, SEVENTH);
        three.least(Cell.closed(Workload.SET_DATA, 512), Figure.THROUGHPUT, TIMES);
        three.least(Cell.closed(Workload.GET_DATA, 512), Figure.THROUGHPUT, TIMES);
        three.most(Cell.open(Workload.SET_DATA, 300), Figure.P99, HALF);
        three.most(Cell.open(Workload.GET_DATA, 1_000), Figure.P99, HALF);
        Sheet alone = new Sheet("alone", results.forced(), budgets);
        for (Cell cell : Cell.budgetedAlone()) {
            boolean reads = cell.workload() == Workload.GET_DATA;
            alone.most(cell, Figure.SERVER_CPU, reads ? THIRD : TWO_FIFTHS);
        }
        ofOneWrite(results, budgets);
        ofStarts(results, budgets);
        return budgets;
    }

    /** One write at a time, whose client is at a follower, beside what the machine itself takes. */
    private static void ofOneWrite(Results results, List<Budget> budgets) {
        Floor floor = results.floor();
        if (floor == null) {
            return; // measured by an older version, or without three members
        }
        for (Results.Row row : results.trio()) {
            if (row.cell().equals(Cell.closed(Workload.SET_DATA, 1))) {
                String what =
                        String.format(
                                Locale.ROOT,
                                "three members, setData @1: p50, µs (fdatasync %.0f, ping-pong"
                                        + " %.0f)",
                                floor.forceMicros(),
                                floor.pingPongMicros());
                double most = TIMES_FLOOR * floor.writeMicros(PING_PONGS_OF_A_WRITE);
                budgets.add(ours(what, most, row.samples(), LoadSample::p50Micros));
            }
        }
    }

    private static void ofStarts(Results results, List<Budget> budgets) {
        Results.Pair<StartSample> empty = results.emptyStarts();
        if (empty != null) {
            budgets.add(ours("empty start, s", EMPTY_SECONDS, empty, StartSample::seconds));
        }
        Results.Pair<TreeSample> tree = results.bigTree();
        if (tree == null || tree.vivarium().getFirst().znodes() < FULL_TREE) {
            return; // a smaller tree says nothing of how long a large one takes
        }
        budgets.add(ours("live heap, bytes a znode", HEAP_BYTES, tree, TreeRows::heapPerZnode));
        Results.Pair<StartSample> restarts = TreeRows.restarts(tree);
        budgets.add(
                ours(
                        "start with a million znodes, CPU s",
                        TREE_CPU_SECONDS,
                        restarts,
                        StartSample::cpuSeconds));
        budgets.add(
                ours(
                        "start with a million znodes, s",
                        TREE_SECONDS,
                        restarts,
                        StartSample::seconds));
    }

    private static <T> Budget ours(
            String what, double bound, Results.Pair<T> samples, ToDoubleFunction<T> figure) {
        Median median = Median.of(samples, figure);
        return new Budget(what, false, bound, median.vivarium(), median.spread());
    }

    /** Those that were measured, as a Markdown table. */
    static String table(List<Budget> budgets) {
        StringBuilder out = new StringBuilder();
        out.append("| budget | asked | measured | A against A | |\n|---|---:|---:|---:|---|\n");
        for (Budget budget : budgets) {
            Double value = budget.measured();
            if (value != null) {
                out.append(
                        String.format(
                                Locale.ROOT,
                                "| %s | %s %.2f | **%.2f** | %.0f %% | %s |%n",
                                budget.what(),
                                budget.atLeast() ? "≥" : "≤",
                                budget.bound(),
                                value,
                                100 * budget.noise(),
                                budget.isMissed() ? "**missed**" : "kept"));
            }
        }
        return out.toString();
    }

    /** Adds the budgets of one kind of ensemble, ours / Apache's. */
    private record Sheet(String of, List<Results.Row> rows, List<Budget> budgets) {

        void most(Cell cell, Figure figure, double ratio) {
            add(cell, figure, false, ratio);
        }

        void least(Cell cell, Figure figure, double ratio) {
            add(cell, figure, true, ratio);
        }

        private void add(Cell cell, Figure figure, boolean atLeast, double ratio) {
            Double measured = null;
            double noise = 0;
            for (Results.Row row : rows) {
                if (row.cell().equals(cell)) {
                    ToDoubleFunction<LoadSample> value = figure.of();
                    Median median = Median.of(row.samples(), value);
                    measured = median.ratio();
                    noise = median.spread();
                }
            }
            String what = of + ", " + cell.title() + ": " + figure.title() + ", ratio";
            budgets.add(new Budget(what, atLeast, ratio, measured, noise));
        }
    }
}
