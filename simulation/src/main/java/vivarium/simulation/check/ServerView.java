package vivarium.simulation.check;

import java.util.ArrayList;
import java.util.List;
import vivarium.core.PhaseName;
import vivarium.core.txn.Proposal;

/** What the checks know of one server. */
final class ServerView {
    /** The log, as far as it is known: all proposals behind {@link #baseZxid}, in order. */
    final List<Proposal> log = new ArrayList<>();

    /** What came before is known by this server's snapshot only. */
    long baseZxid;

    /** How many of the committed proposals this server has applied. */
    int applied;

    long lastProcessedZxid;
    PhaseName phase = PhaseName.LOOKING;

    /** Whether it has just become a leader, and what that takes is still to be checked. */
    boolean newLeader;

    /** Up to here the server was told that its log is safe. */
    long promisedZxid;

    long acceptedEpoch;
    long currentEpoch;

    void append(Proposal proposal) {
        log.add(proposal);
    }

    /** Nothing behind {@code zxid} is in the log any more. */
    void truncate(long zxid) {
        while (!log.isEmpty() && log.getLast().zxid() > zxid) {
            log.removeLast();
        }
        promisedZxid = Math.min(promisedZxid, zxid);
    }

    /** Everything is replaced by a snapshot. */
    void replace(long zxid) {
        log.clear();
        baseZxid = zxid;
        promisedZxid = 0;
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

    /** Whether it has exactly this one; what a snapshot stands for is taken to be had. */
    boolean has(Proposal proposal) {
        if (proposal.zxid() <= baseZxid) {
            return true;
        }
        int at = behind(proposal.zxid()) - 1;
        return at >= 0 && log.get(at).equals(proposal);
    }
}
