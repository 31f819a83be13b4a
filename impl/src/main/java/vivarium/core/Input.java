package vivarium.core;

import java.util.List;
import vivarium.core.election.Notification;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;

/**
 * What can happen to a peer. Each is given to {@link Peer#step} once, in the order in which it
 * happened; together with the state of the disk at birth, they decide all that the peer ever does.
 *
 * <p>A connection is a number that the driver chose and never uses again.
 */
public sealed interface Input {

    /** What time does. */
    sealed interface OfTime extends Input {}

    /** What clients do. */
    sealed interface FromClient extends Input {}

    /** What the disk answers. */
    sealed interface FromDisk extends Input {}

    /** What other servers do. */
    sealed interface FromPeer extends Input {}

    /** Time has passed; the driver owes one at {@link Peer#deadlineMillis}, at the latest. */
    record Tick() implements OfTime {}

    /**
     * The wall clock, as seen against the monotonic {@code now}: wall time = now + offset. Owed at
     * birth and whenever it has changed.
     */
    record WallClock(long offsetMillis) implements OfTime {}

    /**
     * A client has connected and asks for a session.
     *
     * @param sessionId the session that it wants to go on with, 0 for a new one
     * @param passwordRight whether it showed the right password for that session
     * @param timeoutMillis the time-out that it would like
     * @param lastZxidSeen the newest state that it has seen: it must not be shown an older one
     * @param readOnly whether it would put up with a server that has lost its ensemble
     * @param identities who it is known to be by its connection: its address, its certificate
     */
    record Connect(
            long connection,
            long sessionId,
            boolean passwordRight,
            int timeoutMillis,
            long lastZxidSeen,
            boolean readOnly,
            List<Identity> identities)
            implements FromClient {}

    /** A client has proven to be somebody, besides whom it was before. */
    record Identified(long connection, Identity identity) implements FromClient {}

    /** A client of an established session asks for something. */
    record Request(long connection, int xid, Operation operation) implements FromClient {}

    /** A client's connection has gone, from whichever side; its session lives on. */
    record Disconnected(long connection) implements FromClient {}

    /** All that was appended up to and including {@code zxid} would survive a power cut. */
    record Durable(long zxid) implements FromDisk {}

    /** Another server has told its vote. */
    record Notified(long sid, Notification notification) implements FromPeer {}

    /** There is a link to another server now, for which this one or the other has asked. */
    record LinkUp(long sid) implements FromPeer {}

    /** There is no link to {@code sid} any more, or none could be had; nothing comes over it. */
    record LinkDown(long sid) implements FromPeer {}

    /** A message has come over the link. */
    record Received(long sid, Message message) implements FromPeer {}

    /** After {@link Effects#truncate}: what the disk holds now. */
    record Reloaded(Recovered recovered) implements FromDisk {}

    /**
     * After {@link Effects#readLog}: what the log's files have.
     *
     * @param foundZxid the newest transaction of this history that is not newer than {@code
     *     afterZxid}; -1 if the files do not tell, or are damaged, or are so long that a snapshot
     *     is shorter
     * @param proposals what follows {@code foundZxid}, without a gap, as much as the driver will
     *     hold at a time; empty at the end of the log
     */
    record LogRead(long afterZxid, long foundZxid, List<Proposal> proposals) implements FromDisk {
        public LogRead {
            proposals = List.copyOf(proposals);
        }
    }

    /**
     * The link can take more of the history that is sent over it: of a snapshot, {@code znodes} of
     * it.
     */
    record LinkRoom(long sid, int znodes) implements FromPeer {}

    /** The accepted epoch would survive a power cut. */
    record AcceptedEpochSaved(long epoch) implements FromDisk {}

    /** The current epoch would survive a power cut. */
    record CurrentEpochSaved(long epoch) implements FromDisk {}

    /** The disk can take {@code znodes} more of the snapshot that is being taken. */
    record SnapshotRoom(int znodes) implements FromDisk {}

    /** The log has grown so much since the last snapshot that another one is due. */
    record LogIsLong() implements FromDisk {}

    /** The snapshot called {@code zxid} is whole and would survive a power cut. */
    record SnapshotSaved(long zxid) implements FromDisk {}

    /** The snapshot called {@code zxid} could not be written; the driver has said why. */
    record SnapshotFailed(long zxid) implements FromDisk {}
}
