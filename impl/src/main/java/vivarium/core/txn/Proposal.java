package vivarium.core.txn;

import vivarium.core.Zxid;

/**
 * A transaction with all that is agreed about it; what a log record holds.
 *
 * @param zxid its place in the order
 * @param sessionId the session that asked for it
 * @param cxid the number that the session gave to its request
 * @param timeMillis the leader's wall clock when it was proposed, since 1970
 * @param digested whether {@code digest} means anything; logs before 3.6 have none
 * @param digest the tree's digest after this transaction
 */
public record Proposal(
        long zxid,
        long sessionId,
        int cxid,
        long timeMillis,
        Txn txn,
        boolean digested,
        long digest) {

    @Override
    public String toString() {
        return Zxid.text(zxid) + " " + txn;
    }
}
