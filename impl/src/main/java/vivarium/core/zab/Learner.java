package vivarium.core.zab;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import vivarium.core.Zxid;

/** What the leader knows of one learner, as long as there is a link to it. */
final class Learner {
    final long sid;
    final boolean voter;

    /** How far it has come. */
    Stage stage = Stage.GREETED;

    /** The end of its log when it promised. */
    long lastZxid;

    /**
     * Whether it has been part of an epoch before, and so has on its disk what it acknowledged. A
     * voter that has not may be new, or have lost its disk.
     */
    boolean remembers;

    /**
     * Whether it waits, without memory, for those who remember, to begin the epoch with them: see
     * {@link LeaderSynchronization}.
     */
    boolean patient;

    /** The ping that others have to answer before it is synchronized, if it does not remember. */
    long confirmingPing;

    /** Whether a quorum's answers are enough for that: see {@link Newcomers}. */
    boolean hasStayed;

    /** All up to here is on its disk, of what was proposed in this epoch. Only grows. */
    long ackedZxid;

    /** When it was last heard of. */
    long heardMillis;

    /** The numbers of the pings that it has not answered yet. Links are in order. */
    final ArrayDeque<Long> pings = new ArrayDeque<>();

    /** The number of the last ping that it has answered. */
    long answeredPing;

    /** What is to be sent behind the snapshot, or the part of the log, that is being sent. */
    private final ArrayDeque<Message> behind = new ArrayDeque<>();

    /** About how much memory that keeps from being freed. */
    private long behindBytes;

    /** The stages of a learner, in order. */
    enum Stage {
        /** It wants to follow. */
        GREETED,
        /** It has promised the epoch and told where its log ends. */
        PROMISED,
        /** It waits until its place in the log's files is found. */
        WAITING_FOR_LOG,
        /** It is being sent what the log's files have behind its place. */
        LOG,
        /** It waits for its turn to be sent a snapshot. */
        WAITING_FOR_SNAPSHOT,
        /** It is being sent a snapshot. */
        SNAPSHOT,
        /** It is being sent the rest of the history, and gets what is proposed. */
        SYNCING,
        /** It has the whole history with which the epoch begins, on disk. */
        SYNCED
    }

    Learner(long sid, boolean voter, long nowMillis) {
        this.sid = sid;
        this.voter = voter;
        this.heardMillis = nowMillis;
    }

    /** It has promised, and told what it has; the epoch is not told again with a second promise. */
    void promised(Message.AckEpoch ack) {
        stage = Stage.PROMISED;
        lastZxid = ack.lastZxid();
        remembers =
                ack.currentEpoch() > 0
                        || (ack.currentEpoch() < 0 && Zxid.epoch(ack.lastZxid()) > 0);
    }

    /** Keeps a message for when what comes in pieces is through. */
    void holdBack(Message message) {
        behind.add(message);
        behindBytes += MessageSize.bytes(message);
    }

    /** What was kept, the oldest first, and from now on no more; null when there is none left. */
    @Nullable Message pollBehind() {
        Message oldest = behind.poll();
        behindBytes -= oldest == null ? behindBytes : MessageSize.bytes(oldest);
        return oldest;
    }

    /** How much is kept. */
    long behindBytes() {
        return behindBytes;
    }

    /** Whether it is sent proposals as they are made. */
    boolean hearsProposals() {
        return isHeldUp() || stage == Stage.SYNCING || stage == Stage.SYNCED;
    }

    /** Whether what is sent to it has to wait for what comes in pieces. */
    boolean isHeldUp() {
        return stage == Stage.LOG || stage == Stage.SNAPSHOT;
    }
}
