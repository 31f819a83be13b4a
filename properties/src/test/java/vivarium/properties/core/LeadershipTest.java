package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.core.Zxid;
import vivarium.core.zab.Message;

/** Who leads asks whether it still does, and who follows leaves a leader that is not heard of. */
final class LeadershipTest {
    private static final String SYNCED = "sends 2 Synced[]";
    private static final int SYNC_LIMIT_TICKS = 5;
    private static final long PATIENCE_MILLIS = 30_000;

    /** As many as there can be in a tick, and more. */
    private static final int PINGS = 5;

    private final OneOfFive five = new OneOfFive();
    private final World world = five.world;

    /** Lets it lead, with every ping answered. */
    private void leads() {
        five.isElected();
        five.serves();
        for (long sid : new long[] {2, 3}) {
            five.pong(sid);
        }
        assertTrue(five.phases().contains("phase LEADER_BROADCAST"));
    }

    private boolean isSynced() {
        return world.newLines().contains(SYNCED);
    }

    private void asksForSync() {
        five.hears(2, new Message.SyncRequest(77, 1));
    }

    @Test
    void aSyncIsAnsweredWhenAQuorumHasSaidThatThisServerStillLeads() {
        leads();
        asksForSync();
        assertEquals(false, isSynced(), "another may lead by now");
        five.pong(2);
        assertEquals(false, isSynced(), "two of five are no quorum");
        five.pong(3);
        assertTrue(isSynced());
    }

    @Test
    void whatWasSaidBeforeTheSyncCameDoesNotCount() {
        leads();
        world.pass(World.TICK);
        asksForSync();
        world.newLines();
        for (long sid : new long[] {2, 3}) {
            five.pong(sid);
        }
        assertEquals(false, isSynced(), "they have answered an older ping");
        for (int i = 0; i < 3; i++) {
            five.pong(2);
            five.pong(3);
        }
        assertTrue(isSynced());
    }

    /** Whoever answers late answers the oldest ping that it owes an answer to. */
    @Test
    void anAnswerConfirmsThePingThatItAnswers() {
        leads();
        five.comes(4, 1);
        five.promises(4, 1, 0);
        five.hears(4, new Message.Ack(Zxid.of(2, 0)));
        world.pass(World.TICK);
        for (int i = 0; i < PINGS; i++) {
            five.pong(2);
            five.pong(3);
        }
        asksForSync();
        five.pong(2);
        five.pong(4);
        assertEquals(false, isSynced(), "4 has answered an older ping");
        for (int i = 0; i < PINGS; i++) {
            five.pong(4);
        }
        assertTrue(isSynced());
    }

    /** With the history, it would count as one that remembers what it has forgotten. */
    @Test
    void aVoterWithoutMemoryIsBroughtUpOnlyByALeaderThatStillLeads() {
        leads();
        five.comes(4, 0);
        five.promises(4, 0, 0);
        assertTrue(world.newLines().stream().noneMatch(line -> line.startsWith("sends 4 Diff[")));
        boolean sent = false;
        for (long until = world.now + PATIENCE_MILLIS; !sent && world.now < until; ) {
            world.pass(World.TICK / 2);
            five.pong(2);
            five.pong(3);
            sent = world.newLines().stream().anyMatch(line -> line.startsWith("sends 4 Diff["));
        }
        assertTrue(sent);
    }

    /** It is another epoch's, or nobody's: to count it would commit what is on no disk. */
    @Test
    void whoAcknowledgesWhatWasNeverProposedIsGivenUp() {
        leads();
        five.hears(2, new Message.Ack(Zxid.of(2, 7)));
        assertTrue(world.newLines().contains("disconnects from 2"));
    }

    @Test
    void aLeaderThatIsNotHeardOfIsLeft() {
        five.follows(2);
        List<String> phases = five.phases();
        assertEquals("phase LEARNER_BROADCAST", phases.getLast(), phases::toString);
        world.pass((SYNC_LIMIT_TICKS - 1) * World.TICK);
        five.hears(2, new Message.Ping(Zxid.of(2, 0)));
        world.pass((SYNC_LIMIT_TICKS - 1) * World.TICK);
        assertEquals(List.of(), five.phases(), "it was heard of");
        world.pass(2 * World.TICK);
        assertEquals(List.of("phase LOOKING"), five.phases());
    }

    @Test
    void whoIsHeardOfByAFollowerIsSentAway() {
        five.follows(2);
        world.newLines();
        five.hears(3, new Message.LearnerInfo(1, true));
        assertEquals(List.of("disconnects from 3"), world.newLines());
        five.hears(2, new Message.Ping(Zxid.of(2, 0)));
        assertTrue(world.newLines().stream().noneMatch(line -> line.startsWith("disconnects")));
    }

    /**
     * One that is brought up at once may say nothing until all others of the quorum are. Found by
     * the simulated world: 7 servers, seed 2100488.
     */
    @Test
    void whoWaitedForTheOthersIsNotGivenUpWhenTheLeaderBegins() {
        five.isElected();
        five.promises(2, 1, 0);
        five.promises(3, 1, 0);
        five.hears(2, new Message.Ack(Zxid.of(2, 0)));
        world.pass((SYNC_LIMIT_TICKS + 2) * World.TICK);
        five.hears(3, new Message.Ack(Zxid.of(2, 0)));
        world.pass(World.TICK);
        List<String> phases = five.phases();
        assertEquals("phase LEADER_BROADCAST", phases.getLast(), phases::toString);
    }
}
