package vivarium.core.session;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;

/** A client's connection to this server. */
final class Connection {
    final long id;

    /** The session that it carries, or wants to. */
    final long sessionId;

    final int timeoutMillis;

    /** Replaced as a whole when it grows: requests under way keep the list they were asked with. */
    List<Identity> identities;

    /** Whether the client has been told that it has its session. */
    boolean welcome;

    /** Whether the driver was asked to take no more requests from it. */
    boolean throttled;

    /** The pipeline: requests not answered yet, in order. Answers keep this order. */
    final ArrayDeque<Waiting> pipeline = new ArrayDeque<>(0);

    /** A request that is not answered yet. */
    static final class Waiting {
        final int xid;
        final Operation operation;

        /** What is to be answered; null while a write or a sync is under way. */
        @Nullable Outcome outcome;

        /** Asked over an earlier connection: its turn counts, but nobody hears the answer. */
        boolean silent;

        Waiting(int xid, Operation operation) {
            this.xid = xid;
            this.operation = operation;
        }

        /** Whether its turn is all it waits for. */
        boolean isReady() {
            return outcome != null || operation instanceof Operation.Read;
        }
    }

    Connection(long id, long sessionId, int timeoutMillis, List<Identity> identities) {
        this.id = id;
        this.sessionId = sessionId;
        this.timeoutMillis = timeoutMillis;
        this.identities = identities;
    }
}
