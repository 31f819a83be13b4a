package vivarium.simulation.spec;

import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Recovered;
import vivarium.core.SnapshotHead;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.zab.Message;
import vivarium.simulation.server.SimServer;
import vivarium.simulation.server.Witness;

/** A witness beside whom a scribe writes down what the servers do. */
public record Recording(Witness witness, Scribe scribe) implements Witness {
    @Override
    public void recovered(SimServer server, Recovered recovered) {
        witness.recovered(server, recovered);
    }

    @Override
    public void appended(SimServer server, Proposal proposal) {
        scribe.appended(server.sid());
        witness.appended(server, proposal);
    }

    @Override
    public void truncating(SimServer server, long zxid) {
        witness.truncating(server, zxid);
    }

    @Override
    public void durable(SimServer server, long zxid) {
        witness.durable(server, zxid);
    }

    @Override
    public void acceptedEpochSaved(SimServer server, long epoch) {
        witness.acceptedEpochSaved(server, epoch);
    }

    @Override
    public void currentEpochSaved(SimServer server, long epoch) {
        witness.currentEpochSaved(server, epoch);
    }

    @Override
    public void installing(SimServer server, SnapshotHead head) {
        witness.installing(server, head);
    }

    @Override
    public void sending(SimServer server, long to, Message message) {
        if (message instanceof Message.Snap) {
            scribe.beginsSnapshot(server.sid(), to);
        }
        if (message instanceof Message.Commit || message instanceof Message.Inform) {
            scribe.commits(server.sid());
        }
        if (message instanceof Message.Diff || message instanceof Message.Trunc) {
            scribe.synchronizes(server.sid(), to);
        }
        witness.sending(server, to, message);
    }

    @Override
    public void replying(SimServer server, long connection, int xid, long zxid, Outcome outcome) {
        witness.replying(server, connection, xid, zxid, outcome);
    }

    @Override
    public void givingUp(SimServer server, long learner) {
        scribe.givingUp(server.sid(), learner);
        witness.givingUp(server, learner);
    }

    @Override
    public void entered(SimServer server, PhaseName phase) {
        witness.entered(server, phase);
    }

    @Override
    public void stepping(SimServer server, Peer peer, long nowMillis, Input input) {
        scribe.stepping(server.sid(), input, peer.sketch());
        witness.stepping(server, peer, nowMillis, input);
    }

    @Override
    public void ended(SimServer server) {
        scribe.crashed(server.sid());
        witness.ended(server);
    }

    @Override
    public void stepped(SimServer server) {
        Peer peer = server.peer();
        if (peer != null) {
            scribe.stepped(server.sid(), peer.sketch());
        }
        witness.stepped(server);
    }
}
