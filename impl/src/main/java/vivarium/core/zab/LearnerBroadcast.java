package vivarium.core.zab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vivarium.core.Check;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Zxid;
import vivarium.core.session.Clients;
import vivarium.core.session.Upstream;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;

/**
 * A learner of an established leader. It logs what is proposed, acknowledges what is on disk,
 * applies what is committed, answers reads from its own tree, and passes everything else on.
 */
public final class LearnerBroadcast implements Phase, Upstream {
    private final Self self;
    private final long leader;
    private final long epoch;
    private final Clients clients;

    /** What had come behind UPTODATE. */
    private final ArrayDeque<Message> held;

    private final Acknowledgements acknowledgements;

    private long deadlineMillis;
    private final TreeMap<Long, Integer> touched = new TreeMap<>();
    private final ArrayDeque<Long> syncing = new ArrayDeque<>();
    private final ArrayDeque<Revalidation> revalidating = new ArrayDeque<>();

    private record Revalidation(long connection, long sessionId) {}

    LearnerBroadcast(
            Self self,
            long leader,
            long epoch,
            ArrayDeque<Message> held,
            Acknowledgements acknowledgements) {
        this.self = self;
        this.leader = leader;
        this.epoch = epoch;
        this.held = held;
        this.acknowledgements = acknowledgements;
        this.clients =
                new Clients(self.settings, self.effects, self.replica(), this, self.sessionIds);
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEARNER_BROADCAST;
    }

    @Override
    public Clients clients() {
        return clients;
    }

    @Override
    public Phase enter() {
        self.established(epoch);
        self.sessionIds.start(self.wallMillis());
        if (self.replica().lastProcessedZxid() < Zxid.of(epoch, 0)) {
            self.replica().enterEpoch(Zxid.of(epoch, 0));
        }
        heard();
        acknowledgements.tell();
        while (!held.isEmpty()) {
            if (!on(held.remove())) {
                return new Looking(self);
            }
        }
        return this;
    }

    private void heard() {
        int limit = self.settings.timing().syncLimitTicks();
        deadlineMillis = self.nowMillis + self.ticks(limit);
    }

    @Override
    public Phase step(Input input) {
        switch (input) {
            case Input.Request request -> clients.onRequest(request);
            case Input.Connect connect -> clients.onConnect(connect);
            case Input.Disconnected gone -> clients.onDisconnected(gone.connection());
            case Input.Identified identified -> clients.onIdentified(identified);
            case Input.Durable _ -> acknowledgements.tell();
            case Input.Received received -> {
                if (received.sid() != leader) {
                    NotServing.refuseLink(self.effects, input);
                } else if (!on(received.message())) {
                    return new Looking(self);
                }
            }
            case Input.LinkDown down -> {
                if (down.sid() == leader) {
                    return new Looking(self, leader);
                }
            }
            case Input.LinkUp _ -> NotServing.refuseLink(self.effects, input);
            case Input.Tick _ -> {
                if (self.nowMillis >= deadlineMillis) {
                    return new Looking(self, leader);
                }
            }
            case Input.OfTime _, Input.FromDisk _, Input.FromPeer _ -> {}
        }
        return this;
    }

    /** False if the leader does not keep to the protocol. */
    private boolean on(Message message) {
        heard();
        switch (message) {
            case Message.Propose propose -> {
                return log(propose.proposal());
            }
            case Message.Commit commit -> commit(commit.zxid());
            case Message.Inform inform -> {
                if (!log(inform.proposal())) {
                    return false;
                }
                commit(inform.proposal().zxid());
            }
            case Message.Ping ping -> pong(ping.lastProposedZxid());
            case Message.Synced _ -> {
                Long session = syncing.poll();
                if (session != null) {
                    clients.onSynced(session);
                }
            }
            case Message.Revalidated revalidated -> {
                return onRevalidated(revalidated);
            }
            case Message.UpToDate _ -> {}
            case Message.LeaderInfo _,
                    Message.Diff _,
                    Message.Trunc _,
                    Message.Snap _,
                    Message.SnapPart _,
                    Message.NewLeader _,
                    Message.FromLearner _ -> {
                return false;
            }
        }
        return true;
    }

    private boolean log(Proposal proposal) {
        boolean follows = self.history.isFollowedBy(proposal);
        if (follows) {
            self.history.append(proposal);
            acknowledgements.owe(proposal.zxid());
        }
        return follows;
    }

    private void commit(long zxid) {
        Proposal next = self.history.firstUnapplied();
        Check.that(next != null && next.zxid() == zxid, "CommitsFollowProposals");
        if (next != null) {
            Outcome outcome = self.history.apply(self.replica(), clients.serves(next));
            clients.onCommitted(next, outcome);
            self.snapshots.onApplied(self.replica());
        }
    }

    private void pong(long zxid) {
        List<Message.Touched> sessions = new ArrayList<>(touched.size());
        for (Map.Entry<Long, Integer> session : touched.entrySet()) {
            sessions.add(new Message.Touched(session.getKey(), session.getValue()));
        }
        touched.clear();
        self.effects.send(leader, new Message.Pong(zxid, sessions));
    }

    /** Of one session answers come in the order of the questions; a "no" may take longer. */
    private boolean onRevalidated(Message.Revalidated answer) {
        for (Revalidation asked : revalidating) {
            if (asked.sessionId() == answer.sessionId()) {
                revalidating.removeFirstOccurrence(asked);
                clients.onRevalidated(asked.connection(), answer.valid());
                return true;
            }
        }
        return false;
    }

    @Override
    public void submit(
            long sessionId, int xid, Operation.Write operation, List<Identity> identities) {
        self.effects.send(leader, new Message.Request(sessionId, xid, operation, identities));
    }

    @Override
    public void sync(long sessionId) {
        syncing.add(sessionId);
        self.effects.send(leader, new Message.SyncRequest(sessionId, 0));
    }

    @Override
    public void revalidate(long connection, long sessionId, int timeoutMillis) {
        revalidating.add(new Revalidation(connection, sessionId));
        self.effects.send(leader, new Message.Revalidate(sessionId, timeoutMillis));
    }

    @Override
    public void touch(long sessionId, int timeoutMillis) {
        touched.put(sessionId, timeoutMillis);
    }

    @Override
    public void leave() {
        clients.closeAll();
        self.effects.disconnect(leader);
    }

    @Override
    public long deadlineMillis() {
        return deadlineMillis;
    }
}
