package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.Status;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.core.zab.Message;

/**
 * What is over is forgotten: a leader that has done a thousand things more, and undone them, holds
 * no object more. Otherwise a server that runs for a year would hold a year.
 */
final class NothingIsKeptTest {
    /** Beyond the proposals, and the digests, that are kept on purpose. */
    private static final int ROUNDS = 300;

    private final OneOfFive five = new OneOfFive();
    private final World world = five.world;
    private long connections;

    private void everybodyHasAll() {
        for (long sid : new long[] {2, 3}) {
            five.hears(sid, new Message.Ack(world.log.getLast().zxid()));
            for (int i = 0; i < 3; i++) {
                five.pong(sid);
            }
        }
    }

    /** A client comes, uses whatever there is, and goes; another server's client does the same. */
    private void round() {
        long connection = ++connections;
        world.step(new Input.Connect(connection, 0, true, 4_000, 0, false, RandomTxns.WHO));
        everybodyHasAll();
        Operation[] all = {
            World.create("/a", 0),
            World.create("/a/ephemeral", 1),
            World.get("/a", true),
            new Operation.GetChildren(Path.of("/a"), true, false),
            new Operation.Exists(Path.of("/none"), true),
            new Operation.AddWatch(Path.of("/a"), 1),
            World.set("/a", "new"),
            World.create("/a/sequence-", 2),
            new Operation.SetAcl(Path.of("/a"), World.OPEN, -1),
            new Operation.Multi(
                    List.of(
                            World.create("/b", 0),
                            new Operation.CheckVersion(Path.of("/b"), 0),
                            new Operation.Delete(Path.of("/b"), -1))),
            new Operation.Multi(
                    List.of(World.create("/b", 0), new Operation.Delete(Path.of("/none"), -1))),
            new Operation.Delete(Path.of("/none"), -1),
            new Operation.Sync(Path.of("/a")),
        };
        for (int i = 0; i < all.length; i++) {
            world.ask(connection, i + 1, all[i]);
        }
        everybodyHasAll();
        String numbered =
                world.lines.stream()
                        .filter(line -> line.contains(" event CREATED /a/sequence-"))
                        .findFirst()
                        .orElseThrow();
        numbered = numbered.substring(numbered.lastIndexOf(' ') + 1);
        world.ask(connection, 20, new Operation.Delete(Path.of(numbered), -1));
        long session = world.welcomed.getLast();
        long second = ++connections;
        world.reconnect(second, session, true);
        world.ask(second, 21, World.get("/a", true));
        elsewhere(session ^ 1L << 40);
        world.ask(second, 22, new Operation.CloseSession());
        everybodyHasAll();
        dropped();
        world.newLines();
        world.log.clear();
        world.welcomed.clear();
    }

    /** At another server, which passes it on. */
    private void elsewhere(long session) {
        Operation[] all = {
            new Operation.CreateSession(4_000), World.create("/c", 1), new Operation.CloseSession(),
        };
        for (int i = 0; i < all.length; i++) {
            if (all[i] instanceof Operation.Write write) {
                five.hears(2, new Message.Request(session, i, write, RandomTxns.WHO));
            }
            five.hears(2, new Message.SyncRequest(session, i));
        }
        everybodyHasAll();
    }

    /** One goes without a word, and its session with it, when its time is over. */
    private void dropped() {
        long connection = ++connections;
        world.step(new Input.Connect(connection, 0, true, 4_000, 0, false, RandomTxns.WHO));
        everybodyHasAll();
        world.ask(connection, 1, World.get("/a", true));
        world.ask(connection, 2, new Operation.Delete(Path.of("/a"), -1));
        world.step(new Input.Disconnected(connection));
        everybodyHasAll();
        for (int i = 0; i < 14; i++) {
            world.pass(World.TICK / 2);
            everybodyHasAll();
        }
    }

    @Test
    void whatIsOverIsForgotten() throws IllegalAccessException {
        five.isElected();
        five.serves();
        everybodyHasAllPings();
        Status before = world.peer().status();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        int held = Held.by(world.peer(), world);
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        int heldThen = Held.by(world.peer(), world);
        assertTrue(heldThen <= held + ROUNDS / 10, held + " objects, then " + heldThen);
        Status after = world.peer().status();
        assertEquals(figures(before), figures(after));
    }

    private void everybodyHasAllPings() {
        for (long sid : new long[] {2, 3}) {
            five.pong(sid);
        }
        assertTrue(five.phases().contains("phase LEADER_BROADCAST"));
    }

    /** All that is counted: znodes, ephemerals, bytes, sessions, requests that wait, watches. */
    private static List<Long> figures(Status status) {
        return List.of(
                (long) status.nodeCount(),
                (long) status.ephemeralCount(),
                status.approximateDataSize(),
                (long) status.sessionCount(),
                (long) status.outstanding(),
                (long) status.watchCount());
    }
}
