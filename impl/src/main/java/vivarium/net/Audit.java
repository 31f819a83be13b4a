package vivarium.net;

import java.net.InetSocketAddress;
import java.util.List;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;

/** Writes down who has asked for what, and what has come of it. */
public interface Audit {
    /** Writes nothing down. */
    Audit NONE =
            new Audit() {
                @Override
                public boolean concerns(Operation operation) {
                    return false;
                }

                @Override
                public void done(Client client, Operation operation, Outcome outcome) {}
            };

    /**
     * Who asks.
     *
     * @param identities who it was known to be when it asked
     */
    record Client(long sessionId, List<Identity> identities, InetSocketAddress address) {}

    /** Whether operations of this kind are written down. */
    boolean concerns(Operation operation);

    /** {@code operation} was done, or refused. */
    void done(Client client, Operation operation, Outcome outcome);
}
