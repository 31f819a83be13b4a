package vivarium.core.zab;

import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Zxid;

/**
 * The leader brings a quorum to its own history. A peer that is alone has only its own disk to
 * bring there: the epoch, and a snapshot where there is none, since a log is worth nothing without
 * the tree that it starts from.
 */
public final class LeaderSynchronization implements Phase {
    private final Self self;
    private final long epoch;

    LeaderSynchronization(Self self, long epoch) {
        this.self = self;
        this.epoch = epoch;
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEADER_SYNCHRONIZATION;
    }

    @Override
    public Phase enter() {
        if (self.currentEpoch != epoch) {
            self.effects.saveCurrentEpoch(epoch);
        }
        if (self.snapshots.savedZxid() < 0) {
            self.snapshots.take(self.replica);
        }
        return next();
    }

    @Override
    public Phase step(Input input) {
        if (input instanceof Input.CurrentEpochSaved saved && saved.epoch() == epoch) {
            self.currentEpoch = epoch;
        } else if (self.snapshots.savedZxid() < 0 && !self.snapshots.isTaking()) {
            self.snapshots.take(self.replica);
        }
        NotServing.on(self.effects, input);
        return next();
    }

    private Phase next() {
        if (self.currentEpoch != epoch || self.snapshots.savedZxid() < 0) {
            return this;
        }
        if (Zxid.epoch(self.lastLoggedZxid) < epoch) {
            self.lastLoggedZxid = Zxid.of(epoch, 0);
            self.replica.enterEpoch(self.lastLoggedZxid);
        }
        return new LeaderBroadcast(self);
    }

    @Override
    public void leave() {}

    @Override
    public long deadlineMillis() {
        return Long.MAX_VALUE;
    }
}
