package vivarium.core.zab;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.SnapshotHead;
import vivarium.core.Zxid;
import vivarium.core.session.Clients;
import vivarium.core.session.Expiry;
import vivarium.core.session.Upstream;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Preparer;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/**
 * The leader of an established ensemble: it turns requests into proposals, in one order, and
 * commits each when a quorum has it on disk. Sessions end here and nowhere else.
 */
public final class LeaderBroadcast implements Phase, Upstream {
    private static final List<Identity> NOBODY = List.of();

    private final Self self;
    private final long epoch;
    private final Learners learners;
    private final Preparer preparer;
    private final Clients clients;
    private final Expiry expiry;
    private final Containers containers;
    private final Syncs syncs = new Syncs();
    private final Revalidations revalidations;
    private final Newcomers newcomers;
    private long lastProposedZxid;
    private long nextPingMillis;

    /** A voter can't follow any more: see {@link Learners#isAheadOf}. */
    private boolean deposed;

    LeaderBroadcast(Self self, long epoch, Learners learners) {
        this.self = self;
        this.epoch = epoch;
        this.learners = learners;
        this.preparer = new Preparer(self.replica().tree(), self.settings);
        this.clients =
                new Clients(self.settings, self.effects, self.replica(), this, self.sessionIds);
        this.expiry = new Expiry(self.settings.timing().tickMillis());
        this.revalidations = new Revalidations(self, learners, clients, expiry);
        this.newcomers = new Newcomers(self, epoch, learners, syncs);
        this.containers = new Containers(self.settings, self.nowMillis);
        this.lastProposedZxid = Math.max(self.history.lastLoggedZxid(), Zxid.of(epoch, 0));
        this.nextPingMillis = self.nowMillis;
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEADER_BROADCAST;
    }

    @Override
    public Clients clients() {
        return clients;
    }

    @Override
    public Expiry expiry() {
        return expiry;
    }

    /** Every session gets a whole time-out from here; an ephemeral without a session has none. */
    @Override
    public Phase enter() {
        self.established(epoch);
        learners.established();
        self.sessionIds.start(self.wallMillis());
        if (self.replica().lastProcessedZxid() < Zxid.of(epoch, 0)) {
            self.replica().enterEpoch(Zxid.of(epoch, 0));
        }
        for (SnapshotHead.SessionEntry session : self.replica().sessions()) {
            expiry.track(self.nowMillis, session.id(), session.timeoutMillis());
        }
        awaitConfirmations();
        for (long owner : self.replica().tree().ephemeralOwners()) {
            if (!self.replica().hasSession(owner)) {
                propose(owner, 0, new Operation.CloseSession(), NOBODY, null);
            }
        }
        return next();
    }

    @Override
    public Phase step(Input input) {
        switch (input) {
            case Input.Request request -> clients.onRequest(request);
            case Input.Connect connect -> clients.onConnect(connect);
            case Input.Disconnected gone -> clients.onDisconnected(gone.connection());
            case Input.Identified identified -> clients.onIdentified(identified);
            case Input.Durable _ -> commitAll();
            case Input.Received received -> on(received.sid(), received.message());
            case Input.LinkDown down -> {
                learners.forget(down.sid());
                forgetAsked(down.sid());
            }
            case Input.LinkRoom room -> learners.onRoom(room.sid(), room.znodes(), epoch);
            case Input.LogRead read -> learners.onLogRead(read, epoch);
            case Input.Tick _ -> onTick();
            // This peer's own snapshot may be through with the tree: those who wait have their
            // turn.
            case Input.SnapshotRoom _ -> learners.beginSnapshot(epoch);
            case Input.OfTime _, Input.FromDisk _, Input.FromPeer _ -> {}
        }
        return next();
    }

    /** A leader without a quorum, or without zxids, can't go on. */
    private Phase next() {
        if (deposed || (isUsedUp() && self.history.firstUnapplied() == null)) {
            return new Looking(self);
        }
        int synced = learners.votersWith(_ -> 0, 0) + 1;
        return self.settings.ensemble().isQuorum(synced) ? this : new Looking(self);
    }

    private boolean isUsedUp() {
        return Zxid.counter(lastProposedZxid) >= self.settings.lastCounter();
    }

    private void on(long sid, Message message) {
        learners.heard(sid);
        deposed |= learners.isAheadOf(epoch, sid, message);
        if (learners.join(sid, message, epoch)) {
            forgetAsked(sid);
            awaitConfirmations();
            return;
        }
        Learner learner = learners.get(sid);
        if (learner == null) {
            learners.drop(sid);
            return;
        }
        switch (message) {
            case Message.Ack ack -> onAck(learner, ack.zxid());
            case Message.Pong pong -> onPong(learner, pong);
            case Message.Request request -> onRequest(sid, request);
            case Message.SyncRequest sync -> addSync(sid, sync.sessionId());
            case Message.Revalidate ask ->
                    revalidate(
                            new Revalidations.Asked(sid, 0, ask.sessionId(), ask.timeoutMillis()));
            case Message.LearnerInfo _, Message.AckEpoch _, Message.FromLeader _ ->
                    learners.drop(sid);
        }
    }

    private void forgetAsked(long sid) {
        syncs.forget(sid, this::again);
        revalidations.forget(sid);
    }

    private void onAck(Learner learner, long zxid) {
        if (learner.stage == Learner.Stage.SYNCING && zxid == Zxid.of(epoch, 0)) {
            learner.stage = Learner.Stage.SYNCED;
            learners.send(learner, new Message.UpToDate());
            commitAll();
        } else if (zxid <= lastProposedZxid) {
            learner.ackedZxid = Math.max(learner.ackedZxid, zxid);
            commitAll();
        } else {
            learners.drop(learner.sid);
        }
    }

    private void onPong(Learner learner, Message.Pong pong) {
        for (Message.Touched touched : pong.sessions()) {
            expiry.touch(self.nowMillis, touched.sessionId(), touched.timeoutMillis());
        }
        learners.pong(learner);
        int answered = 1 + learners.votersWith(asked -> asked.answeredPing, learner.answeredPing);
        boolean again = false;
        if (self.settings.ensemble().isQuorum(answered)) {
            again = syncs.confirm(learner.answeredPing);
            releaseSyncs();
        }
        newcomers.bringUp();
        if (again) {
            ping();
        }
    }

    private void onRequest(long sid, Message.Request request) {
        long session = request.sessionId();
        if (syncs.isWaiting(session)) {
            syncs.hold(new Syncs.Asked(sid, request, faultOf(session, sid)));
        } else {
            ask(sid, session, request.xid(), request.operation(), request.identities());
        }
    }

    private void ask(
            long sid, long session, int xid, Operation.Write operation, List<Identity> identities) {
        if (operation instanceof Operation.CreateSession create) {
            expiry.track(self.nowMillis, session, create.timeoutMillis());
            expiry.own(session, sid);
        }
        propose(session, xid, operation, identities, faultOf(session, sid));
    }

    private @Nullable ErrorCode faultOf(long session, long asker) {
        if (!expiry.isOpen(session)) {
            return ErrorCode.SESSION_EXPIRED;
        }
        return expiry.isOwnedBy(session, asker) ? null : ErrorCode.SESSION_MOVED;
    }

    private void onTick() {
        for (long session : expiry.expire(self.nowMillis)) {
            propose(session, 0, new Operation.CloseSession(), NOBODY, null);
        }
        for (Path path : containers.due(self.nowMillis, self.wallMillis(), self.replica().tree())) {
            propose(0, 0, new Operation.DeleteContainer(path), NOBODY, null);
        }
        if (self.nowMillis >= nextPingMillis) {
            nextPingMillis = self.nowMillis + self.settings.timing().tickMillis() / 2;
            long syncLimit = self.ticks(self.settings.timing().syncLimitTicks());
            long initLimit = self.ticks(self.settings.timing().initLimitTicks());
            learners.dropSilent(syncLimit, initLimit + syncLimit, epoch);
            learners.beginSnapshot(epoch);
            newcomers.askAgain();
            ping();
        }
    }

    /** Voters without memory wait for what others say from now on. */
    private void awaitConfirmations() {
        if (newcomers.await() && syncs.isIdle()) {
            ping();
        }
    }

    private void ping() {
        learners.ping(lastProposedZxid, syncs.nextPing());
    }

    @Override
    public void submit(
            long sessionId, int xid, Operation.Write operation, List<Identity> identities) {
        if (!syncs.isEmpty()) {
            onRequest(self.id(), new Message.Request(sessionId, xid, operation, identities));
        } else {
            ask(self.id(), sessionId, xid, operation, identities);
        }
    }

    /** What is asked when the epoch is used up is lost with the connections, as in a fail-over. */
    private void propose(
            long sessionId,
            int xid,
            Operation.Write operation,
            List<Identity> identities,
            @Nullable ErrorCode sessionFault) {
        if (isUsedUp()) {
            return;
        }
        long zxid = lastProposedZxid + 1;
        long time = self.wallMillis();
        Preparer.Asker asker = new Preparer.Asker(sessionId, sessionFault, identities, zxid, time);
        Txn txn = preparer.prepare(asker, operation);
        if (txn instanceof Txn.CloseSession) {
            expiry.close(sessionId);
        }
        boolean digested = self.settings.digests();
        Proposal proposal =
                new Proposal(zxid, sessionId, xid, time, txn, digested, preparer.digest());
        lastProposedZxid = zxid;
        self.history.append(proposal);
        learners.propose(proposal);
    }

    /** Commits, in order, what a quorum has on disk; this peer is one of it when its own has. */
    private void commitAll() {
        Proposal next = self.history.firstUnapplied();
        while (next != null && isOnQuorum(next.zxid())) {
            commit(next);
            // At once, lest the answer to a sync speak of what its client asked only after it.
            releaseSyncs();
            next = self.history.firstUnapplied();
        }
    }

    private boolean isOnQuorum(long zxid) {
        int own = self.history.durableZxid() >= zxid ? 1 : 0;
        int others = learners.votersWith(learner -> learner.ackedZxid, zxid);
        return self.settings.ensemble().isQuorum(own + others);
    }

    private void commit(Proposal proposal) {
        Outcome outcome = self.history.apply(self.replica(), clients.serves(proposal));
        learners.commit(proposal);
        preparer.committed(proposal.zxid());
        if (proposal.txn() instanceof Txn.CloseSession) {
            expiry.remove(proposal.sessionId());
        }
        clients.onCommitted(proposal, outcome);
        self.snapshots.onApplied(self.replica());
    }

    @Override
    public void sync(long sessionId) {
        addSync(self.id(), sessionId);
    }

    /** Without other voters there is nobody to ask whether this peer still leads. */
    private void addSync(long sid, long sessionId) {
        syncs.add(lastProposedZxid, sid, sessionId);
        confirm();
    }

    /** Has a quorum say that this peer still leads, as soon as no such question is under way. */
    private void confirm() {
        if (self.settings.ensemble().isQuorum(1)) {
            syncs.confirm(syncs.nextPing());
        } else if (syncs.isIdle()) {
            ping();
        }
        releaseSyncs();
    }

    /** What had to wait for its session's sync has its turn now, if its server is still there. */
    private void again(Syncs.Asked asked) {
        Message.Request request = asked.request();
        if (asked.sid() == self.id() || learners.get(asked.sid()) != null) {
            // Not behind a later sync of its session, which stands behind it already.
            ErrorCode fault = asked.fault();
            propose(
                    request.sessionId(),
                    request.xid(),
                    request.operation(),
                    request.identities(),
                    fault == null ? faultOf(request.sessionId(), asked.sid()) : fault);
        }
    }

    private void releaseSyncs() {
        if (syncs.isEmpty() && revalidations.isEmpty()) {
            return;
        }
        Proposal first = self.history.firstUnapplied();
        long committed = first == null ? lastProposedZxid : first.zxid() - 1;
        revalidations.release(committed, syncs::isConfirmed);
        syncs.release(committed, this::answer, this::again, () -> lastProposedZxid);
    }

    private void answer(Syncs.Answer answer) {
        Learner learner = learners.get(answer.sid());
        if (learner != null) {
            learners.send(learner, new Message.Synced());
        } else if (answer.sid() == self.id()) {
            clients.onSynced(answer.sessionId());
        }
    }

    @Override
    public void revalidate(long connection, long sessionId, int timeoutMillis) {
        revalidate(new Revalidations.Asked(self.id(), connection, sessionId, timeoutMillis));
    }

    private void revalidate(Revalidations.Asked asked) {
        if (!revalidations.welcomes(asked)) {
            revalidations.hold(asked, lastProposedZxid, syncs.awaitNextPing());
            confirm();
        }
    }

    @Override
    public void touch(long sessionId, int timeoutMillis) {
        expiry.touch(self.nowMillis, sessionId, timeoutMillis);
    }

    @Override
    public void leave() {
        clients.closeAll();
        learners.dropAll();
    }

    @Override
    public long deadlineMillis() {
        long sessions = Math.min(expiry.deadlineMillis(), containers.deadlineMillis());
        return self.settings.ensemble().isAlone() ? sessions : Math.min(sessions, nextPingMillis);
    }
}
