package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.zab.Message;

/**
 * A client is told that its session is over when that has been agreed, and by a leader that still
 * leads. Found by the simulated world: 3 servers, a deposed leader; 1 server, seeds 821951 and
 * 821982, epochs that were used up.
 */
final class LostSessionsTest {
    private static final long SESSION = 77;
    private static final int TIMEOUT_MILLIS = 4_000;
    private static final List<Identity> WHO = List.of(new Identity("ip", "127.0.0.1"));

    private final OneOfFive five = new OneOfFive();
    private final World world = five.world;

    @BeforeEach
    void itLeads() {
        five.isElected();
        five.serves();
        bothAnswer();
        world.newLines();
    }

    private void bothAnswer() {
        five.pong(2);
        five.pong(3);
    }

    private void comesBackAt(long sid, long session) {
        five.hears(sid, new Message.Revalidate(session, TIMEOUT_MILLIS));
    }

    private void asks(int xid, Operation.Write operation) {
        five.hears(2, new Message.Request(SESSION, xid, operation, WHO));
    }

    private void acknowledges(long sid) {
        five.hears(sid, new Message.Ack(world.log.getLast().zxid()));
    }

    /** What was said of sessions since anybody looked. */
    private List<String> said() {
        return world.newLines().stream().filter(line -> line.contains("Revalidated")).toList();
    }

    private static String says(long sid, long session, boolean valid) {
        return "sends " + sid + " " + new Message.Revalidated(session, valid);
    }

    @Test
    void aSessionThatIsNotKnownIsOverWhenAQuorumHasSaidThatThisServerStillLeads() {
        comesBackAt(2, SESSION);
        assertEquals(List.of(), said(), "another may lead by now, and know it");
        five.pong(2);
        assertEquals(List.of(), said(), "two of five are no quorum");
        five.pong(3);
        assertEquals(List.of(says(2, SESSION, false)), said());
    }

    @Test
    void soItIsForAClientOfItsOwn() {
        world.reconnect(1, SESSION, true);
        assertEquals(false, world.newLines().contains("1 reject"));
        bothAnswer();
        assertTrue(world.newLines().contains("1 reject"));
    }

    @Test
    void whoComesWhileThatIsAskedIsAnsweredByTheNextQuestion() {
        comesBackAt(2, SESSION);
        comesBackAt(3, SESSION + 1);
        bothAnswer();
        assertEquals(List.of(says(2, SESSION, false)), said());
        bothAnswer();
        assertEquals(List.of(says(3, SESSION + 1, false)), said());
    }

    @Test
    void aSessionThatLivesIsWelcomeAtOnce() {
        asks(0, new Operation.CreateSession(TIMEOUT_MILLIS));
        comesBackAt(3, SESSION);
        assertEquals(List.of(says(3, SESSION, true)), said());
    }

    @Test
    void aSessionIsOverWhenItsEndIsAgreed() {
        asks(0, new Operation.CreateSession(TIMEOUT_MILLIS));
        acknowledges(2);
        acknowledges(3);
        asks(1, new Operation.CloseSession());
        comesBackAt(3, SESSION);
        bothAnswer();
        assertEquals(List.of(), said(), "its end may be lost yet");
        acknowledges(2);
        acknowledges(3);
        assertEquals(List.of(says(3, SESSION, false)), said());
    }

    @Test
    void nobodyIsAnsweredOverALinkThatIsNotTheOneHeAskedOver() {
        comesBackAt(2, SESSION);
        world.step(new Input.LinkDown(2));
        five.comes(2, 2);
        five.promises(2, 2, 0);
        bothAnswer();
        assertEquals(List.of(), said());
    }

    /**
     * The question may reach the leader when the session has been elsewhere: what the client had
     * asked before it left must not come in behind it. Found by the simulated world: 5 servers and
     * 2 observers, 20 clients, acts of 15 s, seed 3100036.
     */
    @Test
    void aConnectionThatItsClientHasLeftIsNotHeardAnyMore() {
        OneOfFive follower = new OneOfFive();
        follower.follows(2);
        World there = follower.world;
        there.reconnect(1, SESSION, true);
        follower.hears(2, new Message.Revalidated(SESSION, true));
        there.newLines();
        there.ask(1, 5, World.create("/a", 0));
        assertEquals(1, there.newLines().stream().filter(line -> line.contains("xid=5")).count());
        there.reconnect(2, SESSION, true);
        there.ask(1, 6, World.create("/b", 0));
        assertEquals(0, there.newLines().stream().filter(line -> line.contains("xid=6")).count());
    }

    /** The leader that comes next knows such a session. */
    @Test
    void noSessionEndsInAnEpochThatIsUsedUp() {
        World alone = World.aloneWithEpochsOf(3);
        alone.connect(1, TIMEOUT_MILLIS);
        long second = alone.connect(2, TIMEOUT_MILLIS);
        alone.step(new Input.Disconnected(1));
        alone.step(new Input.Disconnected(2));
        alone.newLines();
        alone.diskIsBusy = true;
        alone.pass(2L * TIMEOUT_MILLIS);
        assertEquals(1, closings(alone), "there is one zxid left");
        alone.reconnect(3, second, true);
        assertTrue(alone.newLines().contains("3 welcome 10000"));
    }

    private static long closings(World world) {
        return world.log.stream()
                .map(Proposal::txn)
                .filter(Txn.CloseSession.class::isInstance)
                .count();
    }
}
