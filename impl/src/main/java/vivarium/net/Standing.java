package vivarium.net;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.wire.ClientFrame;

/** Who the client of one connection is known to be, and what is owed to the audit of its doings. */
final class Standing {
    private final InetSocketAddress remote;

    /** Replaced as a whole when it grows: what was asked keeps the list it was asked with. */
    private List<Identity> identities;

    private @Nullable ArrayDeque<Asked> asked;

    private record Asked(int xid, Operation operation, Audit.Client client) {}

    Standing(InetSocketAddress remote) {
        this.remote = remote;
        this.identities = List.of(new Identity("ip", remote.getAddress().getHostAddress()));
    }

    List<Identity> identities() {
        return identities;
    }

    /** Judges a proof of who the client is; the core hears of it if it is one. */
    boolean prove(ClientPort port, long connection, long sessionId, ClientFrame.Auth auth) {
        Audit.Client client = new Audit.Client(sessionId, identities, remote);
        List<Identity> proven = port.proofs().judge(auth.scheme(), auth.proof(), client);
        if (proven == null) {
            port.traffic().onAuthFailed();
            return false;
        }
        for (Identity identity : proven) {
            add(identity);
            port.inlet().step(new Input.Identified(connection, identity));
        }
        return true;
    }

    private void add(Identity identity) {
        if (!identities.contains(identity)) {
            List<Identity> more = new ArrayList<>(identities);
            more.add(identity);
            identities = List.copyOf(more);
        }
    }

    /** Whether it has proven who it is by one of {@code schemes}; whether there are none. */
    boolean isEnough(List<String> schemes) {
        if (schemes.isEmpty()) {
            return true;
        }
        for (Identity identity : identities) {
            if (schemes.contains(identity.scheme())) {
                return true;
            }
        }
        return false;
    }

    void onAsked(Audit audit, long sessionId, int xid, Operation operation) {
        if (audit.concerns(operation)) {
            if (asked == null) {
                asked = new ArrayDeque<>();
            }
            Audit.Client client = new Audit.Client(sessionId, identities, remote);
            asked.add(new Asked(xid, operation, client));
        }
    }

    /** What is audited is answered in the order in which it was asked. */
    void onAnswered(Audit audit, int xid, Outcome outcome) {
        Asked first = asked == null ? null : asked.peek();
        if (first != null && first.xid() == xid && asked != null) {
            asked.remove();
            audit.done(first.client(), first.operation(), outcome);
        }
    }
}
