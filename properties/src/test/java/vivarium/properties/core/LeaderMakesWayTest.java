package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.core.zab.Message;

/** Who was elected does not lead where a voter has a newer history, or has promised another. */
final class LeaderMakesWayTest {
    private static final String LOOKS = "phase LOOKING";
    private static final String LEADS = "phase LEADER_SYNCHRONIZATION";

    private final World world = World.oneOfThree();

    @BeforeEach
    void isElected() {
        Vote vote = new Vote(1, 0, 0);
        world.step(new Input.Notified(2, new Notification(Notification.State.LOOKING, vote, 1)));
        world.pass(100);
        assertTrue(world.newLines().contains("phase LEADER_DISCOVERY"));
    }

    private void comes(long sid, long acceptedEpoch) {
        world.step(new Input.LinkUp(sid));
        world.step(new Input.Received(sid, new Message.LearnerInfo(acceptedEpoch, true)));
        world.settle();
    }

    private void promises(long sid, long currentEpoch, long lastZxid) {
        world.step(new Input.Received(sid, new Message.AckEpoch(true, currentEpoch, lastZxid)));
    }

    private List<String> phases() {
        return world.newLines().stream().filter(line -> line.startsWith("phase")).toList();
    }

    @Test
    void itLeadsWhereNobodyHasMore() {
        comes(2, 0);
        comes(3, 0);
        promises(2, 0, 0);
        promises(3, 0, 0);
        assertEquals(List.of(LEADS), phases());
    }

    @Test
    void itDoesNotWhereOneIsInALaterEpoch() {
        comes(2, 5);
        promises(2, 5, 0);
        assertEquals(List.of(LOOKS), phases());
    }

    @Test
    void itDoesNotWhereOneHasALongerLog() {
        comes(2, 0);
        promises(2, 0, 3);
        assertEquals(List.of(LOOKS), phases());
    }

    @Test
    void itDoesNotWhereOneHasPromisedALaterEpochToAnother() {
        comes(2, 0);
        comes(3, 9);
        assertEquals(List.of(LOOKS), phases());
    }

    /** Neither answered nor sent away, it would wait until its time is over. */
    @Test
    void whoIsHeardWhenItDoesNotLeadAnyMoreIsSentAway() {
        world.step(new Input.LinkUp(2));
        comes(3, 0);
        comes(3, 9);
        assertEquals(List.of(LOOKS), phases());
        world.step(new Input.Received(2, new Message.LearnerInfo(0, true)));
        assertTrue(world.newLines().contains("disconnects from 2"));
    }
}
