package vivarium.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vivarium.benchmarks.load.Load;
import vivarium.benchmarks.load.LoadGenerator;
import vivarium.benchmarks.load.LoadResult;
import vivarium.benchmarks.load.Workload;

/** Loads one server that already runs. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Loads servers that run already, whichever they are, and prints throughput and"
                    + " latency.",
            "",
            "It works on znodes under /bench, which it makes where they are missing and leaves"
                    + " there, so that it can be run again.",
            ""
        })
final class LoadCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "HOST:PORT[,...]",
            description = "the server, or all those of its ensemble with a comma between them")
    private String server = "";

    @Option(
            names = {"-w", "--workload"},
            description =
                    "one of ${COMPLETION-CANDIDATES}; mixed is nine getData to one setData, multi"
                            + " ten setData (default: ${DEFAULT-VALUE})")
    private Workload workload = Workload.SET_DATA;

    @Option(
            names = {"-n", "--outstanding"},
            description = "requests unanswered at any time (default: ${DEFAULT-VALUE})")
    private int outstanding = 128;

    @Option(
            names = {"-r", "--rate"},
            description =
                    "requests a second, whether or not the server keeps up; latency counts from"
                            + " when each was due (default: as many as --outstanding allows)")
    private int ratePerSecond;

    @Option(
            names = {"-c", "--connections"},
            description = "sessions to spread them over (default: 8, or as many as --outstanding)")
    private int connections;

    @Option(
            names = {"-b", "--bytes"},
            description = "length of a value (default: ${DEFAULT-VALUE})")
    private int valueBytes = 100;

    @Option(
            names = {"-t", "--seconds"},
            description = "measured time (default: ${DEFAULT-VALUE})")
    private int seconds = 10;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "load before that (default: ${DEFAULT-VALUE})")
    private int warmUpSeconds = 5;

    @Override
    public Integer call() throws IOException {
        int spread =
                connections > 0
                        ? connections
                        : ratePerSecond > 0
                                ? Load.USUAL_CONNECTIONS
                                : Load.connectionsFor(outstanding);
        Load load;
        try {
            load =
                    new Load(
                            workload,
                            outstanding,
                            ratePerSecond,
                            spread,
                            valueBytes,
                            Duration.ofSeconds(warmUpSeconds),
                            Duration.ofSeconds(seconds));
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
        print(LoadGenerator.apply(addresses(), load, true, LoadGenerator.Probe.NONE));
        return 0;
    }

    private static void print(LoadResult result) {
        System.out.printf(
                Locale.ROOT,
                "%.0f operations/s; latency in us: p50 %.0f, p90 %.0f, p99 %.0f, p99.9 %.0f, max"
                        + " %.0f; client CPU %.1f us/operation%n",
                result.operationsPerSecond(),
                result.latencyMicros(50),
                result.latencyMicros(90),
                result.latencyMicros(99),
                result.latencyMicros(99.9),
                result.latency().getMaxValue() / 1e3,
                result.clientCpuMicrosPerOperation());
    }

    private List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String one : server.split(",", -1)) {
            int colon = one.lastIndexOf(':');
            try {
                String host = one.substring(0, colon);
                int port = Integer.parseInt(one.substring(colon + 1));
                addresses.add(new InetSocketAddress(host, port));
            } catch (IndexOutOfBoundsException | IllegalArgumentException _) {
                throw wrong("'" + one + "' is not HOST:PORT");
            }
        }
        return addresses;
    }

    private ParameterException wrong(@Nullable String message) {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        return new ParameterException(spec.commandLine(), message == null ? "wrong" : message);
    }
}
