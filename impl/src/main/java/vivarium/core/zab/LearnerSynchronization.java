package vivarium.core.zab;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Replica;
import vivarium.core.Zxid;
import vivarium.core.txn.Proposal;

/**
 * A learner is brought to the leader's history. It says so only when log, then epoch, are on disk:
 * whoever counts on its word counts on that.
 */
public final class LearnerSynchronization implements Phase {
    private final Self self;
    private final long leader;
    private final long epoch;
    private final Message first;
    private long deadlineMillis;

    /** What has come while the disk was not ready for it. */
    private final ArrayDeque<Message> held = new ArrayDeque<>();

    private @Nullable ReceivedReplica receiving;

    /**
     * Whether it is this peer's own disk that is waited for. Nothing may be heard of the leader
     * meanwhile, which is let wait where too much is held.
     */
    private boolean awaitsDisk;

    /** NEWLEADER has come: all of the history with which the epoch begins is here. */
    private boolean complete;

    private boolean savingEpoch;

    /** The last of the proposals that belong to that history, and must be on disk. */
    private long completeZxid;

    /**
     * A replica that was read from the log may show what is not committed, and could still be lost:
     * nobody may be served before it is committed up to here. The mark with which an epoch begins
     * is no transaction, and is set when all before it is committed.
     */
    private long servableZxid;

    private boolean acknowledged;
    private final Acknowledgements acknowledgements;
    private boolean upToDate;
    private boolean passedOn;

    LearnerSynchronization(Self self, long leader, long epoch, Message first) {
        this.self = self;
        this.leader = leader;
        this.epoch = epoch;
        this.first = first;
        this.acknowledgements = new Acknowledgements(self, leader);
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEARNER_SYNCHRONIZATION;
    }

    @Override
    public Phase enter() {
        heard();
        if (!begin()) {
            return new Looking(self);
        }
        awaitsDisk = !self.isSettled();
        return next();
    }

    /** As long as the leader is heard of, it may take its time. */
    private void heard() {
        int limit = self.settings.timing().initLimitTicks();
        deadlineMillis = self.nowMillis + self.ticks(limit);
    }

    @Override
    public Phase step(Input input) {
        NotServing.on(self.effects, input);
        if (awaitsDisk) {
            heard();
        }
        switch (input) {
            case Input.Received received -> {
                if (received.sid() == leader) {
                    heard();
                    held.add(received.message());
                } else {
                    NotServing.refuseLink(self.effects, input);
                }
            }
            case Input.LinkDown down -> {
                if (down.sid() == leader) {
                    return new Looking(self, leader);
                }
            }
            case Input.LinkUp _ -> NotServing.refuseLink(self.effects, input);
            case Input.Tick _ -> {
                if (self.nowMillis >= deadlineMillis) {
                    return new Looking(self, leader);
                }
            }
            case Input.OfTime _, Input.FromClient _, Input.FromDisk _, Input.FromPeer _ -> {}
        }
        return goOn();
    }

    /** Nothing is logged behind a cut or a snapshot that is not on disk itself. */
    private Phase goOn() {
        while (self.isSettled() && !held.isEmpty() && !mayServe()) {
            if (!on(held.remove())) {
                return new Looking(self);
            }
        }
        awaitsDisk = !self.isSettled();
        return next();
    }

    private boolean begin() {
        if (first instanceof Message.Trunc trunc) {
            return onTrunc(trunc.zxid());
        }
        if (first instanceof Message.Diff diff) {
            onDiff(diff.zxid());
        }
        if (first instanceof Message.Snap snap) {
            receiving = new ReceivedReplica(self.settings.extendedTypes(), snap.zxid());
        }
        return true;
    }

    /** False if the leader does not keep to the protocol. */
    private boolean on(Message message) {
        return switch (message) {
            case Message.SnapPart part -> onSnapPart(part);
            case Message.Propose propose -> receiving == null && log(propose.proposal());
            case Message.Inform inform ->
                    receiving == null && log(inform.proposal()) && commit(inform.proposal().zxid());
            case Message.Commit commit -> receiving == null && commit(commit.zxid());
            case Message.NewLeader newLeader -> onNewLeader(newLeader.epoch());
            case Message.UpToDate _ -> {
                upToDate = true;
                yield acknowledged;
            }
            // Until it has heard of NEWLEADER, a leader of Apache's wants to hear of nothing else.
            case Message.Ping _ when !acknowledged -> true;
            case Message.Ping ping -> {
                long zxid = ping.lastProposedZxid();
                self.effects.send(leader, new Message.Pong(zxid, List.of()));
                yield true;
            }
            case Message.Diff _,
                    Message.Trunc _,
                    Message.Snap _,
                    Message.LeaderInfo _,
                    Message.Revalidated _,
                    Message.Synced _,
                    Message.FromLearner _ ->
                    false;
        };
    }

    /** What is here already and committed at the leader is committed here without another word. */
    private void onDiff(long committedZxid) {
        Proposal next = self.history.firstUnapplied();
        while (next != null && next.zxid() <= committedZxid) {
            self.history.apply(self.replica(), false);
            next = self.history.firstUnapplied();
        }
        long shown = self.replica().lastProcessedZxid();
        boolean doubtful = shown > committedZxid && Zxid.counter(shown) != 0;
        servableZxid = doubtful ? shown : 0;
    }

    private boolean onTrunc(long zxid) {
        if (zxid > self.history.lastLoggedZxid()) {
            return false;
        }
        if (zxid < self.history.lastLoggedZxid()) {
            self.truncate(zxid);
        }
        return true;
    }

    private boolean onSnapPart(Message.SnapPart part) {
        ReceivedReplica pieces = receiving;
        if (pieces == null || !pieces.take(part)) {
            return false;
        }
        Replica whole = pieces.whole();
        if (whole != null) {
            receiving = null;
            self.install(whole);
        }
        return true;
    }

    private boolean log(Proposal proposal) {
        boolean follows = self.history.isFollowedBy(proposal);
        if (follows) {
            self.history.append(proposal);
            acknowledgements.owe(proposal.zxid());
        }
        return follows;
    }

    private boolean commit(long zxid) {
        if (zxid >= servableZxid) {
            servableZxid = 0;
        }
        if (!acknowledged) {
            acknowledgements.settle(zxid);
        }
        Proposal next = self.history.firstUnapplied();
        if (next == null) {
            // A peer that has just been born has applied all of its log.
            return zxid <= self.replica().lastProcessedZxid();
        }
        if (next.zxid() != zxid) {
            return zxid < next.zxid();
        }
        self.history.apply(self.replica(), false);
        return true;
    }

    private boolean onNewLeader(long newEpoch) {
        if (complete || receiving != null || newEpoch != epoch) {
            return false;
        }
        complete = true;
        self.history.fuzzy(false);
        completeZxid = self.history.lastLoggedZxid();
        return true;
    }

    private Phase next() {
        if (complete && !acknowledged && self.history.durableZxid() >= completeZxid) {
            if (self.currentEpoch == epoch) {
                acknowledged = true;
                self.effects.send(leader, new Message.Ack(Zxid.of(epoch, 0)));
                return goOn();
            }
            if (!savingEpoch && self.snapshots.savedZxid() >= 0) {
                savingEpoch = true;
                self.effects.saveCurrentEpoch(epoch);
            } else if (!self.snapshots.isTaking() && self.snapshots.savedZxid() < 0) {
                self.snapshots.take(self.replica());
            }
        }
        if (acknowledged) {
            acknowledgements.tell();
        }
        if (!mayServe()) {
            return this;
        }
        passedOn = true;
        return new LearnerBroadcast(self, leader, epoch, held, acknowledgements);
    }

    private boolean mayServe() {
        return upToDate && servableZxid == 0;
    }

    @Override
    public int heldMessages() {
        return held.size();
    }

    @Override
    public void leave() {
        if (!passedOn) {
            self.effects.disconnect(leader);
        }
    }

    @Override
    public long deadlineMillis() {
        return awaitsDisk ? Long.MAX_VALUE : deadlineMillis;
    }
}
