package vivarium.core.zab;

import vivarium.core.txn.Proposal;

/**
 * A learner's word to its leader that proposals are on its disk: one for each, in order, none
 * twice. Nobody asks an observer for its word.
 */
final class Acknowledgements {
    private final Self self;
    private final long leader;

    /** The last proposal that the leader was told of. */
    private long toldZxid;

    Acknowledgements(Self self, long leader) {
        this.self = self;
        this.leader = leader;
    }

    /** Tells the leader of what has become durable and is not committed yet. */
    void tell() {
        if (!self.isVoter()) {
            return;
        }
        long durable = self.history.durableZxid();
        for (Proposal proposal : self.history.unapplied()) {
            if (proposal.zxid() > durable) {
                return;
            }
            if (proposal.zxid() > toldZxid) {
                toldZxid = proposal.zxid();
                self.effects.send(leader, new Message.Ack(toldZxid));
            }
        }
    }
}
