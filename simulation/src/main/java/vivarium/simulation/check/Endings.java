package vivarium.simulation.check;

import java.util.TreeSet;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/** The sessions whose end has been agreed: of no other may a client be told that it is over. */
public final class Endings {
    private final TreeSet<Long> ended = new TreeSet<>();

    Endings() {}

    void agreed(Proposal proposal) {
        if (proposal.txn() instanceof Txn.CloseSession) {
            ended.add(proposal.sessionId());
        }
    }

    /** Whether it has been agreed that the session ends. */
    public boolean isAgreed(long sessionId) {
        return ended.contains(sessionId);
    }
}
