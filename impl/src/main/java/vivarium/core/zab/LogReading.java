package vivarium.core.zab;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.txn.Proposal;

/**
 * Brings learners to this history that are so far behind that only the log's files reach back to
 * them: one at a time, in portions, at the pace of its link.
 *
 * <p>Where the learner's place is found, all that it gets is settled in that step, as with any
 * plan: what was applied by then comes from the files, and at last from memory; what is proposed
 * from then on waits behind it.
 */
final class LogReading {
    private final Self self;
    private final Learners learners;

    /** Whose turn it is. */
    private @Nullable Learner learner;

    /** Behind what a portion has been asked for and not come yet, -1 for nothing. */
    private long askedZxid = -1;

    private long askedMillis;

    /** The last that is on its way to the learner; before its place is found, what it has. */
    private long sentZxid;

    /** The last that was applied when its place was found. */
    private long endZxid;

    /**
     * A portion did not come, or not in time: in this epoch nothing is asked of the files again.
     */
    private boolean unreadable;

    LogReading(Self self, Learners learners) {
        this.self = self;
        this.learners = learners;
    }

    boolean isPossible() {
        return !unreadable;
    }

    /** Who is being sent what is read, or has its place looked for; null for nobody. */
    @Nullable Learner learner() {
        return learner;
    }

    /** A learner's place is to be looked for, when its turn comes. */
    void await(Learner waiting) {
        waiting.stage = Learner.Stage.WAITING_FOR_LOG;
        next();
    }

    private void next() {
        if (learner != null || askedZxid >= 0) {
            return;
        }
        for (Learner waiting : learners.all()) {
            if (waiting.stage == Learner.Stage.WAITING_FOR_LOG) {
                learner = waiting;
                sentZxid = waiting.lastZxid;
                ask();
                return;
            }
        }
    }

    private void ask() {
        askedZxid = sentZxid;
        askedMillis = self.nowMillis;
        self.effects.readLog(sentZxid);
    }

    /** A learner has gone. */
    void forget(Learner gone) {
        if (gone == learner) {
            learner = null;
            next();
        }
    }

    /** The link has room for more. */
    void onRoom(long sid) {
        Learner reading = learner;
        if (reading != null
                && reading.sid == sid
                && reading.stage == Learner.Stage.LOG
                && askedZxid < 0) {
            ask();
        }
    }

    void onRead(Input.LogRead read, long epoch) {
        if (askedZxid != read.afterZxid()) {
            return;
        }
        askedZxid = -1;
        Learner reading = learner;
        if (reading != null && sentZxid == read.afterZxid()) {
            if (reading.stage == Learner.Stage.WAITING_FOR_LOG) {
                begin(reading, read, epoch);
            } else {
                goOn(reading, read);
            }
        }
        next();
    }

    private void begin(Learner reading, Input.LogRead read, long epoch) {
        SyncPlan plan = SyncPlan.of(read.foundZxid(), reading.lastZxid);
        if (plan instanceof SyncPlan.Snap || read.proposals().isEmpty()) {
            learner = null;
            learners.sendSnapshot(reading, epoch);
            return;
        }
        if (plan instanceof SyncPlan.Diff) {
            reading.ackedZxid = reading.lastZxid;
            learners.send(reading, new Message.Diff(self.replica().lastProcessedZxid()));
        } else {
            learners.send(reading, new Message.Trunc(read.foundZxid()));
        }
        reading.stage = Learner.Stage.LOG;
        sentZxid = read.foundZxid();
        endZxid = self.history.lastAppliedZxid();
        learners.sendEnd(reading, endZxid, epoch);
        sendPortion(reading, read.proposals());
    }

    private void goOn(Learner reading, Input.LogRead read) {
        if (read.foundZxid() == sentZxid && !read.proposals().isEmpty()) {
            sendPortion(reading, read.proposals());
        } else {
            unreadable = true;
            learners.drop(reading.sid);
        }
    }

    private void sendPortion(Learner reading, List<Proposal> portion) {
        send(reading, portion);
        if (self.history.lastAtOrBefore(sentZxid) == sentZxid) {
            send(reading, self.history.appliedAfter(sentZxid));
        }
        if (sentZxid >= endZxid) {
            learner = null;
            learners.sendBehind(reading);
        }
    }

    /** Nothing of what had not been applied when the learner's place was found. */
    private void send(Learner reading, List<Proposal> proposals) {
        for (Proposal proposal : proposals) {
            if (proposal.zxid() <= endZxid) {
                self.effects.send(reading.sid, new Message.Propose(proposal));
                self.effects.send(reading.sid, new Message.Commit(proposal.zxid()));
                sentZxid = proposal.zxid();
            }
        }
    }

    /** A disk that does not answer, as a full one may not, must not keep a learner away. */
    void giveUpAfter(long millis, long epoch) {
        if (unreadable || askedZxid < 0 || self.nowMillis - askedMillis <= millis) {
            return;
        }
        unreadable = true;
        Learner reading = learner;
        learner = null;
        if (reading != null && reading.stage == Learner.Stage.LOG) {
            learners.drop(reading.sid);
        }
        for (Learner waiting : List.copyOf(learners.all())) {
            if (waiting.stage == Learner.Stage.WAITING_FOR_LOG) {
                learners.sendSnapshot(waiting, epoch);
            }
        }
    }
}
