package vivarium.properties.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.Check;
import vivarium.core.Input;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.zab.Message;

/** An Apache leader sends a tree that shows more than the zxid that it names. */
final class FuzzySnapshotTest {
    private static final long LEADER = 3;
    private static final long NAMED = Zxid.of(1, 5);
    private static final Path EARLY = Path.of("/early");

    private final World world = World.oneOfThree();

    @BeforeEach
    void receiveATreeThatShowsTheNextProposal() {
        Vote vote = new Vote(LEADER, 0, 0);
        world.step(new Input.Notified(2, new Notification(Notification.State.FOLLOWING, vote, 1)));
        world.step(
                new Input.Notified(LEADER, new Notification(Notification.State.LEADING, vote, 1)));
        world.step(new Input.LinkUp(LEADER));
        says(new Message.LeaderInfo(2));
        world.settle();
        says(new Message.Snap(NAMED));
        says(
                new Message.SnapHead(
                        new SnapshotHead(
                                NAMED, true, List.of(), Replica.fresh(true).tree().acls())));
        List<Message.SnapZnode> znodes = new ArrayList<>();
        Replica.fresh(true)
                .tree()
                .capture((path, data, acl, stat) ->
                        znodes.add(new Message.SnapZnode(path, data, acl, stat)))
                .advance(1_000);
        long next = NAMED + 1;
        znodes.add(
                new Message.SnapZnode(
                        EARLY,
                        Bytes.utf8("x"),
                        -1,
                        new StatPersisted(next, next, 1, 1, 0, 0, 0, 0, next)));
        says(new Message.SnapZnodes(znodes));
        says(new Message.SnapTail());
        world.settle();
    }

    private void says(Message message) {
        world.step(new Input.Received(LEADER, message));
    }

    /** A digest that does not fit what is here. */
    private void proposes(long zxid, Path path) {
        Txn create =
                new Txn.Create(
                        Operation.CreateKind.CREATE,
                        path,
                        Bytes.utf8("x"),
                        World.OPEN,
                        false,
                        1,
                        -1);
        says(new Message.Propose(new Proposal(zxid, 7, 1, 1, create, true, 12_345)));
    }

    @Test
    void whatItShowsAlreadyIsProposedBeforeNewLeaderAndIsNoBreach() {
        proposes(NAMED + 1, EARLY);
        says(new Message.Commit(NAMED + 1));
        says(new Message.NewLeader(2));
        world.settle();
        assertNotNull(world.peer().replica().tree().find(EARLY));
        assertEquals(NAMED + 1, world.peer().replica().lastProcessedZxid());
        assertTrue(
                world.newLines().contains("sends 3 " + new Message.Ack(Zxid.of(2, 0))),
                "the history is acknowledged");
    }

    @Test
    void fromNewLeaderOnDigestsMustAgree() {
        says(new Message.NewLeader(2));
        world.settle();
        proposes(NAMED + 1, Path.of("/late"));
        assertThrows(Check.Broken.class, () -> says(new Message.Commit(NAMED + 1)));
    }
}
