package vivarium.core.zab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.SnapshotHead;
import vivarium.core.Zxid;
import vivarium.core.tree.Capture;
import vivarium.core.txn.Proposal;

/**
 * The learners of a leader, from their first word to the end of their link: who has promised, who
 * is being synchronized and how, who has what on disk.
 */
final class Learners {
    private final Self self;
    private final TreeMap<Long, Learner> learners = new TreeMap<>();

    final Promises promises;

    /** Whether the epoch is established. */
    private boolean established;

    private final LogReading logReading;
    private final Patience patience = new Patience();
    private @Nullable Learner receiver;
    private @Nullable Capture capture;

    Learners(Self self) {
        this.self = self;
        this.promises = new Promises(self);
        this.logReading = new LogReading(self, this);
    }

    @Nullable Learner get(long sid) {
        return learners.get(sid);
    }

    Collection<Learner> all() {
        return learners.values();
    }

    /** A learner has come, or come again. */
    Learner greet(long sid, boolean voter) {
        forget(sid);
        Learner learner =
                new Learner(sid, voter && self.settings.ensemble().isVoter(sid), self.nowMillis);
        learners.put(sid, learner);
        return learner;
    }

    /**
     * Whether a voter comes that has promised a newer epoch than this leader's to another who would
     * lead. It can follow nobody before there is a newer one still, so this leader has to make way:
     * otherwise that voter would be shut out for as long as the leader lives.
     */
    boolean isAheadOf(long epoch, long sid, Message message) {
        return message instanceof Message.LearnerInfo info
                && self.settings.ensemble().isVoter(sid)
                && info.acceptedEpoch() > epoch;
    }

    /**
     * Handles the handshake of a learner that comes while the epoch is open already; false if the
     * message is no part of one.
     */
    boolean join(long sid, Message message, long epoch) {
        if (message instanceof Message.LearnerInfo info) {
            greet(sid, info.voter());
            self.effects.send(sid, new Message.LeaderInfo(epoch));
            return true;
        }
        Learner learner = learners.get(sid);
        if (learner != null && message instanceof Message.AckEpoch ack) {
            learner.promised(ack);
            if (mayBeSynchronized(learner)) {
                synchronize(learner, epoch);
            }
            return true;
        }
        return false;
    }

    /** Its link has gone. */
    void forget(long sid) {
        Learner gone = learners.remove(sid);
        if (gone != null && gone == receiver) {
            endCapture();
        }
        if (gone != null) {
            logReading.forget(gone);
        }
    }

    /** A learner does not keep to the protocol, or not to its time: it may come again. */
    void drop(long sid) {
        forget(sid);
        self.effects.disconnect(sid);
    }

    private void giveUp(long sid, String reason) {
        forget(sid);
        self.effects.giveUp(sid, reason);
    }

    void dropAll() {
        for (long sid : List.copyOf(learners.keySet())) {
            drop(sid);
        }
    }

    void heard(long sid) {
        Learner learner = learners.get(sid);
        if (learner != null) {
            learner.heardMillis = self.nowMillis;
        }
    }

    /**
     * From here on it is known who leads, though not, without asking, whether it still does. Who
     * has had everything for a while had nothing to say since, and nothing to answer.
     */
    void established() {
        established = true;
        for (Learner learner : learners.values()) {
            if (learner.stage == Learner.Stage.SYNCED) {
                learner.heardMillis = self.nowMillis;
                send(learner, new Message.UpToDate());
            }
        }
    }

    /**
     * Whether a learner that has promised may be brought to this history now. With it, a voter that
     * does not remember becomes one that does: only an established leader may make it so, and only
     * when nobody counts any more on what it has forgotten: see {@link Newcomers}. Otherwise that
     * voter could help a leader on that is deposed, by a quorum to which it belonged before it lost
     * its disk. Where it takes those who have forgotten to open an epoch at all, they begin with
     * it: at once where nobody else remembers anything, as in a new ensemble.
     */
    boolean mayBeSynchronized(Learner learner) {
        return !learner.voter
                || learner.remembers
                || (!established && promises.needAll() && !promises.othersRemember(learner.sid));
    }

    /** Whether each other voter is here, and has the whole history or waits for those who do. */
    boolean allFollow() {
        for (long sid : self.settings.ensemble().voters()) {
            Learner learner = learners.get(sid);
            boolean follows =
                    learner != null && (learner.patient || learner.stage == Learner.Stage.SYNCED);
            if (sid != self.id() && !follows) {
                return false;
            }
        }
        return true;
    }

    /**
     * How many voters, this one not included, have a number of at least {@code bound}.
     *
     * @param number what to ask of those that are synchronized
     */
    int votersWith(ToLongFunction<Learner> number, long bound) {
        int count = 0;
        for (Learner learner : learners.values()) {
            if (learner.voter
                    && learner.stage == Learner.Stage.SYNCED
                    && number.applyAsLong(learner) >= bound) {
                count++;
            }
        }
        return count;
    }

    /**
     * Begins to bring a learner to this history. From here on it gets what is proposed, without a
     * gap, since nothing comes between the plan and the first proposal behind it.
     */
    void synchronize(Learner learner, long epoch) {
        SyncPlan plan = planFor(learner, epoch);
        switch (plan) {
            case SyncPlan.Diff diff -> {
                // It has these on disk when it acknowledges NEWLEADER, and is sent none of them.
                learner.ackedZxid = learner.lastZxid;
                send(learner, new Message.Diff(self.replica().lastProcessedZxid()));
                sendRest(learner, diff.fromZxid(), epoch);
            }
            case SyncPlan.Trunc trunc -> {
                send(learner, new Message.Trunc(trunc.zxid()));
                sendRest(learner, trunc.zxid(), epoch);
            }
            case SyncPlan.Snap _ -> {
                if (mayBeInLog(learner)) {
                    logReading.await(learner);
                } else {
                    sendSnapshot(learner, epoch);
                }
            }
        }
    }

    /** Whether what this learner has may be so old that only the log's files know of it. */
    private boolean mayBeInLog(Learner learner) {
        return learner.lastZxid > 0
                && (learner.remembers || !learner.voter)
                && self.history.lastAtOrBefore(learner.lastZxid) < 0
                && logReading.isPossible();
    }

    /** It gets everything, when its turn comes. */
    void sendSnapshot(Learner learner, long epoch) {
        learner.stage = Learner.Stage.WAITING_FOR_SNAPSHOT;
        beginSnapshot(epoch);
    }

    /** A portion of the log has been read. */
    void onLogRead(Input.LogRead read, long epoch) {
        logReading.onRead(read, epoch);
    }

    /**
     * Who does not remember gets everything at once: with a part of it on its disk, it would pass
     * for one that does. What is older than any epoch binds nobody.
     */
    private SyncPlan planFor(Learner learner, long epoch) {
        return learner.voter && !learner.remembers && Zxid.epoch(self.history.lastLoggedZxid()) > 0
                ? new SyncPlan.Snap()
                : SyncPlan.of(self.history, learner.lastZxid, epoch);
    }

    private void sendRest(Learner learner, long fromZxid, long epoch) {
        learner.stage = Learner.Stage.SYNCING;
        for (Proposal proposal : self.history.appliedAfter(fromZxid)) {
            send(learner, new Message.Propose(proposal));
            send(learner, new Message.Commit(proposal.zxid()));
        }
        sendEnd(learner, fromZxid, epoch);
    }

    /** What is committed nowhere yet, and the end of the history with which it begins. */
    void sendEnd(Learner learner, long fromZxid, long epoch) {
        if (learner.voter) {
            for (Proposal proposal : self.history.unapplied()) {
                if (proposal.zxid() > fromZxid) {
                    send(learner, new Message.Propose(proposal));
                }
            }
        }
        send(learner, new Message.NewLeader(epoch));
    }

    /** One picture of the tree is taken at a time, for whichever learner waits first. */
    void beginSnapshot(long epoch) {
        if (capture != null || self.replica().tree().isBeingCaptured()) {
            return;
        }
        for (Learner learner : learners.values()) {
            if (learner.stage == Learner.Stage.WAITING_FOR_SNAPSHOT) {
                beginSnapshot(learner, epoch);
                return;
            }
        }
    }

    private void beginSnapshot(Learner learner, long epoch) {
        receiver = learner;
        learner.stage = Learner.Stage.SNAPSHOT;
        // Never older than the epoch, so that nothing in the learner's log comes behind it.
        long zxid = Math.max(self.replica().lastProcessedZxid(), Zxid.of(epoch, 0));
        self.effects.send(learner.sid, new Message.Snap(zxid));
        SnapshotHead head =
                new SnapshotHead(
                        zxid, true, self.replica().sessions(), self.replica().tree().acls());
        self.effects.send(learner.sid, new Message.SnapHead(head));
        sendEnd(learner, 0, epoch);
        capture =
                self.replica()
                        .tree()
                        .capture((path, data, acl, stat) ->
                                self.effects.send(
                                        learner.sid,
                                        new Message.SnapZnodes(
                                                List.of(
                                                        new Message.SnapZnode(
                                                                path, data, acl, stat)))));
        onRoom(learner.sid, self.settings.firstZnodes(), epoch);
    }

    /** The link can take so many znodes more. What gets through is progress, however slow. */
    void onRoom(long sid, int znodes, long epoch) {
        heard(sid);
        logReading.onRoom(sid);
        Learner learner = receiver;
        Capture going = capture;
        if (learner == null || going == null || learner.sid != sid || !going.advance(znodes)) {
            return;
        }
        self.effects.send(sid, new Message.SnapTail());
        sendBehind(learner);
        endCapture();
        beginSnapshot(epoch);
    }

    /** What came in pieces is on its way; behind it goes what had to wait for that. */
    void sendBehind(Learner learner) {
        learner.stage = Learner.Stage.SYNCING;
        for (Message held = learner.pollBehind(); held != null; held = learner.pollBehind()) {
            self.effects.send(learner.sid, held);
        }
    }

    private void endCapture() {
        if (capture != null) {
            capture.abandon();
        }
        capture = null;
        receiver = null;
    }

    /** To one learner, behind whatever it is being sent. */
    void send(Learner learner, Message message) {
        if (learner.isHeldUp()) {
            learner.holdBack(message);
        } else {
            self.effects.send(learner.sid, message);
        }
    }

    void propose(Proposal proposal) {
        Message message = new Message.Propose(proposal);
        for (Learner learner : learners.values()) {
            if (learner.voter && learner.hearsProposals()) {
                send(learner, message);
            }
        }
        dropOverfull();
    }

    void commit(Proposal proposal) {
        Message commit = new Message.Commit(proposal.zxid());
        Message inform = new Message.Inform(proposal);
        for (Learner learner : learners.values()) {
            if (learner.hearsProposals()) {
                send(learner, learner.voter ? commit : inform);
            }
        }
        dropOverfull();
    }

    /** Writes go on, however slowly a learner takes what it lacks: it may come again. */
    private void dropOverfull() {
        dropIfOverfull(receiver);
        dropIfOverfull(logReading.learner());
    }

    private void dropIfOverfull(@Nullable Learner learner) {
        if (learner != null && learner.behindBytes() > self.settings.behindBytes()) {
            giveUp(learner.sid, learner.behindBytes() + " bytes wait behind the history it lacks");
        }
    }

    /** Pings everybody who is synchronized. */
    void ping(long lastProposedZxid, long number) {
        Message ping = new Message.Ping(lastProposedZxid);
        for (Learner learner : learners.values()) {
            if (learner.stage == Learner.Stage.SYNCED) {
                learner.pings.add(number);
                self.effects.send(learner.sid, ping);
            }
        }
    }

    /** A learner has answered its oldest ping. */
    void pong(Learner learner) {
        Long number = learner.pings.poll();
        learner.answeredPing = number == null ? learner.answeredPing : number;
    }

    /** Gives up those that were not heard of for too long. */
    void dropSilent(long silentMillis, long syncingMillis, long epoch) {
        logReading.giveUpAfter(silentMillis, epoch);
        List<Long> silent = new ArrayList<>();
        for (Learner learner : learners.values()) {
            boolean synced = learner.stage == Learner.Stage.SYNCED;
            long limit = synced ? silentMillis : syncingMillis * patience.of(learner.sid);
            if (self.nowMillis - learner.heardMillis > limit) {
                silent.add(learner.sid);
                patience.ranOut(learner);
            }
        }
        silent.forEach(sid -> giveUp(sid, "nothing was heard of it in time"));
    }
}
