package vivarium.benchmarks.growth;

import com.google.errorprone.annotations.FormatMethod;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import vivarium.benchmarks.servers.Contender;

/**
 * Curves as one SVG image that needs nothing else: a row for each curve, throughput on the left and
 * server CPU on the right, both axes logarithmic, our line beside Apache's.
 */
final class GrowthChart {
    private static final int PANE_WIDTH = 460;
    private static final int PANE_HEIGHT = 240;
    private static final int LEFT = 80;
    private static final int RIGHT = 44;
    private static final int TOP = 44;
    private static final int BOTTOM = 40;
    private static final int HEAD = 60;

    private final StringBuilder out = new StringBuilder();
    private final Growth growth;

    private record Axis(double from, double to, double start, double end) {
        static Axis over(double least, double most, double start, double end) {
            double from = Math.floor(Math.log10(least));
            double to = Math.ceil(Math.log10(most));
            return new Axis(from, Math.max(to, from + 1), start, end);
        }

        double at(double value) {
            return start + (end - start) * (Math.log10(value) - from) / (to - from);
        }
    }

    private GrowthChart(Growth growth) {
        this.growth = growth;
    }

    /** The image; only curves with points are in it. */
    static String svg(Growth growth) {
        GrowthChart chart = new GrowthChart(growth);
        chart.draw();
        return chart.out.toString();
    }

    private static String color(Contender contender) {
        return contender == Contender.APACHE ? "#c1440e" : "#0b6e4f";
    }

    private void draw() {
        List<Curve> curves =
                List.of(Curve.values()).stream()
                        .filter(curve -> !growth.sizes(curve).isEmpty())
                        .toList();
        int width = 2 * PANE_WIDTH;
        int height = HEAD + PANE_HEIGHT * curves.size();
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                        + " height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">",
                width, height, width, height);
        line("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
        text(20, 30, "start", "#111111", "font-size=\"18\" font-weight=\"bold\"", "How costs grow");
        int x = 200;
        for (Contender contender : Contender.values()) {
            line("<circle cx=\"%d\" cy=\"25\" r=\"5\" fill=\"%s\"/>", x, color(contender));
            text(x + 12, 30, "start", "#222222", "", contender.title());
            x += 100;
        }
        int y = HEAD;
        for (Curve curve : curves) {
            pane(curve, "operations/s", 0, y, Growth.Point::operationsPerSecond);
            pane(curve, "server CPU µs/op", PANE_WIDTH, y, Growth.Point::cpuMicros);
            y += PANE_HEIGHT;
        }
        line("</svg>");
    }

    private void pane(
            Curve curve, String figure, int x, int y, ToDoubleFunction<Growth.Point> value) {
        List<Integer> sizes = growth.sizes(curve);
        double[] values =
                growth.points().stream()
                        .filter(point -> point.curve() == curve)
                        .mapToDouble(value)
                        .map(found -> Math.max(found, 1e-3))
                        .sorted()
                        .toArray();
        Axis across =
                Axis.over(
                        place(sizes.getFirst()), sizes.getLast(), x + LEFT, x + PANE_WIDTH - RIGHT);
        Axis up =
                Axis.over(values[0], values[values.length - 1], y + PANE_HEIGHT - BOTTOM, y + TOP);
        text(x + LEFT, y + 18, "start", "#111111", "font-weight=\"bold\"", curve.title());
        text(x + LEFT, y + 34, "start", "#555555", "", figure);
        grid(across, up, sizes.getFirst() == 0 ? "0" : label(across.from));
        for (Contender contender : Contender.values()) {
            curve(curve, contender, across, up, value);
        }
    }

    /**
     * Nothing has no logarithm: it stands where one of a thing would, of which none is measured.
     */
    private static double place(int size) {
        return Math.max(1, size);
    }

    private void grid(Axis across, Axis up, String least) {
        for (double power = across.from; power <= across.to; power++) {
            double x = across.at(Math.pow(10, power));
            rule(x, up.start, x, up.end);
            String size = power == across.from ? least : label(power);
            text(x, up.start + 18, "middle", "#333333", "", size);
        }
        for (double power = up.from; power <= up.to; power++) {
            double y = up.at(Math.pow(10, power));
            rule(across.start, y, across.end, y);
            text(across.start - 8, y + 4, "end", "#333333", "", label(power));
        }
    }

    private static String label(double power) {
        return power < 0
                ? String.format(Locale.ROOT, "%s", Math.pow(10, power))
                : String.format(Locale.ROOT, "%,.0f", Math.pow(10, power));
    }

    private void rule(double x1, double y1, double x2, double y2) {
        line(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                x1, y1, x2, y2);
    }

    private void curve(
            Curve curve,
            Contender contender,
            Axis across,
            Axis up,
            ToDoubleFunction<Growth.Point> value) {
        StringBuilder path = new StringBuilder();
        for (int size : growth.sizes(curve)) {
            Growth.Point point = growth.at(curve, size, contender);
            if (point == null) {
                continue;
            }
            double figure = Math.max(value.applyAsDouble(point), 1e-3);
            double x = across.at(place(size));
            double y = up.at(figure);
            path.append(path.isEmpty() ? "M" : " L");
            path.append(String.format(Locale.ROOT, "%.1f %.1f", x, y));
            line(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"><title>%s, %,d:"
                            + " %,.2f</title></circle>",
                    x, y, color(contender), contender.title(), size, figure);
        }
        line(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                path, color(contender));
    }

    private void text(
            double x, double y, String anchor, String color, String more, String content) {
        line(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" %s>%s</text>",
                x, y, anchor, color, more, content);
    }

    @FormatMethod
    private void line(String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
