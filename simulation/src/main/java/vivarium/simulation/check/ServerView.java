package vivarium.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import vivarium.core.PhaseName;
import vivarium.core.Zxid;
import vivarium.core.txn.Proposal;

/** What the checks know of one server. */
final class ServerView {
    /** The log, as far as it is known: all proposals behind {@link #baseZxid}, in order. */
    final List<Proposal> log = new ArrayList<>();

    /** What a cut takes away: a server that dies before it is done finds it again. */
    private final List<Proposal> cut = new ArrayList<>();

    /** What came before is not known. */
    long baseZxid;

    /**
     * Up to here it is all in a snapshot that the server was sent, safe or not needed from a log.
     */
    long snapshotZxid;

    /**
     * What those that have sent snapshots have shown to have, by their logs, and where these begin;
     * by the snapshot's zxid. One that does not know yet that it leads nobody may send one too.
     */
    private final TreeMap<Long, Sent> sent = new TreeMap<>();

    /** More than are ever under way to one server at a time. */
    private static final int MOST_SENT = 16;

    private record Sent(List<Proposal> log, long baseZxid) {}

    /** How many of the committed proposals this server has applied. */
    int applied;

    long lastProcessedZxid;
    PhaseName phase = PhaseName.LOOKING;

    /** Whether it has just become a leader, and what that takes is still to be checked. */
    boolean newLeader;

    /** Up to here the server was told that its log is safe. */
    long promisedZxid;

    /** Its own clock when it last stepped. */
    long nowMillis;

    /** What it has heard of sessions, while it leads. */
    final Silence silence = new Silence();

    long acceptedEpoch;
    long currentEpoch;

    void append(Proposal proposal) {
        cut.clear();
        log.add(proposal);
    }

    /**
     * Nothing behind {@code zxid} is in the log any more. It may be the mark with which an epoch
     * began, which no log has.
     */
    void truncate(long zxid) {
        while (!log.isEmpty() && log.getLast().zxid() > zxid) {
            cut.addFirst(log.removeLast());
        }
        long last = log.isEmpty() ? baseZxid : log.getLast().zxid();
        promisedZxid = Math.min(promisedZxid, Math.min(zxid, last));
    }

    /** A leader begins to send a snapshot of what it has up to {@code zxid}. */
    void isSent(ServerView leader, long zxid) {
        sent.put(
                zxid,
                new Sent(List.copyOf(leader.log.subList(0, leader.behind(zxid))), leader.baseZxid));
        if (sent.size() > MOST_SENT) {
            sent.pollFirstEntry();
        }
    }

    /** Everything is replaced by the snapshot that was sent. */
    void install(long zxid) {
        Sent whole = sent.get(zxid);
        if (whole == null) {
            throw new IllegalStateException("nobody has sent a snapshot of " + Zxid.text(zxid));
        }
        log.clear();
        log.addAll(whole.log);
        baseZxid = whole.baseZxid;
        snapshotZxid = zxid;
        promisedZxid = 0;
    }

    /**
     * The server is told that its log is safe up to {@code zxid}. What is behind its end, as the
     * server knows it, was forced before a cut or a snapshot that is still to take it away, and
     * nobody may go by it.
     */
    void forced(long zxid) {
        long last = log.isEmpty() ? baseZxid : log.getLast().zxid();
        promisedZxid = Math.max(promisedZxid, Math.min(zxid, Math.max(last, snapshotZxid)));
    }

    /**
     * The disk was read, and ends here. All of it is safe now, also what a process had written that
     * was killed before it was told so: whoever acts on what it has read has forced it before.
     */
    void recovered(long zxid) {
        log.addAll(cut);
        cut.clear();
        truncate(zxid);
        cut.clear();
        promisedZxid = zxid;
        snapshotZxid = Math.min(snapshotZxid, zxid);
        if (baseZxid > zxid) {
            log.clear();
            baseZxid = zxid;
        }
    }

    /** The index in the log of the first proposal behind {@code zxid}. */
    int behind(long zxid) {
        int low = 0;
        int high = log.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (log.get(middle).zxid() <= zxid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether it was told that exactly this one was safe, as long as it had its disk. */
    boolean hadSafe(Proposal proposal) {
        return has(proposal) && Math.max(promisedZxid, snapshotZxid) >= proposal.zxid();
    }

    /** Whether it has exactly this one; what a snapshot stands for is taken to be had. */
    boolean has(Proposal proposal) {
        if (proposal.zxid() <= baseZxid) {
            return true;
        }
        int at = behind(proposal.zxid()) - 1;
        return at >= 0 && log.get(at).equals(proposal);
    }
}
