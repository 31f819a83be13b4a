package vivarium.benchmarks.compare;

import java.io.IOException;
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
    private static final int CHILDREN = 1_000;

    // What is planned for, on a machine of two processors that is not quite idle.
    private static final double EMPTY_SECONDS = 3;
    private static final double FILL_SECONDS = 70e-6;
    private static final double RESTART_SECONDS = 3;
    private static final double RESTART_ZNODE_SECONDS = 12e-6;

    private final Launch launch;
    private final Path directory;
    private final Progress progress;

    Starts(Launch launch, Path directory, Progress progress) {
        this.launch = launch;
        this.directory = directory;
        this.progress = progress;
    }

    /** With twice the heap, which a large tree needs at Apache's. */
    static Starts roomy(Launch launch, Path directory, Progress progress) {
        Launch roomy = launch.withHeapMegabytes(2 * launch.heapMegabytes());
        return new Starts(roomy, directory, progress);
    }

    /** How long {@link #empty} should take. */
    static double emptySeconds(int rounds) {
        return 2 * (rounds + 1) * EMPTY_SECONDS;
    }

    /** How long {@link #bigTree} should take. */
    static double treeSeconds(int znodes, int restarts) {
        return 2 * (znodes * FILL_SECONDS + restarts * restartSeconds(znodes));
    }

    private static double restartSeconds(long znodes) {
        return RESTART_SECONDS + znodes * RESTART_ZNODE_SECONDS;
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
                    progress.done(EMPTY_SECONDS);
                    if (round > 0) { // the first brings programs and classes into memory
                        pair.of(contender).add(sample);
                        say(contender, "empty start", sample);
                    }
                }
            }
        }
        return pair;
    }

    /**
     * Fills each server with so many znodes, in thousands below one parent each, and starts it
     * again.
     */
    Results.Pair<Results.TreeSample> bigTree(int znodes, int restarts)
            throws IOException, InterruptedException {
        int parents = Math.max(1, znodes / CHILDREN);
        Filled apache = fill(Contender.APACHE, parents, CHILDREN);
        Filled vivarium = fill(Contender.VIVARIUM, parents, CHILDREN);
        Results.Pair<Results.StartSample> starts =
                new Results.Pair<>(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < restarts; round++) {
            for (Contender contender : inTurn(round)) {
                Filled filled = contender == Contender.APACHE ? apache : vivarium;
                try (ServerProcess server = ServerProcess.start(contender, filled.home, launch)) {
                    long any = filled.znodes / 2;
                    Results.StartSample sample =
                            awaitStart(server, client -> client.readOneOf(any, CHILDREN));
                    starts.of(contender).add(sample);
                    progress.done(restartSeconds(filled.znodes));
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
        progress.say(
                "%-9s filled with %d znodes in %.1f s, %.0f bytes of live heap each",
                contender.title(),
                filled.znodes,
                filled.fillSeconds,
                (double) (filled.fullHeapBytes - filled.emptyHeapBytes) / filled.znodes);
        return filled;
    }

    private void say(long done, long total) {
        long tenth = Math.max(10, total) / 10;
        if (done % tenth == 0) {
            progress.done(FILL_SECONDS * tenth);
            progress.say("  %d of %d znodes", done, total);
        }
    }

    private void say(Contender contender, String what, Results.StartSample sample) {
        progress.say(
                "%-9s %s: %.2f s, %.2f s CPU",
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
