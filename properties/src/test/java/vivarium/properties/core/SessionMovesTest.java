package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Ensemble;
import vivarium.core.Input;
import vivarium.core.Replica;
import vivarium.core.Timing;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.core.tree.Identity;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.zab.Message;

/** A leader hears of one session from two servers: the one that it has left, and the next. */
final class SessionMovesTest {
    private static final long LEFT = 1;
    private static final long NEXT = 2;
    private static final long LEADER = 3;
    private static final long SESSION = 100;
    private static final int TIMEOUT_MILLIS = 4_000;
    private static final List<Identity> WHO = List.of(new Identity("ip", "127.0.0.1"));

    private final World world =
            new World(
                    new Ensemble(LEADER, List.of(LEFT, NEXT, LEADER), List.of()),
                    Replica.fresh(true),
                    Timing.ofTick(World.TICK),
                    100);

    @BeforeEach
    void itLeadsAndTheSessionIsAtTheFirst() {
        Vote vote = new Vote(LEADER, 0, 0);
        for (long sid : List.of(LEFT, NEXT)) {
            Notification looking = new Notification(Notification.State.LOOKING, vote, 1);
            world.step(new Input.Notified(sid, looking));
        }
        for (long sid : List.of(LEFT, NEXT)) {
            world.step(new Input.LinkUp(sid));
            hears(sid, new Message.LearnerInfo(0, true));
        }
        world.settle();
        hears(LEFT, new Message.AckEpoch(true, 0, 0));
        hears(NEXT, new Message.AckEpoch(true, 0, 0));
        world.settle();
        hears(LEFT, new Message.Ack(Zxid.of(1, 0)));
        hears(NEXT, new Message.Ack(Zxid.of(1, 0)));
        asks(LEFT, 0, new Operation.CreateSession(TIMEOUT_MILLIS));
        world.settle();
        assertEquals(new Txn.CreateSession(TIMEOUT_MILLIS), lastProposed().txn());
    }

    private void hears(long sid, Message.FromLearner message) {
        world.step(new Input.Received(sid, message));
    }

    private void asks(long sid, int xid, Operation.Write operation) {
        hears(sid, new Message.Request(SESSION, xid, operation, WHO));
    }

    private void movesTo(long sid) {
        hears(sid, new Message.Revalidate(SESSION, TIMEOUT_MILLIS));
    }

    private void bothAnswerAllPings() {
        for (int i = 0; i < 4; i++) {
            hears(LEFT, new Message.Pong(0, List.of()));
            hears(NEXT, new Message.Pong(0, List.of()));
        }
        world.settle();
    }

    private Proposal lastProposed() {
        return world.log.getLast();
    }

    @Test
    void whatComesLateFromTheServerThatItHasLeftIsRefused() {
        movesTo(NEXT);
        asks(LEFT, 1, World.create("/late", 0));
        assertEquals(new Txn.Failure(ErrorCode.SESSION_MOVED.code()), lastProposed().txn());
    }

    /** Found by the simulated world: 4 runs of 4,246. */
    @Test
    void soItIsIfItHadToWaitForASyncWhileThatServerAskedForTheSessionAgain() {
        movesTo(NEXT);
        asks(NEXT, 2, World.create("/next", 0));
        hears(NEXT, new Message.SyncRequest(SESSION, 3));
        asks(LEFT, 1, World.create("/late", 0));
        assertEquals(2, lastProposed().cxid());
        movesTo(LEFT);
        hears(LEFT, new Message.Ack(lastProposed().zxid()));
        hears(NEXT, new Message.Ack(lastProposed().zxid()));
        world.settle();
        bothAnswerAllPings();
        assertEquals(1, lastProposed().cxid());
        assertEquals(new Txn.Failure(ErrorCode.SESSION_MOVED.code()), lastProposed().txn());
    }

    /** Found by the simulated world: 3 servers and an observer, 8 clients, seed 1400569. */
    @Test
    void whatWaitedForASyncThatIsLostWithItsServerStaysBehindTheSyncBeforeIt() {
        movesTo(NEXT);
        hears(NEXT, new Message.SyncRequest(SESSION, 1));
        asks(NEXT, 2, World.create("/first", 0));
        movesTo(LEFT);
        hears(LEFT, new Message.SyncRequest(SESSION, 3));
        movesTo(NEXT);
        asks(NEXT, 4, World.create("/second", 0));
        world.step(new Input.LinkDown(LEFT));
        assertEquals(0, lastProposed().cxid(), "both wait for the sync");
        hears(NEXT, new Message.Ack(lastProposed().zxid()));
        for (int i = 0; i < 4; i++) {
            hears(NEXT, new Message.Pong(0, List.of()));
        }
        List<Integer> asked = world.log.stream().map(Proposal::cxid).toList();
        assertEquals(List.of(2, 4), asked.subList(asked.size() - 2, asked.size()));
    }

    /** It would read on, and never be told that nothing that it writes is done. */
    @Test
    void whoWritesAtTheServerThatItsSessionHasLeftIsSentAway() {
        world.step(new Input.Connect(7, 0, true, TIMEOUT_MILLIS, 0, false, WHO));
        commitsAll();
        long mine = world.welcomed.getLast();
        hears(NEXT, new Message.Revalidate(mine, TIMEOUT_MILLIS));
        world.ask(7, 1, World.create("/late", 0));
        commitsAll();
        assertTrue(world.newLines().contains("7 close SESSION_MOVED"));
    }

    private void commitsAll() {
        hears(LEFT, new Message.Ack(lastProposed().zxid()));
        hears(NEXT, new Message.Ack(lastProposed().zxid()));
        world.settle();
    }
}
