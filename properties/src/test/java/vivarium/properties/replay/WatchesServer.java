package vivarium.properties.replay;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import vivarium.core.Bytes;
import vivarium.core.CloseReason;
import vivarium.core.Ensemble;
import vivarium.core.Input;
import vivarium.core.Replica;
import vivarium.core.Zxid;
import vivarium.core.session.Clients;
import vivarium.core.session.SessionIds;
import vivarium.core.session.Upstream;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.watch.WatchEvent;
import vivarium.core.watch.WatchMode;

/** A server as its clients know it: their connections, what they watch, and a replica. */
final class WatchesServer extends QuietEffects implements Upstream {
    /** The reply to what a client sets again is none of the specification's. */
    private static final int UNHEARD = -8;

    private static final int HEARD = 1;
    private final int before;
    private final ArrayDeque<WatchesRig.Word> queue;
    private final Replica replica = Replica.fresh(true);
    private final Clients clients =
            new Clients(
                    Rig.settings(new Ensemble(1, List.of(1L), List.of()), 0),
                    this,
                    replica,
                    this,
                    new SessionIds(1));
    private String reading = "";
    private boolean refused;

    /** The znodes at {@code paths} are there. */
    WatchesServer(List<String> paths, ArrayDeque<WatchesRig.Word> queue) {
        this.queue = queue;
        this.before = paths.size();
        for (String path : paths) {
            List<Acl> open = List.of(new Acl(Acl.ALL, "world", "anyone"));
            apply(
                    new Txn.Create(
                            Operation.CreateKind.CREATE,
                            path(path),
                            Bytes.EMPTY,
                            open,
                            false,
                            1,
                            -1));
        }
    }

    static Path path(String name) {
        return Path.ROOT.child(name);
    }

    static long zxid(long count) {
        return Zxid.of(0, count);
    }

    private void apply(Txn txn) {
        long zxid = replica.lastProcessedZxid() + 1;
        Proposal proposal = new Proposal(zxid, 0, 0, 0, txn, false, 0);
        clients.onCommitted(proposal, replica.apply(proposal));
    }

    /** How many changes it shows. */
    long shown() {
        return Zxid.counter(replica.lastProcessedZxid()) - before;
    }

    /** The next change is of this path. */
    void apply(String path) {
        apply(new Txn.SetData(path(path), Bytes.EMPTY, (int) shown() + 1, false));
    }

    /** Whether a client would be sent away; where not, it is as if it had not come. */
    boolean refuses(Input.Connect connect) {
        refused = false;
        clients.onConnect(connect);
        clients.onDisconnected(connect.connection());
        return refused;
    }

    void welcome(Input.Connect connect) {
        clients.onConnect(connect);
        clients.onRevalidated(connect.connection(), true);
    }

    void leave(long connection) {
        clients.onDisconnected(connection);
    }

    /** A read that sets a watch. */
    void read(long connection, String path) {
        reading = path;
        Operation.Read read = new Operation.GetData(path(path), true);
        clients.onRequest(new Input.Request(connection, HEARD, read));
    }

    void ask(long connection, Operation.SetWatches operation) {
        clients.onRequest(new Input.Request(connection, UNHEARD, operation));
    }

    /** The paths that it watches for somebody. */
    Set<String> armed() {
        TreeSet<String> armed = new TreeSet<>();
        clients.watches()
                .read(WatchMode.DATA, (path, _) -> armed.add(path.toString().substring(1)));
        return armed;
    }

    @Override
    public void reply(long connection, int xid, long zxid, Outcome outcome) {
        if (xid == HEARD) {
            queue.add(new WatchesRig.Word(false, reading, Zxid.counter(zxid) - before));
        }
    }

    @Override
    public void notify(long connection, WatchEvent event) {
        queue.add(new WatchesRig.Word(true, event.path().toString().substring(1), 0));
    }

    @Override
    public void close(long connection, CloseReason reason) {
        refused = true;
    }

    @Override
    public void submit(
            long sessionId, int xid, Operation.Write operation, List<Identity> identities) {
        throw new AssertionError("nobody writes " + operation);
    }

    @Override
    public void sync(long sessionId) {
        throw new AssertionError("nobody asks for a sync");
    }

    @Override
    public void revalidate(long connection, long sessionId, int timeoutMillis) {}

    @Override
    public void touch(long sessionId, int timeoutMillis) {}
}
