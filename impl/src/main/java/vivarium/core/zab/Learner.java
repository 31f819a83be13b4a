package vivarium.core.zab;

import java.util.ArrayDeque;

/** What the leader knows of one learner, as long as there is a link to it. */
final class Learner {
    final long sid;
    final boolean voter;

    /** How far it has come. */
    Stage stage = Stage.GREETED;

    /** The end of its log when it promised. */
    long lastZxid;

    /** All up to here is on its disk, of what was proposed in this epoch. Only grows. */
    long ackedZxid;

    /** When it was last heard of. */
    long heardMillis;

    /** The numbers of the pings that it has not answered yet. Links are in order. */
    final ArrayDeque<Long> pings = new ArrayDeque<>();

    /** The number of the last ping that it has answered. */
    long answeredPing;

    /** What is to be sent behind the snapshot that is being sent. */
    final ArrayDeque<Message> behindSnapshot = new ArrayDeque<>();

    /** The stages of a learner, in order. */
    enum Stage {
        /** It wants to follow. */
        GREETED,
        /** It has promised the epoch and told where its log ends. */
        PROMISED,
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

    /** Whether it is sent proposals as they are made. */
    boolean hearsProposals() {
        return stage == Stage.SNAPSHOT || stage == Stage.SYNCING || stage == Stage.SYNCED;
    }
}
