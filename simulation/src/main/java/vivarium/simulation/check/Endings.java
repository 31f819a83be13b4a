package vivarium.simulation.check;

import java.util.TreeSet;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/** The sessions whose end anybody has ever proposed: no other may be told that it is over. */
public final class Endings {
    private final TreeSet<Long> proposed = new TreeSet<>();

    Endings() {}

    void appended(Proposal proposal) {
        if (proposal.txn() instanceof Txn.CloseSession) {
            proposed.add(proposal.sessionId());
        }
    }

    /** Whether somebody has proposed that the session ends, agreed upon or not. */
    public boolean isProposed(long sessionId) {
        return proposed.contains(sessionId);
    }
}
