package vivarium.benchmarks.compare;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.Version;
import org.jspecify.annotations.Nullable;
import vivarium.benchmarks.load.Workload;
import vivarium.benchmarks.servers.Contender;
import vivarium.benchmarks.servers.Machine;

/**
 * All that was measured, one by one; medians are taken when it is reported. Written as JSON beside
 * every report.
 *
 * @param forced servers that are alone, with each write forced to disk before it is acknowledged
 * @param unforced the same without
 * @param trio ensembles of three, with each write forced
 * @param floor what the machine itself takes, measured beside the ensembles of three
 */
public record Results(
        Machine machine,
        Conditions conditions,
        List<Row> forced,
        List<Row> unforced,
        List<Row> trio,
        @Nullable Pair<StartSample> emptyStarts,
        @Nullable Pair<TreeSample> bigTree,
        @Nullable Floor floor) {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    /** Nothing measured yet, on this machine. */
    static Results none(int rounds, double leadInSeconds, double measuredSeconds, int heapMegabytes)
            throws IOException {
        return new Results(
                Machine.here(),
                new Conditions(
                        Version.getVersion(),
                        rounds,
                        leadInSeconds,
                        measuredSeconds,
                        heapMegabytes),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null);
    }

    Results withForced(List<Row> rows) {
        return new Results(machine, conditions, rows, unforced, trio, emptyStarts, bigTree, floor);
    }

    Results withUnforced(List<Row> rows) {
        return new Results(machine, conditions, forced, rows, trio, emptyStarts, bigTree, floor);
    }

    Results withTrio(List<Row> rows) {
        return new Results(
                machine, conditions, forced, unforced, rows, emptyStarts, bigTree, floor);
    }

    Results withFloor(Floor measured) {
        return new Results(
                machine, conditions, forced, unforced, trio, emptyStarts, bigTree, measured);
    }

    Results withEmptyStarts(Pair<StartSample> samples) {
        return new Results(machine, conditions, forced, unforced, trio, samples, bigTree, floor);
    }

    Results withBigTree(Pair<TreeSample> samples) {
        return new Results(
                machine, conditions, forced, unforced, trio, emptyStarts, samples, floor);
    }

    /** How it was measured, and which version of Apache's server beside ours. */
    public record Conditions(
            String apacheVersion,
            int rounds,
            double leadInSeconds,
            double measuredSeconds,
            int heapMegabytes) {}

    /** The samples of both servers. */
    public record Pair<T>(List<T> apache, List<T> vivarium) {

        /** Those of one server. */
        public List<T> of(Contender contender) {
            return switch (contender) {
                case APACHE -> apache;
                case VIVARIUM -> vivarium;
            };
        }
    }

    /** One cell with its samples, a sample a round. */
    public record Row(
            Workload workload,
            int outstanding,
            int ratePerSecond,
            int valueBytes,
            Pair<LoadSample> samples) {

        /** What was asked for. */
        public Cell cell() {
            return new Cell(workload, outstanding, ratePerSecond, valueBytes);
        }
    }

    /**
     * One window.
     *
     * @param serverCpuMicros of the server's process, for each operation
     * @param clientCpuMicros of the load generator's thread, for each operation
     * @param allocatedBytes by the server's JVM, for each operation
     * @param compilingMicros what of {@code serverCpuMicros} was its compilers'; 0 where the system
     *     does not say so
     * @param othersCpuShare what else the machine did, as a share of all its processors
     */
    public record LoadSample(
            double operationsPerSecond,
            double p50Micros,
            double p99Micros,
            double p999Micros,
            double maxMicros,
            double serverCpuMicros,
            double clientCpuMicros,
            double allocatedBytes,
            double othersCpuShare,
            double compilingMicros) {}

    /** From the start of a process to its first answer. */
    public record StartSample(double seconds, double cpuSeconds) {}

    /**
     * A tree of many znodes, filled, stopped and started again.
     *
     * @param emptyHeapBytes the live heap before
     * @param fullHeapBytes the live heap with all znodes
     * @param restartedHeapBytes the live heap with all znodes after a restart
     * @param fullResidentKibibytes of the process after it was filled and all garbage was collected
     * @param restartedResidentKibibytes the same, after a restart
     */
    public record TreeSample(
            long znodes,
            double fillSeconds,
            double fillCpuSeconds,
            long emptyHeapBytes,
            long fullHeapBytes,
            long restartedHeapBytes,
            long fullResidentKibibytes,
            long restartedResidentKibibytes,
            List<StartSample> restarts) {}

    /** Reads what {@link #write} has written. */
    public static Results read(Path file) throws IOException {
        return GSON.fromJson(Files.readString(file), Results.class);
    }

    /** Writes all of it, for {@link #read} and for whoever wants to reckon otherwise. */
    public void write(Path file) throws IOException {
        Files.writeString(file, GSON.toJson(this) + "\n");
    }
}
