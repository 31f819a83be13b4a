package vivarium.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares what a large tree costs. */
@Command(
        name = "bigtree",
        mixinStandardHelpOptions = true,
        description = {
            "Fills Apache's server and ours with znodes of 100 bytes, stops them, and starts them"
                + " again in turns. Prints what a znode adds to the live heap, what filling takes,"
                + " and how long and how much CPU a start takes.",
            "",
            "Budgets are for a million znodes; a smaller tree is measured and not judged.",
            "",
            "Exit code 1: a budget was missed.",
            ""
        })
public final class BigTreeCommand implements Callable<Integer> {
    @Mixin private Workbench bench = new Workbench();

    @Option(
            names = {"-n", "--znodes"},
            description = "in the tree (default: ${DEFAULT-VALUE})")
    private int znodes = 1_000_000;

    @Option(
            names = "--starts",
            description = "of each server with that tree (default: ${DEFAULT-VALUE})")
    private int restarts = 3;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path target = bench.target("bigtree");
        Progress progress = new Progress(System.err, Starts.treeSeconds(znodes, restarts));
        Results[] measured = {Results.none(restarts, 0, 0, bench.heapMegabytes())};
        bench.perform(
                target,
                data -> {
                    Starts starts = Starts.roomy(bench.launch(), data, progress);
                    measured[0] = measured[0].withBigTree(starts.bigTree(znodes, restarts));
                    Workbench.write(measured[0], target);
                });
        return Workbench.conclude(measured[0], target);
    }
}
