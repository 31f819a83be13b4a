package vivarium.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import vivarium.benchmarks.load.LoadGenerator;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.JvmProbe;
import vivarium.benchmarks.servers.Launch;
import vivarium.benchmarks.servers.ServerProcess;

/** How long servers take to start, empty and with many znodes, and what those znodes cost. */
final class Starts {
    private static final int CONNECTIONS = 4;
    private static final int OUTSTANDING = 256;
    private static final int VALUE_BYTES = 100;

    private final Launch launch;
    private final Path directory;
    private final PrintStream progress;

    Starts(Launch launch, Path directory, PrintStream progress) {
        this.launch = launch;
        this.directory = directory;
        this.progress = progress;
    }

    /** Starts each server {@code rounds} times in an empty directory, until its first write. */
    Results.Pair<Results.StartSample> empty(int rounds) throws IOException, InterruptedException {
        Results.Pair<Results.StartSample> pair =
                new Results.Pair<>(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round <= rounds; round++) {
            for (Contender contender : inTurn(round)) {
                Path home =
                        directory.resolve(
                                "empty-" + contender.name().toLowerCase(Locale.ROOT) + "-" + round);
                try (ServerProcess server = ServerProcess.start(contender, home, launch)) {
                    Results.StartSample sample = awaitStart(server, LoadGenerator::prepareOne);
                    server.stop();
                    if (round > 0) { // the first brings programs and classes into memory
                        pair.of(contender).add(sample);
                        say(contender, "empty start", sample);
                    }
                }
            }
        }
        return pair;
    }

    /** Fills each server with {@code parents} times {@code children} znodes and starts it again. */
    Results.Pair<Results.TreeSample> bigTree(int parents, int children, int restarts)
            throws IOException, InterruptedException {
        Filled apache = fill(Contender.APACHE, parents, children);
        Filled vivarium = fill(Contender.VIVARIUM, parents, children);
        Results.Pair<Results.StartSample> starts =
                new Results.Pair<>(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < restarts; round++) {
            for (Contender contender : inTurn(round)) {
                Filled filled = contender == Contender.APACHE ? apache : vivarium;
                try (ServerProcess server = ServerProcess.start(contender, filled.home, launch)) {
                    long any = filled.znodes / 2;
                    Results.StartSample sample =
                            awaitStart(server, client -> client.readOneOf(any, children));
                    starts.of(contender).add(sample);
                    say(contender, "start with " + filled.znodes + " znodes", sample);
                    filled.restartedHeapBytes = JvmProbe.liveHeapBytes(server);
                    filled.restartedResidentKibibytes = server.residentKibibytes();
                    server.stop();
                }
            }
        }
        return new Results.Pair<>(
                List.of(apache.sample(starts.apache())),
                List.of(vivarium.sample(starts.vivarium())));
    }

    private Filled fill(Contender contender, int parents, int children)
            throws IOException, InterruptedException {
        Filled filled = new Filled();
        filled.home = directory.resolve("tree-" + contender.name().toLowerCase(Locale.ROOT));
        filled.znodes = (long) parents * children;
        try (ServerProcess server = ServerProcess.start(contender, filled.home, launch)) {
            server.awaitAnswer(LoadGenerator::prepareOne);
            filled.emptyHeapBytes = JvmProbe.liveHeapBytes(server);
            Duration cpu = server.cpuTime();
            long start = System.nanoTime();
            try (LoadGenerator client =
                    new LoadGenerator(List.of(server.address()), CONNECTIONS, VALUE_BYTES)) {
                client.grow(parents, children, OUTSTANDING, (done, total) -> say(done, total));
            }
            filled.fillSeconds = (System.nanoTime() - start) / 1e9;
            filled.fillCpuSeconds = server.cpuTime().minus(cpu).toNanos() / 1e9;
            filled.fullHeapBytes = JvmProbe.liveHeapBytes(server);
            filled.fullResidentKibibytes = server.residentKibibytes();
            server.stop();
        }
        progress.printf(
                "%-9s filled with %d znodes in %.1f s, %.0f bytes of live heap each%n",
                contender.title(),
                filled.znodes,
                filled.fillSeconds,
                (double) (filled.fullHeapBytes - filled.emptyHeapBytes) / filled.znodes);
        return filled;
    }

    private void say(long done, long total) {
        if (done % (Math.max(10, total) / 10) == 0) {
            progress.printf("  %d of %d znodes%n", done, total);
        }
    }

    private void say(Contender contender, String what, Results.StartSample sample) {
        progress.printf(
                "%-9s %s: %.2f s, %.2f s CPU%n",
                contender.title(), what, sample.seconds(), sample.cpuSeconds());
    }

    private static List<Contender> inTurn(int round) {
        Contender first = round % 2 == 0 ? Contender.APACHE : Contender.VIVARIUM;
        return List.of(first, first.other());
    }

    private static Results.StartSample awaitStart(
            ServerProcess server, ServerProcess.Question question)
            throws IOException, InterruptedException {
        Duration elapsed = server.awaitAnswer(question);
        return new Results.StartSample(elapsed.toNanos() / 1e9, server.cpuTime().toNanos() / 1e9);
    }

    /** What is known so far of a server with a large tree. */
    private static final class Filled {
        private Path home = Path.of("");
        private long znodes;
        private double fillSeconds;
        private double fillCpuSeconds;
        private long emptyHeapBytes;
        private long fullHeapBytes;
        private long restartedHeapBytes;
        private long fullResidentKibibytes;
        private long restartedResidentKibibytes;

        Results.TreeSample sample(List<Results.StartSample> restarts) {
            return new Results.TreeSample(
                    znodes,
                    fillSeconds,
                    fillCpuSeconds,
                    emptyHeapBytes,
                    fullHeapBytes,
                    restartedHeapBytes,
                    fullResidentKibibytes,
                    restartedResidentKibibytes,
                    restarts);
        }
    }
}
