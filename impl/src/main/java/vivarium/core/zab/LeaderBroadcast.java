package vivarium.core.zab;

import java.util.ArrayDeque;
import java.util.List;
import vivarium.core.Check;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.SnapshotHead;
import vivarium.core.Zxid;
import vivarium.core.session.Clients;
import vivarium.core.session.Expiry;
import vivarium.core.session.Upstream;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Preparer;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/**
 * The leader of an established ensemble: it turns requests into proposals, in one order, and commits
 * each when a quorum has it on disk. Sessions end here and nowhere else.
 */
public final class LeaderBroadcast implements Phase, Upstream {
    private static final List<Identity> NOBODY = List.of();

    private final Self self;
    private final Preparer preparer;
    private final Clients clients;
    private final Expiry expiry;
    private final Containers containers;

    /** Proposed and not yet committed, in order of their zxids, without a gap. */
    private final ArrayDeque<Proposal> outstanding = new ArrayDeque<>();

    /** Syncs that wait for the commit of all that was proposed before them. */
    private final ArrayDeque<WaitingSync> syncs = new ArrayDeque<>();

    private record WaitingSync(long barrierZxid, long sessionId) {}

    LeaderBroadcast(Self self) {
        this.self = self;
        DataTree tree = self.replica.tree();
        this.preparer =
                new Preparer(tree, self.settings.extendedTypes(), self.settings.skipAcl());
        this.clients =
                new Clients(
                        self.settings, self.effects, self.replica, this, self.sessionIds);
        this.expiry = new Expiry(self.settings.timing().tickMillis());
        this.containers = new Containers(self.settings, self.nowMillis);
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEADER_BROADCAST;
    }

    @Override
    public Clients clients() {
        return clients;
    }

    /** Every session gets a whole time-out from here; an ephemeral without a session has none. */
    @Override
    public Phase enter() {
        self.sessionIds.start(self.wallMillis());
        for (SnapshotHead.SessionEntry session : self.replica.sessions()) {
            expiry.track(self.nowMillis, session.id(), session.timeoutMillis());
        }
        for (long owner : self.replica.tree().ephemeralOwners()) {
            if (!self.replica.hasSession(owner)) {
                propose(owner, 0, new Operation.CloseSession(), NOBODY, true);
            }
        }
        return this;
    }

    @Override
    public Phase step(Input input) {
        switch (input) {
            case Input.Request request -> clients.onRequest(request);
            case Input.Durable durable -> onDurable(durable.zxid());
            case Input.Connect connect -> clients.onConnect(connect);
            case Input.Disconnected disconnected ->
                    clients.onDisconnected(disconnected.connection());
            case Input.Identified identified -> clients.onIdentified(identified);
            case Input.Tick _ -> onTick();
            case Input.WallClock _,
                    Input.SnapshotRoom _,
                    Input.SnapshotSaved _,
                    Input.SnapshotFailed _,
                    Input.AcceptedEpochSaved _,
                    Input.CurrentEpochSaved _,
                    Input.Notified _,
                    Input.LinkUp _,
                    Input.LinkDown _,
                    Input.LinkRoom _,
                    Input.Received _,
                    Input.Reloaded _ -> {}
        }
        return isUsedUp() && outstanding.isEmpty() ? new Looking(self) : this;
    }

    /** The epoch has no zxid left: another one must be opened. */
    private boolean isUsedUp() {
        return Zxid.counter(self.lastLoggedZxid) == Zxid.LAST_COUNTER;
    }

    private void onTick() {
        for (long session : expiry.expire(self.nowMillis)) {
            propose(session, 0, new Operation.CloseSession(), NOBODY, true);
        }
        for (Path path : containers.due(self.nowMillis, self.wallMillis(), self.replica.tree())) {
            propose(0, 0, new Operation.DeleteContainer(path), NOBODY, true);
        }
    }

    @Override
    public void submit(
            long sessionId, int xid, Operation.Write operation, List<Identity> identities) {
        boolean opens = operation instanceof Operation.CreateSession;
        propose(sessionId, xid, operation, identities, opens || expiry.isOpen(sessionId));
    }

    /** What is asked when the epoch is used up is lost with the connections, as in a fail-over. */
    private void propose(
            long sessionId,
            int xid,
            Operation.Write operation,
            List<Identity> identities,
            boolean sessionOpen) {
        if (isUsedUp()) {
            return;
        }
        long zxid = self.lastLoggedZxid + 1;
        long time = self.wallMillis();
        Preparer.Asker asker =
                new Preparer.Asker(sessionId, sessionOpen, identities, zxid, time);
        Txn txn = preparer.prepare(asker, operation);
        if (txn instanceof Txn.CreateSession create) {
            expiry.track(self.nowMillis, sessionId, create.timeoutMillis());
        } else if (txn instanceof Txn.CloseSession) {
            expiry.close(sessionId);
        }
        Proposal proposal =
                new Proposal(zxid, sessionId, xid, time, txn, true, preparer.digest());
        self.lastLoggedZxid = zxid;
        outstanding.add(proposal);
        self.effects.append(proposal);
    }

    /** This server's own acknowledgement: the log is safe up to {@code zxid}. */
    private void onDurable(long zxid) {
        Check.that(zxid <= self.lastLoggedZxid, "DurableWasAppended");
        Proposal next = outstanding.peek();
        while (next != null && next.zxid() <= zxid) {
            commit(outstanding.remove());
            next = outstanding.peek();
        }
    }

    private void commit(Proposal proposal) {
        Outcome outcome = self.replica.apply(proposal);
        Check.same(proposal.digest(), self.replica.digest(), "DigestsAgree");
        preparer.committed(proposal.zxid());
        if (proposal.txn() instanceof Txn.CloseSession) {
            expiry.remove(proposal.sessionId());
        }
        clients.onCommitted(proposal, outcome);
        WaitingSync sync = syncs.peek();
        while (sync != null && sync.barrierZxid() <= proposal.zxid()) {
            clients.onSynced(syncs.remove().sessionId());
            sync = syncs.peek();
        }
        self.snapshots.onApplied(self.replica);
    }

    /** The only voter leads by itself, so all it needs to confirm is what it has proposed. */
    @Override
    public void sync(long sessionId) {
        if (outstanding.isEmpty()) {
            clients.onSynced(sessionId);
        } else {
            syncs.add(new WaitingSync(self.lastLoggedZxid, sessionId));
        }
    }

    @Override
    public void revalidate(long connection, long sessionId, int timeoutMillis) {
        boolean valid = expiry.touch(self.nowMillis, sessionId, timeoutMillis);
        clients.onRevalidated(connection, valid);
    }

    @Override
    public void touch(long sessionId, int timeoutMillis) {
        expiry.touch(self.nowMillis, sessionId, timeoutMillis);
    }

    @Override
    public void leave() {
        clients.closeAll();
    }

    @Override
    public long deadlineMillis() {
        return Math.min(expiry.deadlineMillis(), containers.deadlineMillis());
    }
}
