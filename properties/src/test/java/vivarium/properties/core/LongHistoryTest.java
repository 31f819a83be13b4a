package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.tree.Identity;

/**
 * A history may take longer to send than a server may be silent: what gets through of it is a sign
 * of life. Otherwise the learner would be given up each time, and never be brought up.
 */
class LongHistoryTest {
    private static final long ROOM_MILLIS = 100;
    private static final int WRITES = 150;

    /** Far more than initLimit and syncLimit together. */
    private static final long LONG_MILLIS = 30 * ROOM_MILLIS + 30_000;

    private final MiniEnsemble world = new MiniEnsemble(11, 3, 0);

    @BeforeEach
    void threeServe() {
        world.calm = true;
        world.firstZnodes = 1;
        awaitServing(1, 2, 3);
    }

    @Test
    void aSnapshotThatTakesLongIsFinished() {
        write();
        world.server(1).crash();
        world.server(1).disk.wipe();
        world.roomMillis = ROOM_MILLIS;
        world.server(1).start();
        awaitServing(1, 2, 3);
    }

    /** Nothing gets through while the disk works, and a learner may not say a word meanwhile. */
    @Test
    void aLearnerWhoseDiskTakesLongWithASnapshotIsGivenMoreTimeWhenItComesAgain() {
        write();
        world.server(1).crash();
        world.server(1).disk.wipe();
        world.server(1).installMillis = 20_000;
        world.server(1).start();
        await(5 * LONG_MILLIS, 1, 2, 3);
    }

    @Test
    void aLeaderWaitsForItsQuorumAsLongAsItsLogGetsThrough() {
        world.server(1).crash();
        awaitServing(2, 3);
        write();
        world.server(2).crash();
        world.roomMillis = ROOM_MILLIS;
        world.server(1).start();
        awaitServing(1, 3);
    }

    /** Otherwise a learner that takes a day over it would have the leader keep a day of writes. */
    @Test
    void whatWaitsBehindASnapshotHasALimit() {
        tooMuchWaitsBehind(() -> world.server(1).disk.wipe());
    }

    @Test
    void whatWaitsBehindALogThatIsReadBackHasALimit() {
        tooMuchWaitsBehind(() -> {});
    }

    private void tooMuchWaitsBehind(Runnable loss) {
        world.behindBytes = 5_000;
        restart(2);
        restart(3);
        write(1, 5);
        world.server(1).crash();
        awaitServing(2, 3);
        write(6, WRITES);
        loss.run();
        world.roomMillis = LONG_MILLIS;
        world.server(1).start();
        world.run(5_000);
        MiniServer leader = Objects.requireNonNull(world.leader());
        assertEquals(List.of(), leader.givenUp, "nothing was written yet");
        write(WRITES + 1, 2 * WRITES);
        assertFalse(leader.givenUp.isEmpty());
        assertTrue(leader.givenUp.getFirst().startsWith("1 "), leader.givenUp::toString);
        assertTrue(
                leader.givenUp.getFirst().endsWith(" bytes wait behind the history it lacks"),
                leader.givenUp::toString);
        world.roomMillis = 1;
        awaitServing(1, 2, 3);
    }

    /** With the settings as they are now. */
    private void restart(long sid) {
        world.server(sid).crash();
        world.server(sid).start();
        awaitServing(1, 2, 3);
    }

    private void awaitServing(long... sids) {
        await(LONG_MILLIS, sids);
    }

    private void await(long millis, long... sids) {
        for (int i = 0; i < millis / 50 && !serve(sids); i++) {
            world.run(50);
        }
        assertTrue(serve(sids), "EventuallyServes");
    }

    private boolean serve(long... sids) {
        boolean all = true;
        for (long sid : sids) {
            MiniServer server = world.server(sid);
            all &= server.isUp() && server.phase().isServing();
        }
        return all;
    }

    private void write() {
        write(1, WRITES);
    }

    private void write(int first, int last) {
        MiniServer server = world.server(3);
        List<Identity> who = List.of(new Identity("ip", "127.0.0.1"));
        server.step(new Input.Connect(first, 0, true, 4_000, 0, false, who));
        await(server, first + " welcome");
        for (int i = first; i <= last; i++) {
            server.step(new Input.Request(first, i, World.create("/a" + i, 0)));
        }
        await(server, first + " reply " + last + " Created");
    }

    private void await(MiniServer server, String reply) {
        for (int i = 0; i < 2_000 && !server.replies.contains(reply); i++) {
            world.run(5);
        }
        assertTrue(server.replies.contains(reply), reply);
    }
}
