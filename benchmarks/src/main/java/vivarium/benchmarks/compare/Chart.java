package vivarium.benchmarks.compare;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import vivarium.benchmarks.compare.Results.StartSample;
import vivarium.benchmarks.compare.Results.TreeSample;

/**
 * Results as one SVG image that needs nothing else: a row for each load, a mark for each figure,
 * and how many times better ours is than Apache's on a logarithmic axis. Right is always better.
 */
final class Chart {
    private static final int WIDTH = 900;
    private static final int LEFT = 190;
    private static final int RIGHT = 40;
    private static final int TOP = 122;
    private static final int ROW = 28;

    /** How far the marks of one row stand apart, lest one hides another. */
    private static final double APART = 3.6;

    private static final double[] GRID = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000};
    private static final List<Series> LOADS =
            List.of(
                    new Series(Figure.THROUGHPUT, "throughput", "#0b6e4f", Mark.CIRCLE),
                    new Series(
                            Figure.SERVER_CPU, "server CPU per operation", "#c1440e", Mark.SQUARE),
                    new Series(Figure.ALLOCATION, "bytes allocated", "#7a5195", Mark.TRIANGLE),
                    new Series(Figure.P99, "p99 latency", "#1f77b4", Mark.DIAMOND));
    private static final String OTHER = "#444444";

    private final List<Row> rows = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();
    private double least = 0.8;
    private double most = 2;

    private enum Mark {
        CIRCLE,
        SQUARE,
        TRIANGLE,
        DIAMOND
    }

    private record Series(Figure figure, String title, String color, Mark mark) {}

    private record Point(double advantage, String color, Mark mark, String hint) {}

    /** A heading where there are no points. */
    private record Row(String title, List<Point> points) {}

    private Chart() {}

    /** The image. */
    static String svg(Results results) {
        Chart chart = new Chart();
        chart.loads("alone, each write forced", results.forced());
        chart.loads("three members", results.trio());
        chart.loads("alone, nothing forced", results.unforced());
        chart.starts(results);
        chart.draw(results);
        return chart.out.toString();
    }

    private void loads(String title, List<Results.Row> loads) {
        if (loads.isEmpty()) {
            return;
        }
        rows.add(new Row(title, List.of()));
        for (Results.Row load : loads) {
            List<Point> points = new ArrayList<>();
            for (Series series : LOADS) {
                // With a rate the throughput is what was asked for.
                if (load.ratePerSecond() == 0 || !series.figure.equals(Figure.THROUGHPUT)) {
                    Median median = Median.of(load.samples(), series.figure.of());
                    points.add(point(series, median));
                }
            }
            add(load.cell().title(), points);
        }
    }

    private static Point point(Series series, Median median) {
        return new Point(
                series.figure.advantage(median),
                series.color,
                series.mark,
                hint(series.title, median));
    }

    private static String hint(String title, Median median) {
        return String.format(
                Locale.ROOT,
                "%s: Apache %,.2f, Vivarium %,.2f",
                title,
                median.apache(),
                median.vivarium());
    }

    private void starts(Results results) {
        Results.Pair<StartSample> empty = results.emptyStarts();
        Results.Pair<TreeSample> tree = results.bigTree();
        if (empty == null && tree == null) {
            return;
        }
        rows.add(new Row("memory and start", List.of()));
        if (empty != null) {
            single("empty start, time", Median.of(empty, StartSample::seconds));
        }
        if (tree != null) {
            Results.Pair<StartSample> restarts = TreeRows.restarts(tree);
            long thousands = tree.apache().getFirst().znodes() / 1_000;
            String suffix = String.format(Locale.ROOT, ", %,d k znodes", thousands);
            single("live heap" + suffix, Median.of(tree, TreeRows::heapPerZnode));
            single("filling" + suffix, Median.of(tree, TreeSample::fillSeconds));
            single("start" + suffix, Median.of(restarts, StartSample::seconds));
        }
    }

    private void single(String title, Median median) {
        add(title, List.of(new Point(1 / median.ratio(), OTHER, Mark.CIRCLE, hint(title, median))));
    }

    private void add(String title, List<Point> points) {
        rows.add(new Row(title, points));
        for (Point point : points) {
            least = Math.min(least, point.advantage);
            most = Math.max(most, point.advantage);
        }
    }

    private void draw(Results results) {
        int bottom = TOP + ROW * rows.size();
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">",
                WIDTH, bottom + 60, WIDTH, bottom + 60);
        line("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
        text(
                20,
                32,
                "start",
                "#111111",
                "font-size=\"18\" font-weight=\"bold\"",
                "How many times better than Apache ZooKeeper "
                        + results.conditions().apacheVersion());
        text(
                20,
                54,
                "start",
                "#555555",
                "",
                String.format(
                        Locale.ROOT,
                        "%d processors, JDK %s; medians of %d rounds in turns."
                                + " Right of the line of 1 Vivarium is ahead.",
                        results.machine().processors(),
                        results.machine().jdk(),
                        results.conditions().rounds()));
        legend();
        line(
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#fbeeee\"/>",
                LEFT, TOP - 6, x(1) - LEFT, bottom - TOP + 6);
        text(x(1) - 6, TOP - 12, "end", "#a33333", "font-size=\"12\"", "behind");
        text(x(1) + 6, TOP - 12, "start", "#0b6e4f", "font-size=\"12\"", "ahead");
        for (double value : GRID) {
            if (x(value) >= LEFT && x(value) <= WIDTH - RIGHT) {
                grid(value, bottom);
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            row(rows.get(i), TOP + ROW * i + ROW / 2);
        }
        text(
                LEFT,
                bottom + 44,
                "start",
                "#555555",
                "font-size=\"12\"",
                "times better (logarithmic); @N: N requests outstanding; N/s: a fixed rate");
        line("</svg>");
    }

    private void legend() {
        int x = 20;
        for (Series series : LOADS) {
            mark(x + 6, 80, series.color, series.mark, series.title);
            text(x + 18, 84, "start", "#222222", "", series.title);
            x += 34 + 7 * series.title.length();
        }
    }

    private void grid(double value, int bottom) {
        double x = x(value);
        line(
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\""
                        + " stroke-width=\"%s\"/>",
                x, TOP - 6, x, bottom, value == 1 ? "#111111" : "#dddddd", value == 1 ? "2" : "1");
        String label =
                value < 1 ? String.valueOf(value) : String.format(Locale.ROOT, "%.0f", value);
        text(x, bottom + 18, "middle", "#333333", "", label);
    }

    private void row(Row row, int y) {
        if (row.points.isEmpty()) {
            text(20, y + 8, "start", "#111111", "font-weight=\"bold\"", row.title);
            return;
        }
        text(LEFT - 14, y + 5, "end", "#222222", "", row.title);
        line(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#eeeeee\"/>",
                LEFT, y, WIDTH - RIGHT, y);
        double at = y - APART * (row.points.size() - 1) / 2;
        for (Point point : row.points) {
            mark(x(point.advantage), at, point.color, point.mark, point.hint);
            at += APART;
        }
    }

    private double x(double advantage) {
        double from = Math.log(least) - 0.1;
        double to = Math.log(most) + 0.1;
        return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log(advantage) - from) / (to - from);
    }

    private void mark(double x, double y, String color, Mark mark, String hint) {
        String shape =
                switch (mark) {
                    case CIRCLE -> format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6\"", x, y);
                    case SQUARE ->
                            format(
                                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"11\" height=\"11\"",
                                    x - 5.5, y - 5.5);
                    case TRIANGLE -> format("<path d=\"M%.1f %.1f l7 12 h-14 z\"", x, y - 7);
                    case DIAMOND -> format("<path d=\"M%.1f %.1f l7 7 l-7 7 l-7 -7 z\"", x, y - 7);
                };
        line(
                "%s fill=\"%s\" fill-opacity=\"0.85\" stroke=\"#ffffff\"><title>%s</title>%s",
                shape, color, escaped(hint), closing(mark));
    }

    private static String closing(Mark mark) {
        return switch (mark) {
            case CIRCLE -> "</circle>";
            case SQUARE -> "</rect>";
            case TRIANGLE, DIAMOND -> "</path>";
        };
    }

    private void text(
            double x, double y, String anchor, String color, String more, String content) {
        line(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" %s>%s</text>",
                x, y, anchor, color, more, escaped(content));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @FormatMethod
    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    @FormatMethod
    private void line(String format, Object... arguments) {
        out.append(format(format, arguments)).append('\n');
    }
}
