package vivarium.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vivarium.benchmarks.servers.Launch;
import vivarium.benchmarks.servers.WarmUp;

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
    private static final double QUICK_SECONDS = 0.8;
    private static final double QUICK_WARM_UP_SECONDS = 2.5;

    /** How often each kind of load is done before the first round, at most. */
    private static final int MOST_WARM_UPS = 8;

    private static final int MEMBERS = 3;
    private static final int MOST_TREE_STARTS = 3;

    @Mixin private Workbench bench = new Workbench();

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
            description =
                    "2 rounds of 0.8 s, without the large tree and without unforced writes: a first"
                            + " look in less than 5 minutes")
    private boolean quick;

    @Option(names = "--rounds", description = "windows a row and server (default: 5)")
    private int rounds = 5;

    @Option(names = "--seconds", description = "length of a window (default: 3)")
    private double seconds = 3;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description =
                    "each kind of load, before the first round (default: 8); up to eight times,"
                            + " while the servers' compilers are busy, unless it is a quick look")
    private double warmUpSeconds = 8;

    @Option(names = "--znodes", description = "in the large tree (default: 1000000)")
    private int znodes = 1_000_000;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (quick) {
            rounds = 2;
            seconds = QUICK_SECONDS;
            warmUpSeconds = QUICK_WARM_UP_SECONDS;
            if (parts.size() == Part.values().length) {
                parts = EnumSet.of(Part.STARTS, Part.LOADS, Part.TRIO);
            }
        }
        Path target = bench.target("compare");
        Results[] measured = {
            Results.none(rounds, leadInSeconds(), seconds, bench.heapMegabytes())
        };
        bench.perform(target, data -> measured[0] = measure(measured[0], data, target));
        return Workbench.conclude(measured[0], target);
    }

    private Results measure(Results none, Path data, Path target)
            throws IOException, InterruptedException {
        Launch launch = bench.launch();
        Progress progress = new Progress(System.err, plannedSeconds(launch, data));
        Results results = none;
        if (parts.contains(Part.STARTS)) {
            Starts starts = new Starts(launch, data, progress);
            results = results.withEmptyStarts(starts.empty(rounds));
            Workbench.write(results, target);
        }
        if (parts.contains(Part.LOADS)) {
            Results before = results;
            List<Results.Row> rows =
                    comparison(launch, data.resolve("forced"), 1, progress)
                            .run(
                                    alone(),
                                    soFar -> Workbench.write(before.withForced(soFar), target));
            results = results.withForced(rows);
        }
        if (parts.contains(Part.TRIO)) {
            Floor floor = Floor.measure(data);
            Results before = results;
            List<Results.Row> rows =
                    comparison(launch, data.resolve("trio"), MEMBERS, progress)
                            .run(
                                    wanted(Cell.all()),
                                    soFar -> Workbench.write(before.withTrio(soFar), target));
            results = results.withTrio(rows).withFloor(floor.least(Floor.measure(data)));
            Workbench.write(results, target);
        }
        if (parts.contains(Part.NOSYNC)) {
            Results before = results;
            Launch unforced = launch.withForceSync(false);
            List<Results.Row> rows =
                    comparison(unforced, data.resolve("unforced"), 1, progress)
                            .run(
                                    wanted(Cell.writes()),
                                    soFar -> Workbench.write(before.withUnforced(soFar), target));
            results = results.withUnforced(rows);
        }
        if (parts.contains(Part.BIGTREE)) {
            Starts starts = Starts.roomy(launch, data, progress);
            results = results.withBigTree(starts.bigTree(znodes, treeStarts()));
            Workbench.write(results, target);
        }
        return results;
    }

    private double plannedSeconds(Launch launch, Path data) {
        Progress nobody = new Progress(System.err, 0);
        Comparison any = comparison(launch, data, 1, nobody);
        double planned = 0;
        for (Part part : parts) {
            planned +=
                    switch (part) {
                        case STARTS -> Starts.emptySeconds(rounds);
                        case LOADS -> any.seconds(alone());
                        case TRIO -> any.seconds(wanted(Cell.all()));
                        case NOSYNC -> any.seconds(wanted(Cell.writes()));
                        case BIGTREE -> Starts.treeSeconds(znodes, treeStarts());
                    };
        }
        return planned;
    }

    private int treeStarts() {
        return Math.min(rounds, MOST_TREE_STARTS);
    }

    /** Of a server that is alone a quick look takes only what has a budget. */
    private List<Cell> alone() {
        return wanted(quick ? Cell.budgetedAlone() : Cell.all());
    }

    private List<Cell> wanted(List<Cell> cells) {
        return cells.stream().filter(cell -> only.matcher(cell.title()).find()).toList();
    }

    private double leadInSeconds() {
        return Math.min(1, seconds / 2);
    }

    private Comparison comparison(Launch launch, Path data, int members, Progress progress) {
        return new Comparison(
                launch,
                data,
                members,
                rounds,
                new WarmUp(ofSeconds(warmUpSeconds), quick ? 1 : MOST_WARM_UPS),
                ofSeconds(leadInSeconds()),
                ofSeconds(seconds),
                progress);
    }

    private static Duration ofSeconds(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
