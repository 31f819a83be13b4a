package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivarium.core.Input;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;

/**
 * What a client that comes back is told of what it has missed, for each kind of watch and each
 * change; and whether it is told of the next change, once.
 */
final class LateWatchesTest {
    private static final Path A = Path.of("/a");
    private static final int SET_WATCHES = -8;

    /** Everything that happens to {@code /a} while the client is away. */
    private static void change(World world, String what) {
        switch (what) {
            case "nothing" -> {}
            case "set" -> world.ask(2, 1, World.set("/a", "new"));
            case "child" -> world.ask(2, 1, World.create("/a/k", 0));
            case "deleted" -> world.ask(2, 1, new Operation.Delete(A, -1));
            case "replaced" -> {
                world.ask(2, 1, new Operation.Delete(A, -1));
                world.ask(2, 2, World.create("/a", 0));
            }
            case "created" -> world.ask(2, 1, World.create("/a", 0));
            default -> throw new IllegalArgumentException(what);
        }
        world.settle();
    }

    private static Operation.SetWatches watches(String kind, long seen) {
        List<Path> none = List.of();
        List<Path> a = List.of(A);
        return new Operation.SetWatches(
                seen,
                kind.equals("data") ? a : none,
                kind.equals("exist") ? a : none,
                kind.equals("child") ? a : none,
                none,
                none);
    }

    private static List<String> eventsOf(World world) {
        List<String> events = new ArrayList<>(world.newLines());
        events.removeIf(line -> !line.startsWith("3 event"));
        return events;
    }

    @ParameterizedTest
    @CsvSource({
        "data, nothing, '', DATA_CHANGED",
        "data, set, DATA_CHANGED, ''",
        "data, child, '', DATA_CHANGED",
        "data, deleted, DELETED, ''",
        "data, replaced, DATA_CHANGED, ''",
        "exist, nothing, '', CREATED",
        "exist, created, CREATED, ''",
        "child, nothing, '', CHILDREN_CHANGED",
        "child, set, '', CHILDREN_CHANGED",
        "child, child, CHILDREN_CHANGED, ''",
        "child, deleted, DELETED, ''",
        "child, replaced, CHILDREN_CHANGED, ''"
    })
    void whatWasMissedIsToldAndWhatWasNotIsWatched(
            String kind, String change, String missed, String next) {
        World world = new World();
        long session = world.connect(1, 10_000);
        world.connect(2, 10_000);
        if (!kind.equals("exist")) {
            world.ask(1, 1, World.create("/a", 0));
            world.settle();
        }
        long seen = world.peer().replica().lastProcessedZxid();
        world.step(new Input.Disconnected(1));
        change(world, change);
        world.reconnect(3, session, true);
        world.newLines();
        world.ask(3, SET_WATCHES, watches(kind, seen));
        assertEquals(
                missed.isEmpty() ? List.of() : List.of("3 event " + missed + " /a"),
                eventsOf(world));

        if (world.peer().replica().tree().find(A) == null) {
            world.ask(2, 8, World.create("/a", 0));
        }
        world.ask(2, 9, World.set("/a", "last"));
        world.ask(2, 10, World.create("/a/last", 0));
        world.ask(2, 11, World.set("/a", "very last"));
        world.ask(2, 12, World.create("/a/very-last", 0));
        world.settle();
        assertEquals(
                next.isEmpty() ? List.of() : List.of("3 event " + next + " /a"), eventsOf(world));
    }

    @Test
    void aReadOfWhatIsNotThereLeavesNoWatch() {
        World world = new World();
        world.connect(3, 10_000);
        world.ask(3, 1, World.get("/a", true));
        world.ask(3, 2, new Operation.GetChildren(A, true, false));
        world.ask(3, 3, World.create("/a", 0));
        world.ask(3, 4, World.create("/a/k", 0));
        world.settle();
        assertEquals(List.of(), eventsOf(world));
    }
}
