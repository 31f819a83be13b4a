package vivarium.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vivarium.benchmarks.compare.Workbench;
import vivarium.benchmarks.load.IdleSessions;
import vivarium.benchmarks.load.LoadGenerator;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.JvmProbe;
import vivarium.benchmarks.servers.ServerProcess;
import vivarium.benchmarks.servers.WarmUp;

/** What sessions cost that do nothing. */
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        description = {
            "Opens many sessions on Apache's server and on ours, one server after the other, and"
                + " keeps them alive by pings alone. Prints the CPU that the server takes for that,"
                + " as a share of one core, and the live heap of a session.",
            "",
            "Each session needs two open files on this machine: see ulimit -n.",
            "",
            "Exit code 1: ours takes more than 2 % of a core for 10,000 sessions (for fewer, as"
                    + " much less).",
            ""
        })
final class IdleCommand implements Callable<Integer> {
    private static final double MOST_SHARE = 0.02;
    private static final double JUDGED_SESSIONS = 10_000;
    private static final int MOST_WARM_UPS = 4;

    @Mixin private Workbench bench = new Workbench();

    @Option(
            names = {"-n", "--sessions"},
            description = "how many (default: ${DEFAULT-VALUE})")
    private int sessions = 10_000;

    @Option(
            names = {"-t", "--seconds"},
            description =
                    "measured time, after a warm-up of half of it, up to four times while the"
                            + " server's compilers are busy (default: ${DEFAULT-VALUE})")
    private int seconds = 30;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<Contender, Double> shares = new EnumMap<>(Contender.class);
        bench.perform(
                bench.target("idle"),
                data -> {
                    for (Contender contender : Contender.values()) {
                        shares.put(contender, measure(contender, data));
                    }
                });
        double most = MOST_SHARE * Math.min(1, sessions / JUDGED_SESSIONS);
        return shares.getOrDefault(Contender.VIVARIUM, 1.0) > most ? 1 : 0;
    }

    private void warmUp(ServerProcess server, IdleSessions idle) throws IOException {
        WarmUp warmUp = new WarmUp(Duration.ofSeconds(seconds).dividedBy(2), MOST_WARM_UPS);
        try (JvmProbe probe = JvmProbe.attach(server)) {
            warmUp.run(List.of(probe), () -> idle.idle(warmUp.lap()));
        }
    }

    private double measure(Contender contender, Path data)
            throws IOException, InterruptedException {
        Path home = data.resolve(contender.name().toLowerCase(Locale.ROOT));
        try (ServerProcess server =
                        ServerProcess.start(
                                contender,
                                home,
                                bench.launch(),
                                ServerProcess.freeAddress(),
                                "maxClientCnxns=0\n");
                IdleSessions idle = new IdleSessions()) {
            server.awaitAnswer(LoadGenerator::prepareOne);
            long emptyBytes = JvmProbe.liveHeapBytes(server);
            Duration before = server.cpuTime();
            idle.open(server.address(), sessions);
            double openMicros = server.cpuTime().minus(before).toNanos() / 1e3 / sessions;
            long fullBytes = JvmProbe.liveHeapBytes(server);
            warmUp(server, idle);
            long begin = System.nanoTime();
            before = server.cpuTime();
            long pings = idle.idle(Duration.ofSeconds(seconds));
            double took = server.cpuTime().minus(before).toNanos() / 1e9;
            double share = took * 1e9 / (System.nanoTime() - begin);
            System.out.printf(
                    Locale.ROOT,
                    "%-9s %d idle sessions: %.2f %% of a core, %.1f us a ping; %d bytes of live"
                            + " heap and %.0f us to open each%n",
                    contender.title(),
                    sessions,
                    share * 100,
                    took * 1e6 / pings,
                    (fullBytes - emptyBytes) / sessions,
                    openMicros);
            return share;
        }
    }
}
