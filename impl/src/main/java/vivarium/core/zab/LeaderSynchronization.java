package vivarium.core.zab;

import vivarium.core.Check;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Zxid;

/**
 * The leader brings a quorum to its own history, with which the epoch begins: all of it, also what
 * no client was ever told of. When a quorum has it on disk, it is committed.
 *
 * <p>This peer counts itself when it has the same as it asks of others: log, then epoch, on disk;
 * and a snapshot where there was none, since a log is worth nothing without the tree that it starts
 * from.
 */
public final class LeaderSynchronization implements Phase {
    private final Self self;
    private final long epoch;
    private final Learners learners;
    private long deadlineMillis;
    private boolean savingEpoch;
    private boolean passedOn;

    /** A voter can't follow any more: see {@link Learners#isAheadOf}. */
    private boolean deposed;

    LeaderSynchronization(Self self, long epoch, Learners learners) {
        this.self = self;
        this.epoch = epoch;
        this.learners = learners;
        postpone();
    }

    /** As long as a voter is being sent what it lacks, however much that is, there is hope. */
    private void onRoom(Input.LinkRoom room) {
        Learner learner = learners.get(room.sid());
        if (learner != null && learner.voter && learner.isHeldUp()) {
            postpone();
        }
        learners.onRoom(room.sid(), room.znodes(), epoch);
    }

    private void postpone() {
        deadlineMillis = self.nowMillis + self.ticks(self.settings.timing().initLimitTicks());
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEADER_SYNCHRONIZATION;
    }

    /** Whoever is brought to this history, or sent a picture of it, gets the whole of it. */
    @Override
    public Phase enter() {
        while (self.history.firstUnapplied() != null) {
            self.history.apply(self.replica(), false);
        }
        for (Learner learner : learners.all()) {
            if (learner.stage == Learner.Stage.PROMISED && learners.mayBeSynchronized(learner)) {
                learners.synchronize(learner, epoch);
            } else if (learner.stage == Learner.Stage.PROMISED) {
                learner.patient = learners.promises.needAll();
            }
        }
        return next();
    }

    /**
     * Brings up those who have forgotten, where it takes them to open the epoch. One of them may
     * have promised a newer one to another who remembers, before it came here without its disk; so
     * they begin when all who remember have followed this leader since then. Who comes later waits
     * until the epoch is established.
     */
    private void bringUpPatient() {
        if (!learners.allFollow()) {
            return;
        }
        for (Learner learner : learners.all()) {
            if (learner.patient) {
                learner.patient = false;
                learners.synchronize(learner, epoch);
            }
        }
    }

    @Override
    public Phase step(Input input) {
        NotServing.on(self.effects, input);
        switch (input) {
            case Input.LinkDown down -> learners.forget(down.sid());
            case Input.LinkRoom room -> onRoom(room);
            case Input.LogRead read -> learners.onLogRead(read, epoch);
            case Input.Received received -> on(received.sid(), received.message());
            // This peer's own snapshot may be through with the tree: those who wait have their
            // turn.
            case Input.SnapshotRoom _ -> learners.beginSnapshot(epoch);
            case Input.Tick _ -> {
                if (self.nowMillis >= deadlineMillis && !self.settings.ensemble().isAlone()) {
                    return new Looking(self);
                }
            }
            case Input.OfTime _, Input.FromClient _, Input.FromDisk _, Input.FromPeer _ -> {}
        }
        return next();
    }

    private void on(long sid, Message message) {
        learners.heard(sid);
        deposed |= learners.isAheadOf(epoch, sid, message);
        if (learners.join(sid, message, epoch)) {
            return;
        }
        Learner learner = learners.get(sid);
        if (learner != null
                && learner.stage == Learner.Stage.SYNCING
                && message instanceof Message.Ack ack
                && ack.zxid() == Zxid.of(epoch, 0)) {
            learner.stage = Learner.Stage.SYNCED;
        } else {
            learners.drop(sid);
        }
    }

    private Phase next() {
        if (deposed) {
            return new Looking(self);
        }
        bringUpPatient();
        prepareOwnDisk();
        boolean counts =
                self.currentEpoch == epoch
                        && self.history.isDurable()
                        && self.snapshots.savedZxid() >= 0;
        int have = learners.votersWith(_ -> 0, 0) + (counts ? 1 : 0);
        if (!counts || !self.settings.ensemble().isQuorum(have)) {
            return this;
        }
        passedOn = true;
        return new LeaderBroadcast(self, epoch, learners);
    }

    private void prepareOwnDisk() {
        if (self.snapshots.savedZxid() < 0 && !self.snapshots.isTaking()) {
            self.snapshots.take(self.replica());
        }
        if (self.currentEpoch != epoch && self.history.isDurable() && !savingEpoch) {
            savingEpoch = true;
            self.effects.saveCurrentEpoch(epoch);
        }
    }

    @Override
    public void leave() {
        Check.that(self.currentEpoch <= epoch, "EpochsGrow");
        if (!passedOn) {
            learners.dropAll();
        }
    }

    @Override
    public long deadlineMillis() {
        return self.settings.ensemble().isAlone() ? Long.MAX_VALUE : deadlineMillis;
    }
}
