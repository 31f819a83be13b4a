package vivarium.benchmarks.jmh;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the JMH benchmarks of this package. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the benchmarks of the hot path and prints, for each, nanoseconds and allocated"
                    + " bytes an operation.",
            "",
            "They are called CoreStep, Frames, LogRecords, BytesToBytes, ThreePeers and"
                    + " CommitMeasures (what measures cost).",
            "",
            "Exit code 1: one allocates more than its budget.",
            ""
        })
public final class JmhCommand implements Callable<Integer> {
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    @Parameters(
            paramLabel = "REGEX",
            arity = "0..*",
            description = "which ones, by any part of their names (default: all)")
    private List<String> includes = new ArrayList<>();

    @Option(names = "--forks", description = "JVMs for each benchmark (default: 2)")
    private int forks = 2;

    @Option(
            names = "--iterations",
            description = "measured iterations of a second, after as many for warm-up (default: 5)")
    private int iterations = 5;

    @Option(names = "--verbose", description = "show what JMH says meanwhile")
    private boolean verbose;

    @Override
    public Integer call() throws RunnerException, IOException {
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .forks(forks)
                        .warmupIterations(iterations)
                        .measurementIterations(iterations)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementTime(TimeValue.seconds(1))
                        .jvmArgsAppend("-XX:+UseCompactObjectHeaders")
                        .shouldFailOnError(true)
                        .addProfiler(GCProfiler.class)
                        .verbosity(verbose ? VerboseMode.NORMAL : VerboseMode.SILENT);
        includes.forEach(options::include);
        Collection<RunResult> results = new Runner(options.build()).run();
        Map<String, Integer> budgets = AllocationBudgets.read();
        System.out.print(table(results, budgets));
        results.forEach(JmhCommand::sayCostOfMeasures);
        return results.stream().anyMatch(run -> isMissed(run, budgets)) ? 1 : 0;
    }

    /** Where it was measured: how much more a commit takes with measures than without. */
    private static void sayCostOfMeasures(RunResult run) {
        Result<?> commits = run.getSecondaryResults().get("commits");
        Result<?> without = run.getSecondaryResults().get("without");
        Result<?> with = run.getSecondaryResults().get("with");
        if (commits != null && without != null && with != null) {
            double bareNanos = without.getScore() / commits.getScore();
            double countedNanos = with.getScore() / commits.getScore();
            System.out.printf(
                    Locale.ROOT,
                    "%s: a commit of three servers takes %.0f ns without measures and %.0f with"
                            + " them, %.0f more at each%n",
                    name(run),
                    bareNanos,
                    countedNanos,
                    (countedNanos - bareNanos) / ThreePeers.PEERS);
        }
    }

    private static String name(RunResult run) {
        String name = run.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    private static boolean isMissed(RunResult run, Map<String, Integer> budgets) {
        Integer budget = budgets.get(name(run));
        Result<?> bytes = run.getSecondaryResults().get(ALLOCATION);
        // JMH's own loop allocates a fraction of a byte.
        return budget != null && bytes != null && bytes.getScore() >= budget + 1;
    }

    /** As Markdown. */
    static String table(Collection<RunResult> results, Map<String, Integer> budgets) {
        StringBuilder out = new StringBuilder();
        out.append("| benchmark | ns/op | ± | B/op | budget |\n|---|---:|---:|---:|---:|\n");
        for (RunResult run : results) {
            Integer budget = budgets.get(name(run));
            Result<?> time = run.getPrimaryResult();
            Result<?> bytes = run.getSecondaryResults().get(ALLOCATION);
            out.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.0f | %.0f | %s | %s |%n",
                            name(run),
                            time.getScore(),
                            time.getScoreError(),
                            bytes == null
                                    ? ""
                                    : String.format(Locale.ROOT, "%.0f", bytes.getScore()),
                            budget == null
                                    ? ""
                                    : isMissed(run, budgets) ? budget + " missed" : budget));
        }
        return out.toString();
    }
}
