package vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vivarium.benchmarks.compare.Median;
import vivarium.benchmarks.compare.Results;
import vivarium.benchmarks.compare.Workbench;
import vivarium.benchmarks.load.Load;
import vivarium.benchmarks.load.LoadGenerator;
import vivarium.benchmarks.load.LoadResult;
import vivarium.benchmarks.load.Workload;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.ServerProcess;

/** What is left of a server's throughput while it takes snapshots. */
@Command(
        name = "snapshots",
        mixinStandardHelpOptions = true,
        description = {
            "Starts our server twice on trees of the same size, one that takes no snapshots and one"
                + " that takes one behind the other, writes to both in turns (A B, B A, ...), and"
                + " prints the ratio of their throughput.",
            "",
            "Exit code 1: with snapshots it is less than 0.9 of what it is without.",
            ""
        })
final class SnapshotsCommand implements Callable<Integer> {
    private static final double LEAST_RATIO = 0.9;
    private static final int NEVER = 1_000_000_000;
    private static final int CHILDREN = 1_000;
    private static final int FILLING = 256;
    private static final int FILLERS = 4;
    private static final int VALUE_BYTES = 100;

    @Mixin private Workbench bench = new Workbench();

    @Option(
            names = {"-n", "--znodes"},
            description = "in each tree (default: ${DEFAULT-VALUE})")
    private int znodes = 300_000;

    @Option(
            names = "--every",
            description =
                    "writes from one snapshot to the next, or down to half as many (default:"
                            + " ${DEFAULT-VALUE})")
    private int every = 100_000;

    @Option(
            names = "--outstanding",
            description = "requests unanswered at any time (default: ${DEFAULT-VALUE})")
    private int outstanding = 128;

    @Option(names = "--rounds", description = "windows of each (default: ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(names = "--seconds", description = "length of a window (default: ${DEFAULT-VALUE})")
    private int seconds = 4;

    @Override
    public Integer call() throws IOException, InterruptedException {
        double[] ratio = new double[1];
        bench.perform(bench.target("snapshots"), data -> ratio[0] = measure(data));
        return ratio[0] < LEAST_RATIO ? 1 : 0;
    }

    private double measure(Path data) throws IOException, InterruptedException {
        try (ServerProcess without = start(data.resolve("without"), NEVER);
                ServerProcess with = start(data.resolve("with"), every)) {
            for (ServerProcess server : List.of(without, with)) {
                server.awaitAnswer(LoadGenerator::prepareOne);
                fill(server);
                load(server, Duration.ofSeconds(2L * seconds));
            }
            List<Double> plain = new ArrayList<>();
            List<Double> snapping = new ArrayList<>();
            long taken = snapshots(data.resolve("with"));
            for (int round = 0; round < rounds; round++) {
                if (round % 2 == 0) {
                    plain.add(load(without, Duration.ofSeconds(1)));
                }
                snapping.add(load(with, Duration.ofSeconds(1)));
                if (round % 2 != 0) {
                    plain.add(load(without, Duration.ofSeconds(1)));
                }
            }
            taken = snapshots(data.resolve("with")) - taken;
            Results.Pair<Double> both = new Results.Pair<>(plain, snapping);
            return say(Median.of(both, Double::doubleValue), taken);
        }
    }

    private double say(Median median, long taken) throws IOException {
        if (taken < rounds) {
            throw new IOException(
                    "only " + taken + " snapshots in all windows: that shows nothing");
        }
        System.out.printf(
                Locale.ROOT,
                "%,d znodes, %d outstanding: %,.0f writes/s without snapshots, %,.0f with %d of"
                        + " them: %.2f (A against A %.0f %%), asked >= %.2f%n",
                znodes,
                outstanding,
                median.apache(),
                median.vivarium(),
                taken,
                median.ratio(),
                100 * median.spread(),
                LEAST_RATIO);
        return median.ratio();
    }

    private ServerProcess start(Path home, int snapCount) throws IOException {
        return ServerProcess.start(
                Contender.VIVARIUM,
                home,
                bench.launch(),
                ServerProcess.freeAddress(),
                "maxClientCnxns=0\nsnapCount=" + snapCount + "\n");
    }

    private void fill(ServerProcess server) throws IOException {
        try (LoadGenerator client =
                new LoadGenerator(List.of(server.address()), FILLERS, VALUE_BYTES)) {
            client.grow(znodes / CHILDREN, CHILDREN, FILLING, (_, _) -> {});
        }
    }

    /** Writes for a while, and then for the measured time; how many a second. */
    private double load(ServerProcess server, Duration before) throws IOException {
        Load load =
                new Load(
                        Workload.SET_DATA,
                        outstanding,
                        0,
                        Load.connectionsFor(outstanding),
                        VALUE_BYTES,
                        before,
                        Duration.ofSeconds(seconds));
        LoadResult result =
                LoadGenerator.apply(
                        List.of(server.address()), load, true, LoadGenerator.Probe.NONE);
        return result.operationsPerSecond();
    }

    /** How many whole ones there are. */
    private static long snapshots(Path home) throws IOException {
        long count = 0;
        Path directory = home.resolve("data").resolve("version-2");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "snapshot.*")) {
            for (Path _ : files) {
                count++;
            }
        }
        return count;
    }
}
