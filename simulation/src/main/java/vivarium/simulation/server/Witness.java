package vivarium.simulation.server;

import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Recovered;
import vivarium.core.SnapshotHead;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;

/**
 * Sees all that a server does, as it does it, and throws a {@link
 * vivarium.simulation.engine.Violation} where that must not be.
 */
public interface Witness {
    /** The server has read its disk, at a start or after a cut. */
    void recovered(SimServer server, Recovered recovered);

    void appended(SimServer server, Proposal proposal);

    /** The server is going to cut its log behind {@code zxid}. */
    void truncating(SimServer server, long zxid);

    /** The server has been told that all up to {@code zxid} is safe. */
    void durable(SimServer server, long zxid);

    void acceptedEpochSaved(SimServer server, long epoch);

    void currentEpochSaved(SimServer server, long epoch);

    void installing(SimServer server, SnapshotHead head);

    void sending(SimServer server, long to, Message message);

    void replying(SimServer server, long connection, int xid, long zxid, Outcome outcome);

    /** The server, which leads, ends the link to a learner for what that does or does not. */
    void givingUp(SimServer server, long learner);

    void entered(SimServer server, PhaseName phase);

    /** A step is going to be taken, at this time by the server's own clock. */
    void stepping(SimServer server, Peer peer, long nowMillis, Input input);

    /** The server's process has ended. */
    default void ended(SimServer server) {}

    /** A step has been taken. */
    void stepped(SimServer server);
}
