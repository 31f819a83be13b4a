package vivarium.benchmarks.servers;

import java.nio.file.Path;
import java.util.List;

/**
 * How servers are started.
 *
 * @param house the project's root, where the front door of the server is
 * @param heapMegabytes the largest heap, the same for both
 * @param forceSync whether a write is forced to disk before it is acknowledged, as both do unless
 *     they are told otherwise
 * @param apacheFlags more flags for the JVM of Apache's server
 * @param vivariumFlags more flags for the JVM of ours
 */
public record Launch(
        Path house,
        int heapMegabytes,
        boolean forceSync,
        List<String> apacheFlags,
        List<String> vivariumFlags) {

    /** The heap that ZooKeeper's own script gives. */
    public static final int USUAL_HEAP_MEGABYTES = 1_000;

    /** The same, but with or without forcing. */
    public Launch withForceSync(boolean force) {
        return new Launch(house, heapMegabytes, force, apacheFlags, vivariumFlags);
    }

    /** The same, but with this heap. */
    public Launch withHeapMegabytes(int megabytes) {
        return new Launch(house, megabytes, forceSync, apacheFlags, vivariumFlags);
    }
}
