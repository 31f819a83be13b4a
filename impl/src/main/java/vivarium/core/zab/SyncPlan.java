package vivarium.core.zab;

import vivarium.core.Zxid;

/** How a learner is brought to the leader's history. */
sealed interface SyncPlan {

    /** The learner's history is a beginning of the leader's: it gets what follows. */
    record Diff(long fromZxid) implements SyncPlan {}

    /** The learner must forget what it has behind {@code zxid}, then it gets what follows. */
    record Trunc(long zxid) implements SyncPlan {}

    /** The leader can't tell what the learner has: it gets everything. */
    record Snap() implements SyncPlan {}

    /**
     * The plan for a learner whose log ends with {@code peerZxid}.
     *
     * <p>Equal zxids mean equal histories up to there. Where the leader does not have the learner's
     * last proposal, it may cut only to one of the same epoch: within an epoch the learner has, of
     * what its leader proposed, a beginning, so it has that one too. Of an older epoch it may never
     * have heard, and cutting to what is not there would leave a gap.
     *
     * <p>A learner whose history ends with the mark of this very epoch was sent all that the epoch
     * began with.
     *
     * @param epoch the leader's
     */
    static SyncPlan of(History history, long peerZxid, long epoch) {
        long known = history.lastAtOrBefore(peerZxid);
        boolean hasBeginning = peerZxid == Zxid.of(epoch, 0) && known >= 0;
        return hasBeginning ? new Diff(known) : of(known, peerZxid);
    }

    /**
     * The plan for the same learner where the leader's newest proposal that is not newer than
     * {@code peerZxid} is {@code known}; -1 if that can't be told.
     */
    static SyncPlan of(long known, long peerZxid) {
        if (known == peerZxid) {
            return new Diff(known);
        }
        return known >= 0 && Zxid.epoch(known) == Zxid.epoch(peerZxid)
                ? new Trunc(known)
                : new Snap();
    }
}
