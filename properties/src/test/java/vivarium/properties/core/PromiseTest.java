package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Input;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.core.zab.Message;

/** What a learner promises, it has on disk before it says so, and it promises it to one only. */
final class PromiseTest {
    private static final long LEADER = 3;
    private static final long OTHER = 2;

    private final World world = World.oneOfThree();

    @BeforeEach
    void followTheLeader() {
        follow(LEADER);
    }

    /** A quorum follows {@code leader}, it says. */
    private void follow(long leader) {
        Vote vote = new Vote(leader, 0, 0);
        long other = 5 - leader;
        world.step(
                new Input.Notified(other, new Notification(Notification.State.FOLLOWING, vote, 1)));
        world.step(
                new Input.Notified(leader, new Notification(Notification.State.LEADING, vote, 1)));
        world.step(new Input.LinkUp(leader));
        world.newLines();
    }

    private void asksFor(long leader, long epoch) {
        world.step(new Input.Received(leader, new Message.LeaderInfo(epoch)));
    }

    private void linkBreaksAndComesAgain() {
        world.step(new Input.LinkDown(LEADER));
        world.pass(100);
        world.step(new Input.LinkUp(LEADER));
        world.newLines();
    }

    private static String promised(long leader, boolean counts) {
        return "sends " + leader + " AckEpoch[promised=" + counts + ", currentEpoch=0, lastZxid=0]";
    }

    @Test
    void aPromiseIsOnDiskBeforeItIsGiven() {
        asksFor(LEADER, 1);
        assertEquals(List.of("accepted epoch 1"), world.newLines());
        world.settle();
        assertEquals(List.of(promised(LEADER, true)), world.newLines());
    }

    @Test
    void aPromiseAskedForAgainOverAnotherLinkWaitsForTheDiskToo() {
        world.diskIsBusy = true;
        asksFor(LEADER, 1);
        linkBreaksAndComesAgain();
        asksFor(LEADER, 1);
        assertEquals(List.of(), world.newLines());
        world.diskIsBusy = false;
        world.settle();
        assertEquals(List.of(promised(LEADER, true)), world.newLines());
    }

    @Test
    void aPromiseThatIsOnDiskIsGivenToItsLeaderAgainAtOnce() {
        asksFor(LEADER, 1);
        world.settle();
        linkBreaksAndComesAgain();
        asksFor(LEADER, 1);
        assertEquals(List.of(promised(LEADER, true)), world.newLines());
    }

    @Test
    void onePromiseDoesNotCountForTwoLeaders() {
        asksFor(LEADER, 1);
        world.settle();
        asksFor(LEADER, 0);
        follow(OTHER);
        asksFor(OTHER, 1);
        assertEquals(List.of(promised(OTHER, false)), world.newLines());
    }
}
