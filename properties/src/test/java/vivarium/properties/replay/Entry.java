package vivarium.properties.replay;

import java.util.List;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/** A proposal in a log. Each makes a session, whose id begins with the server that leads. */
record Entry(Proposal proposal) {
    private static final int SERVER_SHIFT = 56;
    private static final int SESSION_MILLIS = 1_000;

    /** One that nobody has proposed in this rig: it is older. */
    static Proposal proposal(long zxid, long by) {
        long session = (by << SERVER_SHIFT) + zxid;
        return new Proposal(zxid, session, 0, 0, new Txn.CreateSession(SESSION_MILLIS), false, 0);
    }

    long zxid() {
        return proposal.zxid();
    }

    String text() {
        return new Text()
                .with("z", Text.scaled(zxid()))
                .with("by", proposal.sessionId() >>> SERVER_SHIFT)
                .toString();
    }

    static String text(List<Entry> log) {
        return Text.sequence(log.stream().map(Entry::text).toList());
    }
}
