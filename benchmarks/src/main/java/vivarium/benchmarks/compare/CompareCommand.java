package vivarium.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.zookeeper.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import vivarium.benchmarks.servers.Launch;
import vivarium.benchmarks.servers.Machine;

/** Compares our server with Apache's. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Starts Apache's server and ours, loads them in turns (A B, B A, ...), and prints"
                + " medians and ratios as Markdown, with the JSON, a chart and an HTML page beside"
                + " them.",
            "",
            "Both are processes of their own, on the same JDK, with the same largest heap, on free"
                    + " ports of the loopback interface, with empty data directories side by side"
                    + " and everything else at its default.",
            "",
            "Exit code 1: a budget was missed.",
            ""
        })
public final class CompareCommand implements Callable<Integer> {
    private static final String TITLE = "Vivarium beside Apache ZooKeeper";
    private static final double QUICK_SECONDS = 0.8;
    private static final int CHILDREN = 1_000;

    private enum Part {
        LOADS,
        TRIO,
        NOSYNC,
        STARTS,
        BIGTREE
    }

    @Option(
            names = "--parts",
            split = ",",
            description =
                    "what to do of ${COMPLETION-CANDIDATES}: loads with every write forced to disk,"
                        + " of a server that is alone and of three, writes with none forced, starts"
                        + " of empty servers, and a tree of a million znodes (default: all)")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            description = "loads whose title in the tables has this in it, as 'setData @1$'")
    private Pattern only = Pattern.compile("");

    @Option(
            names = "--quick",
            description = "2 rounds of 0.8 s, 100,000 znodes, nothing unforced: a first look")
    private boolean quick;

    @Option(names = "--rounds", description = "windows a row and server (default: 5)")
    private int rounds = 5;

    @Option(names = "--seconds", description = "length of a window (default: 3)")
    private double seconds = 3;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "each kind of load, before the first round (default: 8)")
    private double warmUpSeconds = 8;

    @Option(
            names = "--heap",
            paramLabel = "MB",
            description =
                    "largest heap of both; twice as much for the million znodes (default: 1000)")
    private int heapMegabytes = Launch.USUAL_HEAP_MEGABYTES;

    @Option(names = "--znodes", description = "in the large tree (default: 1000000)")
    private int znodes = 1_000_000;

    @Option(
            names = "--out",
            paramLabel = "DIRECTORY",
            description =
                    "where results.json, .md, .svg and .html go, and the servers' data while"
                            + " they run: on the disk that is to be measured"
                            + " (default: benchmarks/target/compare)")
    private @Nullable Path out;

    @Option(
            names = "--apache-flag",
            paramLabel = "FLAG",
            description = "another flag for the JVM of Apache's server; may be repeated")
    private List<String> apacheFlags = List.of();

    @Option(
            names = "--vivarium-flag",
            paramLabel = "FLAG",
            description = "another flag for the JVM of ours; may be repeated")
    private List<String> vivariumFlags = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (quick) {
            rounds = 2;
            seconds = QUICK_SECONDS;
            warmUpSeconds = QUICK_SECONDS;
            znodes = 100_000;
            if (parts.size() == Part.values().length) {
                parts = EnumSet.complementOf(EnumSet.of(Part.NOSYNC));
            }
        }
        Path house = Path.of(System.getProperty("vivarium.house", ".")).toAbsolutePath();
        Path target = out == null ? house.resolve("benchmarks/target/compare") : out;
        Files.createDirectories(target);
        Path data = Files.createTempDirectory(target.toAbsolutePath(), "servers");
        try {
            Launch launch = new Launch(house, heapMegabytes, true, apacheFlags, vivariumFlags);
            Results results = measure(launch, data, target);
            System.out.print(Report.markdown(results));
            System.err.println("Written: results.json, .md, .svg and .html in " + target);
            long missed = Budget.all(results).stream().filter(Budget::isMissed).count();
            if (missed > 0) {
                System.err.println(missed + " budgets are missed");
                return 1;
            }
        } finally {
            delete(data);
        }
        return 0;
    }

    private Results measure(Launch launch, Path data, Path target)
            throws IOException, InterruptedException {
        double leadInSeconds = Math.min(1, seconds / 2);
        Results results =
                new Results(
                        Machine.here(),
                        new Results.Conditions(
                                Version.getVersion(),
                                rounds,
                                leadInSeconds,
                                seconds,
                                heapMegabytes),
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        null);
        if (parts.contains(Part.STARTS)) {
            Starts starts = new Starts(launch, data, System.err);
            results = results.withEmptyStarts(starts.empty(rounds));
            write(results, target);
        }
        if (parts.contains(Part.LOADS)) {
            Comparison comparison = comparison(launch, data.resolve("forced"), 1, leadInSeconds);
            results = results.withForced(comparison.run(wanted(Cell.all())));
            write(results, target);
        }
        if (parts.contains(Part.TRIO)) {
            Comparison comparison = comparison(launch, data.resolve("trio"), 3, leadInSeconds);
            results = results.withTrio(comparison.run(wanted(Cell.all())));
            write(results, target);
        }
        if (parts.contains(Part.NOSYNC)) {
            Launch unforced = launch.withForceSync(false);
            Comparison comparison =
                    comparison(unforced, data.resolve("unforced"), 1, leadInSeconds);
            results = results.withUnforced(comparison.run(wanted(Cell.writes())));
            write(results, target);
        }
        if (parts.contains(Part.BIGTREE)) {
            Launch roomy = launch.withHeapMegabytes(2 * heapMegabytes);
            Starts starts = new Starts(roomy, data, System.err);
            int parents = Math.max(1, znodes / CHILDREN);
            results = results.withBigTree(starts.bigTree(parents, CHILDREN, Math.min(rounds, 3)));
            write(results, target);
        }
        return results;
    }

    private List<Cell> wanted(List<Cell> cells) {
        return cells.stream().filter(cell -> only.matcher(cell.title()).find()).toList();
    }

    private Comparison comparison(Launch launch, Path data, int members, double leadInSeconds) {
        return new Comparison(
                launch,
                data,
                members,
                rounds,
                ofSeconds(warmUpSeconds),
                ofSeconds(leadInSeconds),
                ofSeconds(seconds),
                System.err);
    }

    private static Duration ofSeconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** After each part, so that what goes wrong in the next costs no result. */
    private static void write(Results results, Path target) throws IOException {
        results.write(target.resolve("results.json"));
        String text = Report.markdown(results);
        String picture = Chart.svg(results);
        Files.writeString(target.resolve("results.md"), text);
        Files.writeString(target.resolve("results.svg"), picture);
        Files.writeString(target.resolve("results.html"), Page.html(TITLE, text, picture));
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(directory)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
