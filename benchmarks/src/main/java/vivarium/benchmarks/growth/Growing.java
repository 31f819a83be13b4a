package vivarium.benchmarks.growth;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import vivarium.benchmarks.load.Load;
import vivarium.benchmarks.load.LoadGenerator;
import vivarium.benchmarks.load.LoadResult;
import vivarium.benchmarks.load.Workload;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.Group;
import vivarium.benchmarks.servers.Launch;

/** Servers of both kinds that one curve is measured on, from the smallest size to the largest. */
final class Growing implements AutoCloseable {
    private static final int CHILDREN = 1_000;
    private static final int FILLING = 256;
    private static final int FILLERS = 4;
    private static final int ZNODE_BYTES = 100;
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final int WARM_UP_OUTSTANDING = 128;

    private final Group apache;
    private final Group vivarium;
    private final Duration measured;
    private int parents;

    Growing(Launch launch, Path directory, int members, Workload workload, double seconds)
            throws IOException, InterruptedException {
        this.measured = Duration.ofNanos((long) (seconds * 1e9));
        this.apache = group(Contender.APACHE, launch, directory, members);
        try {
            this.vivarium = group(Contender.VIVARIUM, launch, directory, members);
        } catch (IOException e) {
            apache.close();
            throw e;
        }
        try {
            for (Group group : List.of(apache, vivarium)) {
                group.awaitSettled();
                warmUp(group, workload);
            }
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private static Group group(Contender contender, Launch launch, Path directory, int members)
            throws IOException {
        Path home = directory.resolve(contender.name().toLowerCase(Locale.ROOT));
        return new Group(contender, home, launch, members);
    }

    private static void warmUp(Group group, Workload workload) throws IOException {
        int outstanding = workload.isSpread() ? WARM_UP_OUTSTANDING : 8;
        Load load =
                new Load(
                        workload,
                        outstanding,
                        0,
                        Load.USUAL_CONNECTIONS,
                        ZNODE_BYTES,
                        WARM_UP,
                        Duration.ofMillis(1));
        LoadGenerator.apply(group.addresses(), load, true, LoadGenerator.Probe.NONE);
    }

    /** Makes znodes until there are so many, on both. */
    void fillTo(int znodes) throws IOException {
        int wanted = znodes / CHILDREN;
        for (Group group : List.of(apache, vivarium)) {
            try (LoadGenerator client =
                    new LoadGenerator(group.addresses(), FILLERS, ZNODE_BYTES)) {
                client.growOn(parents, wanted - parents, CHILDREN, FILLING, (_, _) -> {});
            }
        }
        parents = wanted;
    }

    /** One window of one of the two. */
    Growth.Point measure(Curve curve, int size, Contender contender) throws IOException {
        Group group = contender == Contender.APACHE ? apache : vivarium;
        Load load = curve.load(size, measured.dividedBy(2), measured);
        Cpu cpu = new Cpu(group);
        LoadResult result = LoadGenerator.apply(group.addresses(), load, true, cpu);
        return new Growth.Point(
                curve,
                size,
                contender,
                result.operationsPerSecond(),
                cpu.nanos / 1e3 / Math.max(1, result.operations()),
                result.latencyMicros(99));
    }

    private static final class Cpu implements LoadGenerator.Probe {
        private final Group group;
        private long nanos;

        Cpu(Group group) {
            this.group = group;
        }

        @Override
        public void onBegin() throws IOException {
            nanos = -group.cpuTime().toNanos();
        }

        @Override
        public void onEnd() throws IOException {
            nanos += group.cpuTime().toNanos();
        }
    }

    void stop() throws IOException, InterruptedException {
        apache.stop();
        vivarium.stop();
    }

    @Override
    public void close() {
        apache.close();
        vivarium.close();
    }
}
