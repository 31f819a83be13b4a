package vivarium.benchmarks.jmh;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.CloseReason;
import vivarium.core.Effects;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.election.Notification;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.watch.WatchEvent;
import vivarium.core.zab.Message;

/**
 * A world in which nothing happens: what the peer says is noticed and no more. Refusals are not
 * expected and throw, lest something else be measured than what was meant.
 */
class QuietEffects implements Effects {
    /** What the disk owes the peer at birth. */
    final ArrayDeque<Input> owed = new ArrayDeque<>();

    long appended;
    long replies;
    long events;

    @Override
    public void append(Proposal proposal) {
        appended = proposal.zxid();
    }

    @Override
    public void reply(long connection, int xid, long zxid, Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            throw new IllegalStateException("refused: " + failed.error());
        }
        replies++;
    }

    @Override
    public void notify(long connection, WatchEvent event) {
        events++;
    }

    @Override
    public void saveAcceptedEpoch(long epoch) {
        owed.add(new Input.AcceptedEpochSaved(epoch));
    }

    @Override
    public void saveCurrentEpoch(long epoch) {
        owed.add(new Input.CurrentEpochSaved(epoch));
    }

    @Override
    public void notify(long sid, Notification notification) {
        throw new IllegalStateException("nobody is there to vote");
    }

    @Override
    public void connect(long sid) {
        throw new IllegalStateException("nobody is there to connect to");
    }

    @Override
    public void disconnect(long sid) {
        throw new IllegalStateException("nobody is there to leave");
    }

    @Override
    public void send(long sid, Message message) {
        throw new IllegalStateException("nobody is there to hear");
    }

    @Override
    public void truncate(long zxid) {
        throw new IllegalStateException("nothing is to be cut");
    }

    @Override
    public void readLog(long afterZxid) {
        throw new IllegalStateException("nobody is behind");
    }

    @Override
    public void beginSnapshot(SnapshotHead head) {
        owed.add(new Input.SnapshotRoom(Integer.MAX_VALUE));
    }

    @Override
    public void snapshotZnode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {}

    @Override
    public void endSnapshot(SnapshotTail tail) {
        owed.add(new Input.SnapshotSaved(tail.zxid()));
    }

    @Override
    public void welcome(long connection, long sessionId, int timeoutMillis, boolean readOnly) {}

    @Override
    public void reject(long connection) {
        throw new IllegalStateException("rejected");
    }

    @Override
    public void close(long connection, CloseReason reason) {
        throw new IllegalStateException("closed: " + reason);
    }

    @Override
    public void overQuota(OverQuota excess) {}

    @Override
    public void throttle(long connection, boolean on) {
        throw new IllegalStateException("throttled");
    }

    @Override
    public void entered(PhaseName phase) {}
}
