package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
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
    void aPathWatchedAgainAndAgainLeavesNothingBehind() throws IllegalAccessException {
        Watches watches = new Watches((_, _, _) -> {});
        watches.add(1, Path.of("/other"), WatchMode.DATA);
        int held = Held.by(watches);
        for (int i = 0; i < 100_000; i++) {
            Path path = Path.of("/a" + i % 1_000);
            watches.add(1, path, WatchMode.DATA);
            watches.fire(new WatchEvent(WatchEvent.Type.DATA_CHANGED, path, i), List.of());
        }
        assertEquals(1, watches.count());
        assertEquals(1, watches.pathCount());
        int most = held + 200;
        assertTrue(Held.by(watches) < most, () -> "more than " + most + " objects");
    }

    @Test
    void eachOfManyWatchersOfOnePathIsFoundByItself() {
        Watches watches = new Watches((_, _, _) -> {});
        Path path = Path.of("/a");
        Path other = Path.of("/b");
        for (long connection = 0; connection < 50; connection++) {
            watches.add(connection, other, WatchMode.RECURSIVE);
        }
        for (long connection = 0; connection < 50; connection++) {
            long mixed = connection * 7 % 50;
            watches.add(mixed, path, mixed % 2 == 0 ? WatchMode.DATA : WatchMode.CHILD);
        }
        List<Long> found = new ArrayList<>();
        watches.read(
                WatchMode.DATA,
                (at, connections) -> {
                    assertEquals(path, at);
                    Arrays.stream(connections).forEach(found::add);
                });
        assertEquals(25, found.size());
        assertTrue(found.stream().allMatch(connection -> connection % 2 == 0), found::toString);
        for (long connection = 0; connection < 50; connection++) {
            int mode = connection % 2 == 0 ? WatchMode.DATA : WatchMode.CHILD;
            assertEquals(mode, watches.modes(connection, path));
            assertEquals(100 - 2 * connection, watches.count());
            assertEquals(2, watches.pathCount());
            assertEquals(mode, watches.remove(connection, path, ~0));
            assertEquals(0, watches.modes(connection, path));
            assertEquals(50 - connection, watches.watcherCount());
            watches.disconnect(connection);
        }
        assertEquals(0, watches.pathCount());
        assertEquals(0, watches.count());
    }
}
