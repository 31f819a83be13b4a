package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import vivarium.core.tree.Path;
import vivarium.core.watch.WatchEvent;
import vivarium.core.watch.WatchMode;
import vivarium.core.watch.Watches;

/** The compact table of watches against the plainest one there could be. */
final class WatchesTest {

    /** Connection and path to modes; nothing clever. */
    private static final class Plain {
        final TreeMap<Long, TreeMap<Path, Integer>> modes = new TreeMap<>();

        void add(long connection, Path path, int more) {
            modes.computeIfAbsent(connection, _ -> new TreeMap<>())
                    .merge(path, more, (a, b) -> a | b);
        }

        int remove(long connection, Path path, int less) {
            TreeMap<Path, Integer> mine = modes.getOrDefault(connection, new TreeMap<>());
            int before = mine.getOrDefault(path, 0);
            if ((before & ~less) == 0) {
                mine.remove(path);
            } else {
                mine.put(path, before & ~less);
            }
            return before;
        }

        List<Long> fire(WatchEvent event) {
            TreeSet<Long> told = new TreeSet<>();
            boolean children = event.type() == WatchEvent.Type.CHILDREN_CHANGED;
            boolean deleted = event.type() == WatchEvent.Type.DELETED;
            for (var entry : modes.entrySet()) {
                for (var watch : List.copyOf(entry.getValue().entrySet())) {
                    boolean here = watch.getKey().equals(event.path());
                    boolean above = event.path().isAtOrBelow(watch.getKey());
                    int mode = watch.getValue();
                    int once = children ? WatchMode.CHILD : WatchMode.DATA;
                    once |= deleted ? WatchMode.CHILD : 0;
                    boolean recursive = above && !children && (mode & WatchMode.RECURSIVE) != 0;
                    if (recursive || (here && (mode & (once | WatchMode.PERSISTENT)) != 0)) {
                        told.add(entry.getKey());
                    }
                    if (here) {
                        remove(entry.getKey(), watch.getKey(), once);
                    }
                }
            }
            return List.copyOf(told);
        }

        int count() {
            int count = 0;
            for (var mine : modes.values()) {
                for (int mode : mine.values()) {
                    count += Integer.bitCount(mode);
                }
            }
            return count;
        }
    }

    @Test
    void whoIsToldOfWhatIsAsThePlainestTableSays() {
        Seeds.each(
                500,
                random -> {
                    List<Long> told = new ArrayList<>();
                    Watches compact = new Watches((connection, _, _) -> told.add(connection));
                    Plain plain = new Plain();
                    RandomTxns draw = new RandomTxns(random);
                    boolean recursive = random.nextBoolean();
                    for (int i = 0; i < 400; i++) {
                        long connection = random.nextInt(12);
                        Path path = draw.path();
                        int mode = 1 << random.nextInt(recursive ? 4 : 3);
                        switch (random.nextInt(8)) {
                            case 0 -> {
                                compact.disconnect(connection);
                                plain.modes.remove(connection);
                            }
                            case 1 ->
                                    assertEquals(
                                            plain.remove(connection, path, mode),
                                            compact.remove(connection, path, mode));
                            case 2, 3 -> {
                                var types = WatchEvent.Type.values();
                                var type = types[random.nextInt(types.length)];
                                WatchEvent event = new WatchEvent(type, path, i);
                                told.clear();
                                compact.fire(event, List.of());
                                told.sort(null);
                                assertEquals(plain.fire(event), told, event::toString);
                            }
                            default -> {
                                compact.add(connection, path, mode);
                                plain.add(connection, path, mode);
                            }
                        }
                        assertEquals(plain.count(), compact.count());
                    }
                });
    }

    @Test
    void aPathWatchedAgainAndAgainLeavesNothingBehind() {
        Watches watches = new Watches((_, _, _) -> {});
        Path path = Path.of("/a");
        for (int i = 0; i < 100_000; i++) {
            watches.add(1, path, WatchMode.DATA);
            watches.fire(new WatchEvent(WatchEvent.Type.DATA_CHANGED, path, i), List.of());
        }
        assertEquals(0, watches.count());
        assertEquals(0, watches.pathCount());
    }
}
