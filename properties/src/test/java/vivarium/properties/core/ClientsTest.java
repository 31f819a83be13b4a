package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.Replica;
import vivarium.core.Status;
import vivarium.core.Timing;
import vivarium.core.txn.Operation;

/** What a server keeps of its clients, and when it lets them wait. */
final class ClientsTest {
    private static final int MOST = 4;

    private final World world = new World(Replica.fresh(true), Timing.ofTick(World.TICK), MOST);

    private long told(String line) {
        return world.newLines().stream().filter(line::equals).count();
    }

    private void writes(long connection, int from, int to) {
        for (int xid = from; xid <= to; xid++) {
            world.ask(connection, xid, World.set("/none", "x"));
        }
    }

    @Test
    void whoHasGoneIsToldNothingMore() {
        world.connect(1, 10_000);
        world.connect(2, 10_000);
        world.ask(1, 1, World.create("/a", 0));
        world.settle();
        world.ask(1, 2, World.get("/a", true));
        world.ask(1, 3, World.set("/a", "late"));
        world.step(new Input.Disconnected(1));
        world.newLines();
        world.ask(2, 1, World.set("/a", "new"));
        world.settle();
        assertEquals(List.of(), world.newLines().stream().filter(l -> l.startsWith("1 ")).toList());
        Status status = world.peer().status();
        assertEquals(0, status.watchCount());
        assertEquals(0, status.watcherCount());
        assertEquals(0, status.outstanding());
    }

    /** Nobody will answer it, so nobody may wait for it. */
    @Test
    void whatIsAskedBehindTheEndOfASessionIsNotWaitedFor() {
        world.connect(1, 10_000);
        world.ask(1, 1, World.create("/a", 0));
        world.ask(1, 2, new Operation.CloseSession());
        writes(1, 3, 4);
        assertEquals(4, world.peer().status().outstanding());
        world.settle();
        assertEquals(0, world.peer().status().outstanding());
    }

    @Test
    void whoAsksTooMuchWaitsUntilHalfOfItIsAnsweredAndIsToldOnce() {
        world.connect(1, 10_000);
        for (int round = 0; round < 3; round++) {
            world.newLines();
            writes(1, 1, MOST);
            assertEquals(0, told("1 throttle true"), "as much as there may be");
            writes(1, MOST + 1, MOST + 2);
            assertEquals(1, told("1 throttle true"));
            world.settle();
            assertEquals(1, told("1 throttle false"));
        }
    }

    /** What it had asked to read is read by nobody. */
    @Test
    void whoLeavesMakesRoomForTheOthers() {
        world.connect(1, 10_000);
        world.connect(2, 10_000);
        writes(1, 1, 1);
        for (int xid = 2; xid <= MOST; xid++) {
            world.ask(1, xid, World.get("/", false));
        }
        writes(2, 1, 1);
        assertEquals(1, told("2 throttle true"));
        world.step(new Input.Disconnected(1));
        assertEquals(1, told("2 throttle false"));
        assertEquals(2, world.peer().status().outstanding());
    }
}
