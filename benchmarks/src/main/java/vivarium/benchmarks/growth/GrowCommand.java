package vivarium.benchmarks.growth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vivarium.benchmarks.compare.Progress;
import vivarium.benchmarks.compare.Workbench;
import vivarium.benchmarks.servers.Contender;

/** Measures how costs grow, and draws the curves. */
@Command(
        name = "grow",
        mixinStandardHelpOptions = true,
        description = {
            "Measures throughput and server CPU of Apache's server and ours while one thing grows:"
                + " members, znodes, connections, the size of values, watches. Writes growth.json,"
                + " .md and .svg; what is in growth.json already is not measured again, so it can"
                + " be stopped and goes on.",
            ""
        })
public final class GrowCommand implements Callable<Integer> {
    private static final double AROUND_POINT_SECONDS = 2;
    private static final int MOST_HEAP_TIMES = 3;

    @Mixin private Workbench bench = new Workbench();

    @Option(
            names = "--curves",
            split = ",",
            description = "of ${COMPLETION-CANDIDATES} (default: all)")
    private Set<Curve> curves = EnumSet.allOf(Curve.class);

    @Option(
            names = "--deep",
            description =
                    "go on to 7 members, 3 million znodes, 10,000 connections, values of a"
                            + " megabyte, 10 million watches; some 16 GB of memory")
    private boolean deep;

    @Option(names = "--seconds", description = "length of a window (default: ${DEFAULT-VALUE})")
    private double seconds = 2;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path target = bench.target("grow");
        Path file = target.resolve("growth.json");
        Growth growth = Growth.read(file, seconds);
        double planned = 0;
        for (Curve curve : curves) {
            planned += wanted(growth, curve).size() * pointSeconds();
        }
        Progress progress = new Progress(System.err, planned);
        bench.perform(
                target,
                data -> {
                    for (Curve curve : curves) {
                        measure(growth, curve, data, progress, target);
                    }
                });
        System.out.print(markdown(growth));
        System.err.println("Written: growth.json, .md and .svg in " + target);
        return 0;
    }

    private double pointSeconds() {
        return 2 * (1.5 * seconds + AROUND_POINT_SECONDS);
    }

    /** The sizes that are asked for and not measured yet, for both. */
    private List<Integer> wanted(Growth growth, Curve curve) {
        List<Integer> sizes = new ArrayList<>(curve.usual());
        if (deep) {
            sizes.addAll(curve.deep());
        }
        sizes.removeAll(growth.sizes(curve));
        return sizes;
    }

    private void measure(Growth growth, Curve curve, Path data, Progress progress, Path target)
            throws IOException, InterruptedException {
        List<Integer> sizes = wanted(growth, curve);
        int at = 0;
        while (at < sizes.size()) {
            int members = curve.members(sizes.get(at));
            Path home = data.resolve(curve.name().toLowerCase(Locale.ROOT) + at);
            try (Growing servers =
                    new Growing(
                            bench.launch()
                                    .withHeapMegabytes(
                                            (deep ? MOST_HEAP_TIMES : 1) * bench.heapMegabytes()),
                            home,
                            members,
                            curve.workload(),
                            seconds)) {
                while (at < sizes.size() && curve.members(sizes.get(at)) == members) {
                    point(growth, curve, sizes.get(at), servers, progress);
                    progress.done(pointSeconds());
                    write(growth, target);
                    at++;
                }
                servers.stop();
            }
        }
    }

    private static void point(
            Growth growth, Curve curve, int size, Growing servers, Progress progress)
            throws IOException {
        if (curve.isOfZnodes()) {
            servers.fillTo(size);
        }
        for (Contender contender : Contender.values()) {
            Growth.Point point = servers.measure(curve, size, contender);
            if (point.operationsPerSecond() == 0) {
                progress.say(
                        "%s: %,d  %-9s nothing answered in a window: it takes longer --seconds",
                        curve.title(), size, contender.title());
                continue;
            }
            growth.points().removeIf(before -> isSame(before, point));
            growth.points().add(point);
            progress.say(
                    "%s: %,d  %-9s %,.0f/s  %.1f us CPU  p99 %,.0f us",
                    curve.title(),
                    size,
                    contender.title(),
                    point.operationsPerSecond(),
                    point.cpuMicros(),
                    point.p99Micros());
        }
    }

    private static boolean isSame(Growth.Point one, Growth.Point other) {
        return one.curve() == other.curve()
                && one.size() == other.size()
                && one.contender() == other.contender();
    }

    private static void write(Growth growth, Path target) throws IOException {
        growth.write(target.resolve("growth.json"));
        Files.writeString(target.resolve("growth.md"), markdown(growth));
        Files.writeString(target.resolve("growth.svg"), GrowthChart.svg(growth));
    }

    /** A table for each curve. */
    static String markdown(Growth growth) {
        StringBuilder out = new StringBuilder();
        for (Curve curve : Curve.values()) {
            List<Integer> sizes = growth.sizes(curve);
            if (sizes.isEmpty()) {
                continue;
            }
            out.append("\n### ").append(curve.title()).append("\n\n");
            out.append("| size | operations/s: Apache | ours | ratio |");
            out.append(" server CPU µs/op: Apache | ours | ratio |\n");
            out.append("|---:|---:|---:|---:|---:|---:|---:|\n");
            for (int size : sizes) {
                Growth.Point apache = growth.at(curve, size, Contender.APACHE);
                Growth.Point ours = growth.at(curve, size, Contender.VIVARIUM);
                if (apache != null && ours != null) {
                    out.append(row(size, apache, ours));
                }
            }
        }
        return out.toString();
    }

    private static String row(int size, Growth.Point apache, Growth.Point ours) {
        return String.format(
                Locale.ROOT,
                "| %,d | %,.0f | %,.0f | **%.2f** | %.2f | %.2f | **%.2f** |%n",
                size,
                apache.operationsPerSecond(),
                ours.operationsPerSecond(),
                ours.operationsPerSecond() / apache.operationsPerSecond(),
                apache.cpuMicros(),
                ours.cpuMicros(),
                ours.cpuMicros() / apache.cpuMicros());
    }
}
