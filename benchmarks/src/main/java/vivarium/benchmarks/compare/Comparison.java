package vivarium.benchmarks.compare;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import vivarium.benchmarks.load.Load;
import vivarium.benchmarks.load.LoadGenerator;
import vivarium.benchmarks.load.LoadResult;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.Group;
import vivarium.benchmarks.servers.JvmProbe;
import vivarium.benchmarks.servers.Launch;
import vivarium.benchmarks.servers.Machine;
import vivarium.benchmarks.servers.ServerProcess;
import vivarium.benchmarks.servers.WarmUp;

/**
 * Runs both servers at once and loads them in turns. The one whose turn it is not idles, and a turn
 * begins when both do. The order changes with each round, so that whatever drifts meanwhile drifts
 * for both.
 */
final class Comparison {
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final int SETTLED_MILLIS = 200;
    private static final int WARM_UP_OUTSTANDING = 128;

    // What is planned for besides windows: connecting, preparing, coming to rest; starting servers.
    private static final double AROUND_WINDOW_SECONDS = 0.7;
    private static final double START_SECONDS = 8;

    private final Launch launch;
    private final Path directory;
    private final int members;
    private final int rounds;
    private final WarmUp warmUp;
    private final Duration leadIn;
    private final Duration measured;
    private final Progress progress;
    private final OperatingSystemMXBean self =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /**
     * @param members how many servers of each there are
     * @param warmUp how much of each kind of load both servers get before anything is measured
     * @param leadIn the load before each window
     * @param measured the length of a window
     */
    Comparison(
            Launch launch,
            Path directory,
            int members,
            int rounds,
            WarmUp warmUp,
            Duration leadIn,
            Duration measured,
            Progress progress) {
        this.launch = launch;
        this.directory = directory;
        this.members = members;
        this.rounds = rounds;
        this.warmUp = warmUp;
        this.leadIn = leadIn;
        this.measured = measured;
        this.progress = progress;
    }

    /** How long {@link #run} should take, if each lap has to be done but once. */
    double seconds(List<Cell> cells) {
        long kinds = cells.stream().map(Comparison::kindOf).distinct().count();
        return START_SECONDS
                + 2 * kinds * warmUpSeconds()
                + 2 * rounds * cells.stream().mapToDouble(this::windowSeconds).sum();
    }

    /**
     * What a cell is warmed up by: the same for all that differ in nothing but how much there is of
     * it. The length of values is more than that, since large batches and buffers go other ways.
     */
    private static Cell kindOf(Cell cell) {
        boolean spread = cell.workload().isSpread();
        int usual = spread ? WARM_UP_OUTSTANDING : cell.outstanding();
        return new Cell(cell.workload(), usual, 0, cell.valueBytes());
    }

    private double warmUpSeconds() {
        return AROUND_WINDOW_SECONDS + warmUp.lap().toNanos() / 1e9;
    }

    private double windowSeconds(Cell cell) {
        return AROUND_WINDOW_SECONDS + leadIn.plus(cell.window(measured)).toNanos() / 1e9;
    }

    /** Takes what has been measured so far. */
    interface Notebook {
        void write(List<Results.Row> rows) throws IOException;
    }

    /**
     * Measures each of {@code cells} in each round.
     *
     * @param notebook gets all of it after each round, so that a failure costs no more than one
     */
    List<Results.Row> run(List<Cell> cells, Notebook notebook)
            throws IOException, InterruptedException {
        List<Results.Row> rows = new ArrayList<>();
        for (Cell cell : cells) {
            rows.add(
                    new Results.Row(
                            cell.workload(),
                            cell.outstanding(),
                            cell.ratePerSecond(),
                            cell.valueBytes(),
                            new Results.Pair<>(new ArrayList<>(), new ArrayList<>())));
        }
        try (Side apache = new Side(Contender.APACHE);
                Side vivarium = new Side(Contender.VIVARIUM)) {
            progress.done(START_SECONDS);
            apache.warmUp(cells);
            vivarium.warmUp(cells);
            for (int round = 0; round < rounds; round++) {
                Side first = round % 2 == 0 ? apache : vivarium;
                Side second = round % 2 == 0 ? vivarium : apache;
                for (Results.Row row : rows) {
                    for (Side side : List.of(first, second)) {
                        settle(apache.group, vivarium.group);
                        Results.LoadSample sample = side.measure(row.cell());
                        row.samples().of(side.group.contender()).add(sample);
                        progress.done(windowSeconds(row.cell()));
                        say(round, row.cell(), side.group.contender(), sample);
                    }
                }
                notebook.write(rows);
            }
            apache.stop();
            vivarium.stop();
        }
        return rows;
    }

    private void say(int round, Cell cell, Contender contender, Results.LoadSample sample) {
        progress.say(
                "round %d/%d  %-18s %-9s %9.0f/s  p99 %9.0f us  %6.1f us CPU (compilers %.0f%%)%s",
                round + 1,
                rounds,
                cell.title(),
                contender.title(),
                sample.operationsPerSecond(),
                sample.p99Micros(),
                sample.serverCpuMicros(),
                100 * sample.compilingMicros() / sample.serverCpuMicros(),
                sample.othersCpuShare() > 0.1
                        ? String.format("  (others: %.0f%% CPU)", 100 * sample.othersCpuShare())
                        : "");
    }

    /** Waits until neither server has anything left to do, or has had long enough. */
    private static void settle(Group... servers) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + SETTLING.toNanos();
        boolean idle = false;
        while (!idle && System.nanoTime() - giveUp < 0) {
            Duration before = cpuOf(servers);
            Thread.sleep(SETTLED_MILLIS);
            idle = cpuOf(servers).minus(before).toMillis() <= SETTLED_MILLIS / 10;
        }
    }

    private static Duration cpuOf(Group... servers) throws IOException {
        Duration sum = Duration.ZERO;
        for (Group group : servers) {
            sum = sum.plus(group.cpuTime());
        }
        return sum;
    }

    /** All servers of one kind, with their probes. */
    private final class Side implements AutoCloseable {
        final Group group;
        private final List<JvmProbe> probes = new ArrayList<>();

        /** The length of the values that the prepared znodes have, -1 for none. */
        private int preparedBytes = -1;

        Side(Contender contender) throws IOException, InterruptedException {
            Path home = directory.resolve(contender.name().toLowerCase(Locale.ROOT));
            group = new Group(contender, home, launch, members);
            try {
                group.awaitSettled();
                for (ServerProcess server : group.processes()) {
                    probes.add(JvmProbe.attach(server));
                }
            } catch (IOException | InterruptedException e) {
                group.close();
                throw e;
            }
        }

        /** Each kind of load that is to be measured, since each has code of its own. */
        void warmUp(List<Cell> cells) throws IOException {
            Set<Cell> seen = new HashSet<>();
            for (Cell cell : cells) {
                Cell kind = kindOf(cell);
                if (seen.add(kind)) {
                    warmUp(kind);
                    progress.done(warmUpSeconds());
                }
            }
        }

        private void warmUp(Cell cell) throws IOException {
            warmUp.run(
                    probes,
                    () -> {
                        progress.say("warming up %s: %s", group.contender().title(), cell.title());
                        load(cell, warmUp.lap(), Duration.ofMillis(1), LoadGenerator.Probe.NONE);
                    });
        }

        private LoadResult load(
                Cell cell, Duration before, Duration counted, LoadGenerator.Probe watcher)
                throws IOException {
            boolean prepare = cell.valueBytes() != preparedBytes;
            preparedBytes = cell.valueBytes();
            Load load = cell.load(before, counted);
            return LoadGenerator.apply(group.addresses(), load, prepare, watcher);
        }

        Results.LoadSample measure(Cell cell) throws IOException {
            Window window = new Window();
            LoadResult result = load(cell, leadIn, measured, window);
            double operations = Math.max(1, result.operations());
            return new Results.LoadSample(
                    result.operationsPerSecond(),
                    result.latencyMicros(50),
                    result.latencyMicros(99),
                    result.latencyMicros(99.9),
                    result.latency().getMaxValue() / 1e3,
                    window.serverCpuNanos / 1e3 / operations,
                    result.clientCpuMicrosPerOperation(),
                    window.allocatedBytes / operations,
                    window.othersShare(),
                    window.compilingNanos / 1e3 / operations);
        }

        void stop() throws IOException, InterruptedException {
            for (JvmProbe probe : probes) {
                probe.close();
            }
            group.stop();
        }

        @Override
        public void close() {
            group.close();
        }

        /** Differences between the end and the beginning of the measured time. */
        private final class Window implements LoadGenerator.Probe {
            private long serverCpuNanos;
            private long compilingNanos;
            private long allocatedBytes;
            private long ownCpuNanos;
            private long busyNanos;
            private long elapsedNanos;

            @Override
            public void onBegin() throws IOException {
                add(-1);
            }

            @Override
            public void onEnd() throws IOException {
                add(1);
            }

            private void add(int sign) throws IOException {
                for (JvmProbe probe : probes) {
                    allocatedBytes += sign * probe.allocatedBytes();
                }
                compilingNanos += sign * group.compilingTime().toNanos();
                serverCpuNanos += sign * group.cpuTime().toNanos();
                ownCpuNanos += sign * self.getProcessCpuTime();
                busyNanos += sign * Machine.busyTime().toNanos();
                elapsedNanos += sign * System.nanoTime();
            }

            double othersShare() {
                double others = (double) busyNanos - serverCpuNanos - ownCpuNanos;
                return Math.max(0, others)
                        / elapsedNanos
                        / Runtime.getRuntime().availableProcessors();
            }
        }
    }
}
