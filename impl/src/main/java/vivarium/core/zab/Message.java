package vivarium.core.zab;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Proposal;

/**
 * What a leader and its learners say to each other, by ZooKeeper's names. A link delivers in order
 * and loses nothing but, when it breaks, its end.
 */
public sealed interface Message {

    /** What a learner says. */
    sealed interface FromLearner extends Message {}

    /** What a leader says. */
    sealed interface FromLeader extends Message {}

    /** What follows a {@link Snap}: the leader's replica, piece by piece. */
    sealed interface SnapPart extends FromLeader {}

    /**
     * FOLLOWERINFO or OBSERVERINFO: a learner wants to follow.
     *
     * @param acceptedEpoch the newest epoch that it has promised to
     * @param voter whether it is a follower, who counts, or an observer, who does not
     */
    record LearnerInfo(long acceptedEpoch, boolean voter) implements FromLearner {}

    /** LEADERINFO: the epoch that the leader is about to open. */
    record LeaderInfo(long epoch) implements FromLeader {}

    /**
     * ACKEPOCH: the learner has promised, and tells which history it has.
     *
     * @param promised false where it had promised to this very epoch before: that counts once only
     */
    record AckEpoch(boolean promised, long currentEpoch, long lastZxid) implements FromLearner {}

    /**
     * DIFF: proposals behind the learner's own last one follow; up to {@code zxid} all is
     * committed.
     */
    record Diff(long zxid) implements FromLeader {}

    /** TRUNC: the learner has to forget what it has behind {@code zxid}; proposals may follow. */
    record Trunc(long zxid) implements FromLeader {}

    /** SNAP: the leader's whole replica as of {@code zxid} follows. */
    record Snap(long zxid) implements FromLeader {}

    record SnapHead(SnapshotHead head) implements SnapPart {}

    /** Znodes, parents first. */
    record SnapZnodes(List<SnapZnode> znodes) implements SnapPart {}

    /** One znode; the access list's id is one of the head's, -1 for the open list. */
    record SnapZnode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {}

    /** All znodes have come. */
    record SnapTail() implements SnapPart {}

    /** NEWLEADER: what came before is the history with which the epoch begins. */
    record NewLeader(long epoch) implements FromLeader {}

    /** UPTODATE: the epoch is established; serve. */
    record UpToDate() implements FromLeader {}

    /** PROPOSAL. */
    record Propose(Proposal proposal) implements FromLeader {}

    /** ACK: the learner has everything up to {@code zxid} on disk. */
    record Ack(long zxid) implements FromLearner {}

    /** COMMIT: the oldest proposal that is not committed yet, which must be this one, is. */
    record Commit(long zxid) implements FromLeader {}

    /** INFORM: to an observer, a proposal and its commit in one. */
    record Inform(Proposal proposal) implements FromLeader {}

    /** PING of the leader. */
    record Ping(long lastProposedZxid) implements FromLeader {}

    /**
     * The learner's answer: the sessions that it has heard of since the last one.
     *
     * @param zxid what the ping said
     */
    record Pong(long zxid, List<Touched> sessions) implements FromLearner {}

    /** A session that was heard of, and how long it may be silent. */
    record Touched(long sessionId, int timeoutMillis) {}

    /** REVALIDATE: may this session go on at this learner? */
    record Revalidate(long sessionId, int timeoutMillis) implements FromLearner {}

    /** The leader's answer to {@link Revalidate}; answers come in the order of the questions. */
    record Revalidated(long sessionId, boolean valid) implements FromLeader {}

    /** REQUEST: a write that a client has asked for. */
    record Request(long sessionId, int xid, Operation.Write operation, List<Identity> identities)
            implements FromLearner {}

    /** SYNC asked by a learner; answers come in the order of the questions. */
    record SyncRequest(long sessionId, int xid) implements FromLearner {}

    /** SYNC answered: what was proposed when it was asked has been committed. */
    record Synced() implements FromLeader {}
}
