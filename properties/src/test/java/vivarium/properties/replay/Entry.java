package vivarium.properties.replay;

import java.util.List;
import vivarium.core.txn.Proposal;

/** A proposal in a log. Each makes a session, whose id begins with the server that leads. */
record Entry(Proposal proposal) {
    private static final int SERVER_SHIFT = 56;

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
