package vivarium.core.zab;

import vivarium.core.Input;
import vivarium.core.PhaseName;

/**
 * Looking for a leader. A peer that is alone has found one: itself, since its own vote is a quorum.
 */
public final class Looking implements Phase {
    private final Self self;

    public Looking(Self self) {
        this.self = self;
    }

    @Override
    public PhaseName name() {
        return PhaseName.LOOKING;
    }

    @Override
    public Phase enter() {
        return self.settings.ensemble().isAlone() ? new LeaderDiscovery(self) : this;
    }

    @Override
    public Phase step(Input input) {
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
