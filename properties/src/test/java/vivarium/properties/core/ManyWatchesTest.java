package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.tree.Path;
import vivarium.core.watch.WatchEvent;
import vivarium.core.watch.WatchMode;
import vivarium.core.watch.Watches;

/** What a million watches cost. */
final class ManyWatchesTest {
    private static final int CONNECTIONS = 1_000;
    private static final int PATHS = 100_000;
    private static final int EACH = 1_000;
    private static final long MOST_BYTES = 100L << 20;
    private static final long MOST_END_NANOS = 3_000_000_000L;

    /** The paths are those of the requests, made anew for each; the table keeps one of them. */
    private static Watches fill(List<Long> told) {
        Watches watches = new Watches((connection, _, _) -> told.add(connection));
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            for (int i = 0; i < EACH; i++) {
                int path = (connection * 100 + i * 97) % PATHS;
                watches.add(connection, path(path), WatchMode.DATA);
            }
        }
        return watches;
    }

    private static Path path(int number) {
        return Path.of("/services/a-service-like-many/" + number);
    }

    @Test
    void aMillionWatchesTakeLessThanAHundredMegabytes() {
        List<Long> told = new ArrayList<>();
        long before = liveBytes();
        Watches watches = fill(told);
        long after = liveBytes();
        assertEquals(CONNECTIONS * EACH, watches.count());
        assertEquals(PATHS, watches.pathCount());
        long taken = after - before;
        System.out.println("a million watches: " + (taken >> 10) + " KB");
        assertTrue(taken < MOST_BYTES, () -> taken + " bytes");
        assertTrue(taken > 4L * CONNECTIONS * EACH, () -> taken + " bytes cannot be all");
        assertEquals(CONNECTIONS * EACH, watches.count(), "it is alive until here");
    }

    /** The least of several looks, since other threads of the tests may be at work. */
    private static long liveBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
            least = Math.min(least, heap.getUsed());
        }
        return least;
    }

    @Test
    void eachOfThemIsToldOnceAndNothingIsLeft() {
        List<Long> told = new ArrayList<>();
        Watches watches = fill(told);
        for (int path = 0; path < PATHS; path++) {
            watches.fire(new WatchEvent(WatchEvent.Type.DATA_CHANGED, path(path), path), List.of());
        }
        assertEquals(CONNECTIONS * EACH, told.size());
        assertEquals(0, watches.count());
        assertEquals(0, watches.pathCount());
    }

    /** What fires a path watched by a hundred thousand must not be a hundred thousand squared. */
    @Test
    void aPathThatAllWatchIsFiredInOnePass() {
        List<Long> told = new ArrayList<>();
        Watches watches = new Watches((connection, _, _) -> told.add(connection));
        Path path = path(0);
        for (long connection = 0; connection < PATHS; connection++) {
            watches.add(connection, path, WatchMode.DATA | WatchMode.CHILD);
        }
        for (int i = 0; i < PATHS; i++) {
            watches.fire(new WatchEvent(WatchEvent.Type.DATA_CHANGED, path(i), i), List.of());
        }
        assertEquals(PATHS, told.size());
        assertEquals(PATHS, watches.count(), "those for the children are left");
        watches.fire(new WatchEvent(WatchEvent.Type.CHILDREN_CHANGED, path, 1), List.of());
        assertEquals(2 * PATHS, told.size());
        assertEquals(0, watches.pathCount());
    }

    /**
     * With the rest moved up for each that goes, two million ends took twelve seconds: a server
     * that many clients of one kind leave at once answered nobody meanwhile.
     */
    @Test
    void theEndOfAllWhoWatchTheSameIsNotTheirNumberSquared() {
        int paths = 20;
        Watches watches = new Watches((_, _, _) -> {});
        for (int i = 0; i < paths; i++) {
            Path path = path(i);
            for (long connection = 0; connection < PATHS; connection++) {
                watches.add(connection, path, WatchMode.DATA);
            }
        }
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (long connection = 0; connection < PATHS; connection++) {
            watches.disconnect(connection);
        }
        long cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertEquals(0, watches.count());
        assertEquals(0, watches.pathCount());
        assertTrue(cpuNanos < MOST_END_NANOS, () -> cpuNanos / 1_000_000 + " ms");
    }
}
