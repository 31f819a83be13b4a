package vivarium.benchmarks.jmh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
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
            "They are called CoreStep, Frames, LogRecords and BytesToBytes.",
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
    public Integer call() throws RunnerException {
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
        System.out.print(table(new Runner(options.build()).run()));
        return 0;
    }

    /** As Markdown. */
    static String table(Collection<RunResult> results) {
        StringBuilder out = new StringBuilder();
        out.append("| benchmark | ns/op | ± | B/op |\n|---|---:|---:|---:|\n");
        for (RunResult run : results) {
            String name = run.getParams().getBenchmark();
            String shown = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
            Result<?> time = run.getPrimaryResult();
            Result<?> bytes = run.getSecondaryResults().get(ALLOCATION);
            out.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.0f | %.0f | %s |%n",
                            shown,
                            time.getScore(),
                            time.getScoreError(),
                            bytes == null
                                    ? ""
                                    : String.format(Locale.ROOT, "%.0f", bytes.getScore())));
        }
        return out.toString();
    }
}
