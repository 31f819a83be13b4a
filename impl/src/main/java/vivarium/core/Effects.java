package vivarium.core;

import org.jspecify.annotations.Nullable;
import vivarium.core.election.Notification;
import vivarium.core.tree.OverQuota;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.watch.WatchEvent;
import vivarium.core.zab.Message;

/**
 * All that a peer can do to the world. Every method returns at once and answers, if at all, by a
 * later {@link Input}; none may call back into the peer. The order of the calls is the order of the
 * effects, on the disk and on each connection.
 */
public interface Effects {

    /** Appends to the log; {@link Input.Durable} says when it is safe. Needs no force by itself. */
    void append(Proposal proposal);

    /** Cuts the log behind {@code zxid}, forces it, and recovers; {@link Input.Reloaded}. */
    void truncate(long zxid);

    /**
     * Asks for a portion of what the log's files have behind {@code afterZxid}, for a learner of
     * whose history memory knows no more; {@link Input.LogRead} answers, always, and in the order
     * of what was asked. All that was appended before is read too.
     */
    void readLog(long afterZxid);

    /** Tells another server of this one's vote; it may be lost, and a newer one replaces it. */
    void notify(long sid, Notification notification);

    /** Asks for a link to a leader; {@link Input.LinkUp} or {@link Input.LinkDown}. */
    void connect(long sid);

    /** Gives a link up, if there is one; no {@link Input.LinkDown} follows. */
    void disconnect(long sid);

    /**
     * Gives up the link to a learner for what that does, or does not, and says why; otherwise as
     * {@link #disconnect}. It may come again.
     */
    default void giveUp(long sid, String reason) {
        disconnect(sid);
    }

    /** Sends over a link; lost with it if there is none. */
    void send(long sid, Message message);

    /** Saves the newest epoch that this peer has promised to; {@link Input.AcceptedEpochSaved}. */
    void saveAcceptedEpoch(long epoch);

    /** Saves the epoch whose history this peer holds; {@link Input.CurrentEpochSaved}. */
    void saveCurrentEpoch(long epoch);

    /** A snapshot begins; the log goes on in a new file. Znodes follow, parents first. */
    void beginSnapshot(SnapshotHead head);

    /**
     * One znode of the snapshot.
     *
     * @param aclId the access list's id in the head, -1 for "anyone may do anything"
     */
    void snapshotZnode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat);

    /** The snapshot is complete; {@link Input.SnapshotSaved} or {@link Input.SnapshotFailed}. */
    void endSnapshot(SnapshotTail tail);

    /** Answers a {@link Input.Connect}: the session is there, with this time-out. */
    void welcome(long connection, long sessionId, int timeoutMillis, boolean readOnly);

    /** Answers a {@link Input.Connect}: there is no such session (any more). Then closes. */
    void reject(long connection);

    /**
     * Answers a request.
     *
     * @param zxid the newest transaction that this server's tree shows
     */
    void reply(long connection, int xid, long zxid, Outcome outcome);

    /** Tells a client of a change that it watches for. */
    void notify(long connection, WatchEvent event);

    /** Closes a connection once what was sent to it is on its way. */
    void close(long connection, CloseReason reason);

    /** Asks the driver to take no more requests from this connection, or to go on. */
    void throttle(long connection, boolean on);

    /** A subtree has more than its quota says; for people. Every such write says so. */
    void overQuota(OverQuota excess);

    /** The peer is now in another phase; clients are served in the broadcast phases only. */
    void entered(PhaseName phase);
}
