package vivarium.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import vivarium.core.Input;
import vivarium.core.Peer;
import vivarium.core.PhaseName;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.Zxid;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.zab.Message;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.server.SimServer;
import vivarium.simulation.server.Witness;

/**
 * What must hold after each event, seen from above, where nothing is hidden.
 *
 * <p>Names are those of the literature where it has one: Junqueira, Reed and Serafini, "Zab:
 * High-performance broadcast for primary-backup systems" (2011).
 */
public final class Invariants implements Witness {
    private final List<Long> voters;
    private final long lastCounter;
    private final Marks marks;
    private final RarePaths paths;
    private final Committed committed = new Committed();
    private final TreeMap<Long, ServerView> views = new TreeMap<>();

    /** What was on the disks that a server has lost: what it had acknowledged still counts. */
    private final TreeMap<Long, List<ServerView>> lost = new TreeMap<>();

    private final TreeMap<Long, SimServer> servers = new TreeMap<>();
    private final TreeMap<Long, Long> leaders = new TreeMap<>();

    /** Every proposal that was ever logged, where zxids are never used twice. */
    private final TreeMap<Long, Proposal> proposed = new TreeMap<>();

    /** The zxid of each write that was agreed, by who asked for it. */
    private final TreeMap<Long, TreeMap<Integer, Long>> asked = new TreeMap<>();

    private final Lifetimes lifetimes = new Lifetimes();
    private final Endings endings = new Endings();
    private int replies;

    /**
     * @param lastCounter no zxid has a greater one
     */
    public Invariants(List<Long> voters, long lastCounter, Marks marks) {
        this.voters = List.copyOf(voters);
        this.lastCounter = lastCounter;
        this.marks = marks;
        this.paths = new RarePaths(marks);
    }

    /** Adds a server to those that are looked at. */
    public void join(SimServer server) {
        servers.put(server.sid(), server);
        views.put(server.sid(), new ServerView());
    }

    private boolean isAlone() {
        return servers.size() == 1;
    }

    private ServerView view(SimServer server) {
        ServerView view = views.get(server.sid());
        if (view == null) {
            throw new IllegalStateException(server + " has not joined");
        }
        return view;
    }

    private static void that(boolean holds, String invariant, SimServer server, String detail) {
        if (!holds) {
            throw new Violation(invariant, server + ": " + detail);
        }
    }

    /** How many transactions clients were shown as agreed. */
    public int committedCount() {
        return committed.size();
    }

    /** What the agreed transactions say of containers and znodes with a time to live. */
    public Lifetimes lifetimes() {
        return lifetimes;
    }

    /** Which sessions have ended. */
    public Endings endings() {
        return endings;
    }

    // ---- the disk

    /** Whether the others would still hold whatever was agreed if this server lost its disk. */
    public boolean mayForget(SimServer server) {
        int without = 1;
        for (long sid : voters) {
            ServerView view = views.get(sid);
            without += sid != server.sid() && view != null && view.currentEpoch == 0 ? 1 : 0;
        }
        return !isAlone() && (!server.isVoter() || 2 * without <= voters.size());
    }

    /** The server has lost its disk. */
    public void forgot(SimServer server) {
        marks.see("disk lost");
        lost.computeIfAbsent(server.sid(), _ -> new ArrayList<>()).add(view(server));
        views.put(server.sid(), new ServerView());
    }

    @Override
    public void recovered(SimServer server, Recovered recovered) {
        ServerView view = view(server);
        long last = recovered.replica().lastProcessedZxid();
        that(
                last >= view.promisedZxid,
                "DurableSurvives",
                server,
                Zxid.text(view.promisedZxid)
                        + " was safe, but the disk ends at "
                        + Zxid.text(last));
        that(
                recovered.acceptedEpoch() >= view.acceptedEpoch
                        && recovered.currentEpoch() >= view.currentEpoch,
                "EpochsSurvive",
                server,
                "epochs "
                        + view.acceptedEpoch
                        + ", "
                        + view.currentEpoch
                        + " were safe, but found "
                        + recovered.acceptedEpoch()
                        + ", "
                        + recovered.currentEpoch());
        paths.began(server.sid());
        view.recovered(last);
        view.acceptedEpoch = recovered.acceptedEpoch();
        view.currentEpoch = recovered.currentEpoch();
        view.applied = committed.upTo(last);
        view.lastProcessedZxid = last;
        compareDigest(server, recovered.replica());
    }

    @Override
    public void appended(SimServer server, Proposal proposal) {
        ServerView view = view(server);
        view.append(proposal);
        paths.appended(server.sid());
        that(
                Zxid.counter(proposal.zxid()) <= lastCounter,
                "CountersStayInTheirEpoch",
                server,
                "logs " + proposal);
        Proposal agreed = committed.find(proposal.zxid());
        if (agreed != null && !agreed.equals(proposal)) {
            throw new Violation(
                    "CommittedLogAgrees",
                    server + " logs " + proposal + " where " + agreed + " was agreed");
        }
        if (!isAlone()) {
            Proposal other = proposed.putIfAbsent(proposal.zxid(), proposal);
            if (other != null && !other.equals(proposal)) {
                throw new Violation(
                        "OneProposalForEachZxid",
                        server + " logs " + proposal + " where another has " + other);
            }
        }
        if (proposal.txn() instanceof Txn.CloseSession
                && proposal.cxid() == 0
                && view.phase == PhaseName.LEADER_BROADCAST) {
            checkSilence(server, view, proposal.sessionId());
        }
    }

    @Override
    public void stepping(SimServer server, Peer peer, long nowMillis, Input input) {
        ServerView view = view(server);
        view.nowMillis = nowMillis;
        paths.stepping(server.sid(), input);
        if (view.phase == PhaseName.LEADER_BROADCAST) {
            long session =
                    input instanceof Input.Request request
                            ? server.sessionOf(request.connection())
                            : 0;
            view.silence.hears(nowMillis, input, session);
        }
    }

    /** A leader ends a session of whose client it has not heard. */
    private void checkSilence(SimServer server, ServerView view, long session) {
        Peer peer = server.peer();
        Integer timeoutMillis = peer == null ? null : peer.replica().sessionTimeoutMillis(session);
        long silentMillis = view.silence.silentMillis(session, view.nowMillis);
        if (timeoutMillis != null && silentMillis < timeoutMillis) {
            throw new Violation(
                    "SessionsNeverEndEarly",
                    server
                            + " ends session 0x"
                            + Long.toHexString(session)
                            + " after "
                            + silentMillis
                            + " ms without a word, of "
                            + timeoutMillis);
        }
    }

    @Override
    public void truncating(SimServer server, long zxid) {
        ServerView view = view(server);
        that(
                zxid >= committedUpToBy(view),
                "CommittedIsNeverCut",
                server,
                "cuts behind " + Zxid.text(zxid));
        view.truncate(zxid);
    }

    /** The last agreed transaction that this server's log has. */
    private long committedUpToBy(ServerView view) {
        for (int i = view.log.size() - 1; i >= 0; i--) {
            Proposal proposal = view.log.get(i);
            if (proposal.equals(committed.find(proposal.zxid()))) {
                return proposal.zxid();
            }
        }
        return 0;
    }

    @Override
    public void durable(SimServer server, long zxid) {
        view(server).forced(zxid);
    }

    @Override
    public void acceptedEpochSaved(SimServer server, long epoch) {
        ServerView view = view(server);
        that(epoch >= view.acceptedEpoch, "EpochsGrow", server, "accepts " + epoch);
        view.acceptedEpoch = epoch;
    }

    @Override
    public void currentEpochSaved(SimServer server, long epoch) {
        ServerView view = view(server);
        that(epoch >= view.currentEpoch, "EpochsGrow", server, "enters " + epoch);
        view.currentEpoch = epoch;
    }

    @Override
    public void installing(SimServer server, SnapshotHead head) {
        if (head.replaces()) {
            view(server).install(head.zxid());
        }
    }

    // ---- what is said

    /** Log, force, epoch, acknowledge: in this order. */
    @Override
    public void sending(SimServer server, long to, Message message) {
        ServerView view = view(server);
        paths.sending(server.sid(), to, message);
        if (message instanceof Message.Ack(long zxid)) {
            boolean opens = Zxid.counter(zxid) == 0;
            long needed = opens ? lastBefore(view, zxid) : zxid;
            if (server.forcedZxid() < needed && needed > view.snapshotZxid) {
                throw new Violation(
                        "DurableBeforeAcknowledged",
                        server
                                + " acknowledges "
                                + Zxid.text(zxid)
                                + " but its disk has only "
                                + Zxid.text(server.forcedZxid()));
            }
            if (view.currentEpoch < Zxid.epoch(zxid)) {
                throw new Violation(
                        "EpochBeforeAcknowledged",
                        server
                                + " acknowledges "
                                + Zxid.text(zxid)
                                + " in epoch "
                                + view.currentEpoch);
            }
        } else if (message instanceof Message.LeaderInfo(long epoch)) {
            that(
                    view.acceptedEpoch >= epoch,
                    "PromiseBeforeSaid",
                    server,
                    "asks for epoch " + epoch + " and has promised " + view.acceptedEpoch);
        } else if (message instanceof Message.Snap(long zxid)) {
            ServerView receiver = views.get(to);
            if (receiver != null) {
                receiver.isSent(view, zxid);
            }
        }
    }

    /** The last of what is logged of earlier epochs. */
    private static long lastBefore(ServerView view, long zxid) {
        int behind = view.behind(zxid);
        return behind == 0 ? view.baseZxid : view.log.get(behind - 1).zxid();
    }

    @Override
    public void replying(SimServer server, long connection, int xid, long zxid, Outcome outcome) {
        replies++;
        Peer peer = server.peer();
        if (peer == null || zxid != peer.replica().lastProcessedZxid()) {
            throw new Violation("RepliesTellTheTruth", server + " replies with " + Zxid.text(zxid));
        }
    }

    @Override
    public void givingUp(SimServer server, long learner) {
        paths.givingUp(server.sid());
    }

    /** How many replies were given. */
    public int replies() {
        return replies;
    }

    // ---- phases

    @Override
    public void entered(SimServer server, PhaseName phase) {
        ServerView view = view(server);
        if (view.phase == PhaseName.LEADER_BROADCAST
                && !view.log.isEmpty()
                && Zxid.counter(view.log.getLast().zxid()) == lastCounter) {
            marks.see("epoch used up");
        }
        Peer peer = server.peer();
        if (peer != null && view.phase.isServing() && !phase.isServing()) {
            // What a step has applied before it ended this phase was shown to clients, too.
            advance(server, view, peer.replica().lastProcessedZxid());
        }
        view.phase = phase;
        view.newLeader = phase == PhaseName.LEADER_BROADCAST;
        if (view.newLeader) {
            view.silence.leads(view.nowMillis);
        }
        marks.see("phase " + phase.name());
    }

    @Override
    public void ended(SimServer server) {
        view(server).phase = PhaseName.LOOKING;
    }

    @Override
    public void stepped(SimServer server) {
        Peer peer = server.peer();
        if (peer == null) {
            return;
        }
        ServerView view = view(server);
        Replica replica = peer.replica();
        long last = replica.lastProcessedZxid();
        if (last == view.lastProcessedZxid && view.applied == committed.size() && !view.newLeader) {
            return;
        }
        if (view.phase.isServing()) {
            advance(server, view, last);
            if (view.newLeader) {
                view.newLeader = false;
                checkLeader(server, view, last);
            }
        }
        if (last != view.lastProcessedZxid) {
            view.lastProcessedZxid = last;
            compareDigest(server, replica);
        }
    }

    /** What the server shows now must be what others have shown, and on, without a gap. */
    private void advance(SimServer server, ServerView view, long last) {
        // What is not known was applied before; the digest is compared instead.
        view.applied = Math.max(view.applied, committed.upTo(Math.min(last, view.baseZxid)));
        for (int i = view.behind(startOf(view)); i < view.log.size(); i++) {
            Proposal proposal = view.log.get(i);
            if (proposal.zxid() > last) {
                break;
            }
            if (view.applied < committed.size()) {
                Proposal agreed = committed.get(view.applied);
                if (!agreed.equals(proposal)) {
                    throw new Violation(
                            "PrefixConsistency",
                            server + " applies " + proposal + " where others have " + agreed);
                }
            } else {
                commit(server, proposal);
            }
            view.applied++;
        }
        int shown = committed.upTo(last);
        if (shown != view.applied) {
            throw new Violation(
                    "NoGaps",
                    server
                            + " shows "
                            + Zxid.text(last)
                            + " and has applied "
                            + view.applied
                            + " of "
                            + shown);
        }
    }

    private long startOf(ServerView view) {
        long applied = view.applied == 0 ? 0 : committed.get(view.applied - 1).zxid();
        return Math.max(applied, view.baseZxid);
    }

    /** The first server shows this: a quorum must have it on disk. */
    private void commit(SimServer first, Proposal proposal) {
        if (proposal.zxid() <= committed.lastZxid()) {
            throw new Violation(
                    "TotalOrder",
                    first + " applies " + proposal + " behind " + Zxid.text(committed.lastZxid()));
        }
        int have = 0;
        for (long sid : voters) {
            SimServer voter = servers.get(sid);
            ServerView view = views.get(sid);
            if (voter == null || view == null) {
                continue;
            }
            boolean safe =
                    voter.isUp()
                            ? voter.forcedZxid() >= proposal.zxid()
                            : view.promisedZxid >= proposal.zxid();
            boolean has = view.has(proposal) && (safe || proposal.zxid() <= view.snapshotZxid);
            if (has
                    || lost.getOrDefault(sid, List.of()).stream()
                            .anyMatch(v -> v.hadSafe(proposal))) {
                have++;
            }
        }
        if (2 * have <= voters.size()) {
            throw new Violation(
                    "CommittedIsDurableOnAQuorum",
                    first
                            + " applies "
                            + proposal
                            + ", which "
                            + have
                            + " of "
                            + voters.size()
                            + " have on disk");
        }
        checkFifo(first, proposal);
        lifetimes.agreed(proposal);
        endings.agreed(proposal);
        if (proposal.txn() instanceof Txn.Delete(var _, boolean byLeader) && byLeader) {
            marks.see("znode removed by the leader");
        }
        committed.add(proposal);
        asked.computeIfAbsent(proposal.sessionId(), _ -> new TreeMap<>())
                .put(proposal.cxid(), proposal.zxid());
    }

    /** What a session asks is agreed in the order in which it asks; refusals change nothing. */
    private void checkFifo(SimServer first, Proposal proposal) {
        TreeMap<Integer, Long> ofSession = asked.get(proposal.sessionId());
        if (ofSession != null
                && proposal.cxid() != 0
                && !isRefusal(proposal.txn())
                && ofSession.lastKey() >= proposal.cxid()) {
            throw new Violation(
                    "FifoClientOrder",
                    first
                            + " applies "
                            + proposal
                            + ", request "
                            + proposal.cxid()
                            + " of session 0x"
                            + Long.toHexString(proposal.sessionId())
                            + ", behind its request "
                            + ofSession.lastKey());
        }
    }

    /**
     * Where a request stands that may have done something, {@link Long#MAX_VALUE} for nowhere: it
     * was never agreed, or it was agreed that it is refused.
     */
    public long effectOf(long sessionId, int xid) {
        long zxid = zxidOf(sessionId, xid);
        Proposal agreed = committed.find(zxid);
        return agreed == null || isRefusal(agreed.txn()) ? Long.MAX_VALUE : zxid;
    }

    private static boolean isRefusal(Txn txn) {
        return txn instanceof Txn.Failure
                || (txn instanceof Txn.Multi multi
                        && multi.parts().getFirst() instanceof Txn.Failure);
    }

    /** The zxid that a session's request was agreed with, {@link Long#MAX_VALUE} for none. */
    public long zxidOf(long sessionId, int xid) {
        TreeMap<Integer, Long> ofSession = asked.get(sessionId);
        Long zxid = ofSession == null ? null : ofSession.get(xid);
        return zxid == null ? Long.MAX_VALUE : zxid;
    }

    /**
     * A leader has all that was ever agreed in earlier epochs, and its epoch has no other. It may
     * learn that it leads when others have gone on without it: what is later is not its own.
     */
    private void checkLeader(SimServer server, ServerView view, long last) {
        int needed = committed.upTo(Zxid.of(Zxid.epoch(last), 0));
        that(
                view.applied >= needed,
                "LeaderHasAllThatIsCommitted",
                server,
                "leads with " + view.applied + " of " + needed);
        if (needed < committed.size()) {
            marks.see("leader that others have left already");
        }
        Long other = leaders.putIfAbsent(Zxid.epoch(last), server.sid());
        that(
                other == null || other == server.sid(),
                "OneLeaderForEachEpoch",
                server,
                "leads epoch " + Zxid.epoch(last) + ", as server " + other + " does");
    }

    private void compareDigest(SimServer server, Replica replica) {
        long zxid = replica.lastProcessedZxid();
        // Alone, what was never safe may be replaced by something else with the same zxid.
        if (isAlone() && committed.find(zxid) == null) {
            return;
        }
        long digest = replica.digest();
        long other = committed.digest(zxid, digest);
        if (other != digest) {
            throw new Violation(
                    "DigestsAgree",
                    server + " has another tree at " + Zxid.text(zxid) + " than others had");
        }
    }
}
