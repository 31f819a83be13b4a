package vivarium.core.zab;

import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Zxid;

/**
 * The prospective leader learns the newest epoch that a quorum has promised to, and opens one that
 * is newer.
 *
 * <p>A peer that is alone, and will be, goes on in the epoch it is in, as Apache's standalone server
 * does: epochs keep two leaders of different quorums apart, and no other peer holds, or ever will
 * hold, any of its proposals. Only when the epoch's counter is used up does it open the next.
 */
public final class LeaderDiscovery implements Phase {
    private final Self self;
    private long epoch;

    LeaderDiscovery(Self self) {
        this.self = self;
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEADER_DISCOVERY;
    }

    @Override
    public Phase enter() {
        boolean usedUp = Zxid.counter(self.lastLoggedZxid) == Zxid.LAST_COUNTER;
        long newest = Math.max(self.acceptedEpoch, Zxid.epoch(self.lastLoggedZxid));
        epoch = usedUp ? newest + 1 : newest;
        if (epoch == self.acceptedEpoch) {
            return new LeaderSynchronization(self, epoch);
        }
        self.effects.saveAcceptedEpoch(epoch);
        return this;
    }

    @Override
    public Phase step(Input input) {
        if (input instanceof Input.AcceptedEpochSaved saved && saved.epoch() == epoch) {
            self.acceptedEpoch = epoch;
            return new LeaderSynchronization(self, epoch);
        }
        NotServing.on(self.effects, input);
        return this;
    }

    @Override
    public void leave() {}

    @Override
    public long deadlineMillis() {
        return Long.MAX_VALUE;
    }
}
