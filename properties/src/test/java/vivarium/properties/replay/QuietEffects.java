package vivarium.properties.replay;

import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.CloseReason;
import vivarium.core.Effects;
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

/** A world in which nothing comes of what the core wants, but for what a schedule speaks of. */
abstract class QuietEffects implements Effects {
    @Override
    public void append(Proposal proposal) {}

    @Override
    public void truncate(long zxid) {}

    @Override
    public void readLog(long afterZxid) {}

    @Override
    public void notify(long sid, Notification notification) {}

    @Override
    public void connect(long sid) {}

    @Override
    public void disconnect(long sid) {}

    @Override
    public void send(long sid, Message message) {}

    @Override
    public void saveAcceptedEpoch(long epoch) {}

    @Override
    public void saveCurrentEpoch(long epoch) {}

    @Override
    public void beginSnapshot(SnapshotHead head) {}

    @Override
    public void snapshotZnode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {}

    @Override
    public void endSnapshot(SnapshotTail tail) {}

    @Override
    public void welcome(long connection, long session, int timeoutMillis, boolean readOnly) {}

    @Override
    public void reject(long connection) {}

    @Override
    public void reply(long connection, int xid, long zxid, Outcome outcome) {}

    @Override
    public void notify(long connection, WatchEvent event) {}

    @Override
    public void close(long connection, CloseReason reason) {}

    @Override
    public void throttle(long connection, boolean on) {}

    @Override
    public void overQuota(OverQuota excess) {}

    @Override
    public void entered(PhaseName phase) {}
}
