package vivarium.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.tree.DataTree;
import vivarium.core.tree.Owner;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.tree.Znode;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;

/**
 * The replicated state: the tree and the sessions, as the transactions up to {@link
 * #lastProcessedZxid} have made them.
 */
public final class Replica {
    private final DataTree tree;
    private final TreeMap<Long, Integer> sessions = new TreeMap<>();
    private final DigestLog digestLog = new DigestLog();
    private long lastProcessedZxid;

    private Replica(DataTree tree) {
        this.tree = tree;
    }

    /** What an ensemble starts its life with. */
    public static Replica fresh(boolean extendedTypes) {
        return new Replica(DataTree.fresh(extendedTypes));
    }

    /** Nothing at all, not even a root's children: to be filled from a snapshot. */
    public static Replica unloaded(boolean extendedTypes) {
        return new Replica(new DataTree(extendedTypes));
    }

    /** A snapshot has this session. */
    public void loadSession(long id, int timeoutMillis) {
        sessions.put(id, timeoutMillis);
    }

    /** The snapshot has been loaded, and this is its name. */
    public void loaded(long zxid) {
        lastProcessedZxid = zxid;
        tree.loaded();
    }

    /** The tree. */
    public DataTree tree() {
        return tree;
    }

    /** The newest transaction that has been applied. */
    public long lastProcessedZxid() {
        return lastProcessedZxid;
    }

    /** The digest of the tree at that transaction. */
    public long digest() {
        return tree.digest();
    }

    /** The digests of some transactions before. */
    public DigestLog digestLog() {
        return digestLog;
    }

    /** Whether the session exists. */
    public boolean hasSession(long id) {
        return sessions.containsKey(id);
    }

    /** The time-out of a session in milliseconds, or null. */
    public @Nullable Integer sessionTimeoutMillis(long id) {
        return sessions.get(id);
    }

    /** How many sessions there are. */
    public int sessionCount() {
        return sessions.size();
    }

    /** All sessions, by ascending id. */
    public List<SnapshotHead.SessionEntry> sessions() {
        List<SnapshotHead.SessionEntry> all = new ArrayList<>(sessions.size());
        for (Map.Entry<Long, Integer> session : sessions.entrySet()) {
            all.add(new SnapshotHead.SessionEntry(session.getKey(), session.getValue()));
        }
        return all;
    }

    /**
     * A new epoch begins: the newest transaction of all is now the mark with which it begins, which
     * changes nothing.
     */
    public void enterEpoch(long zxid) {
        Check.less(lastProcessedZxid, zxid, "ZxidsGrow");
        lastProcessedZxid = zxid;
    }

    /** Does what {@code proposal} says; what its sender is told. */
    public Outcome apply(Proposal proposal) {
        return apply(proposal, true);
    }

    /**
     * Does what {@code proposal} says.
     *
     * @param told whether its sender hears of the outcome from here; else there is none but {@code
     *     DONE}, since two of three servers would make one for nobody
     */
    public Outcome apply(Proposal proposal, boolean told) {
        Check.less(lastProcessedZxid, proposal.zxid(), "ZxidsGrow");
        Outcome outcome = apply(proposal, proposal.txn(), told);
        lastProcessedZxid = proposal.zxid();
        digestLog.onApplied(lastProcessedZxid, tree.digest());
        return outcome;
    }

    private Outcome apply(Proposal proposal, Txn txn, boolean told) {
        return switch (txn) {
            case Txn.Create create -> create(proposal, create, told);
            case Txn.Delete delete ->
                    tree.delete(delete.path(), proposal.zxid())
                            ? Outcome.Done.DONE
                            : new Outcome.Failed(ErrorCode.NO_NODE);
            case Txn.SetData set ->
                    statOf(
                            tree.setData(
                                    set.path(),
                                    set.data(),
                                    set.version(),
                                    proposal.zxid(),
                                    proposal.timeMillis()),
                            told);
            case Txn.SetAcl set -> statOf(tree.setAcl(set.path(), set.acl(), set.version()), told);
            case Txn.CheckVersion _ -> Outcome.Checked.CHECKED;
            case Txn.CreateSession create -> {
                sessions.put(proposal.sessionId(), create.timeoutMillis());
                yield Outcome.Done.DONE;
            }
            case Txn.CloseSession close -> closeSession(proposal, close);
            case Txn.Failure failure -> new Outcome.Failed(ErrorCode.of(failure.error()));
            case Txn.Multi multi -> multi(proposal, multi, told);
        };
    }

    private Outcome create(Proposal proposal, Txn.Create create, boolean told) {
        long zxid = proposal.zxid();
        long time = proposal.timeMillis();
        long owner =
                switch (create.lifetime()) {
                    case PERSISTENT -> Owner.NONE;
                    case EPHEMERAL -> proposal.sessionId();
                    case CONTAINER -> Owner.CONTAINER;
                    case TTL -> Owner.ttl(create.ttlMillis());
                };
        StatPersisted stat = new StatPersisted(zxid, zxid, time, time, 0, 0, 0, owner, zxid);
        Znode znode =
                tree.create(
                        create.path(), create.data(), create.acl(), create.parentCversion(), stat);
        if (znode == null) {
            boolean exists = tree.find(create.path()) != null;
            return new Outcome.Failed(exists ? ErrorCode.NODE_EXISTS : ErrorCode.NO_NODE);
        }
        return told
                ? new Outcome.Created(create.kind(), create.path(), tree.stat(znode))
                : Outcome.Done.DONE;
    }

    private Outcome statOf(@Nullable Znode znode, boolean told) {
        if (!told) {
            return Outcome.Done.DONE;
        }
        return znode == null
                ? new Outcome.Failed(ErrorCode.NO_NODE)
                : new Outcome.StatOf(tree.stat(znode));
    }

    /** The listed ephemerals go first; any that the list does not know are swept up after them. */
    private Outcome closeSession(Proposal proposal, Txn.CloseSession close) {
        List<Path> listed = close.paths();
        if (listed != null) {
            for (Path path : listed) {
                tree.delete(path, proposal.zxid());
            }
        }
        for (Path path : tree.ephemeralsOf(proposal.sessionId())) {
            tree.delete(path, proposal.zxid());
        }
        sessions.remove(proposal.sessionId());
        return Outcome.Done.DONE;
    }

    /**
     * All parts are done, or none if one of them is a failure. Those in front of it may then be
     * there as they were asked, as Apache's leader leaves them, or as failures without an error.
     */
    private Outcome multi(Proposal proposal, Txn.Multi multi, boolean told) {
        boolean hasFailed = hasFailed(multi);
        if (!told) {
            for (int i = 0; i < multi.parts().size() && !hasFailed; i++) {
                var _ = apply(proposal, multi.parts().get(i), false);
            }
            return Outcome.Done.DONE;
        }
        List<Outcome> outcomes = new ArrayList<>(multi.parts().size());
        ErrorCode mark = ErrorCode.OK;
        for (Txn part : multi.parts()) {
            if (part instanceof Txn.Failure failure) {
                outcomes.add(new Outcome.Failed(ErrorCode.of(failure.error())));
                if (failure.error() != ErrorCode.OK.code()) {
                    mark = ErrorCode.RUNTIME_INCONSISTENCY;
                }
            } else {
                outcomes.add(hasFailed ? new Outcome.Failed(mark) : apply(proposal, part, true));
            }
        }
        return new Outcome.MultiOutcome(outcomes);
    }

    private static boolean hasFailed(Txn.Multi multi) {
        for (Txn part : multi.parts()) {
            if (part instanceof Txn.Failure) {
                return true;
            }
        }
        return false;
    }
}
