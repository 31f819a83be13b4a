package vivarium.server;

import vivarium.core.PhaseName;
import vivarium.net.ElectionLinks;
import vivarium.net.Inlet;
import vivarium.net.LoopThread;
import vivarium.net.PeerSettings;
import vivarium.net.PortException;
import vivarium.net.QuorumLinks;

/** How this server talks to the others of its ensemble. */
final class Peers {
    private final long sid;
    private final ElectionLinks elections;
    private final QuorumLinks links;

    Peers(LoopThread thread, PeerSettings settings, Inlet inlet) {
        this.sid = settings.self();
        this.elections = new ElectionLinks(thread, settings, inlet);
        this.links = new QuorumLinks(thread, settings, inlet);
    }

    /** This server's id. */
    long sid() {
        return sid;
    }

    ElectionLinks elections() {
        return elections;
    }

    QuorumLinks links() {
        return links;
    }

    /** Opens both ports; not on the loop's thread. */
    void open() throws PortException {
        links.open();
        elections.open();
    }

    void stopAccepting() {
        elections.stopAccepting();
        links.stopAccepting();
    }

    /** The peer is in another phase now. */
    void entered(PhaseName phase) {
        elections.entered(phase);
        links.entered(phase);
    }

    /** Sends what this turn has gathered. */
    void flush() {
        links.flush();
        elections.flush();
    }

    /** Ends all connections; on the loop's thread. */
    void end() {
        links.end();
        elections.end();
    }
}
