package vivarium.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.txn.Proposal;

/** All that any server has shown to clients as agreed, in the one order that there may be. */
final class Committed {
    private final List<Proposal> proposals = new ArrayList<>();
    private final TreeMap<Long, Long> digests = new TreeMap<>();

    int size() {
        return proposals.size();
    }

    Proposal get(int index) {
        return proposals.get(index);
    }

    void add(Proposal proposal) {
        proposals.add(proposal);
    }

    long lastZxid() {
        return proposals.isEmpty() ? 0 : proposals.getLast().zxid();
    }

    /** How many have a zxid of at most this. */
    int upTo(long zxid) {
        int low = 0;
        int high = proposals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (proposals.get(middle).zxid() <= zxid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Nullable Proposal find(long zxid) {
        int at = upTo(zxid) - 1;
        return at >= 0 && proposals.get(at).zxid() == zxid ? proposals.get(at) : null;
    }

    /**
     * Notes the digest of a replica; the one that another replica had at the same zxid, or this.
     */
    long digest(long zxid, long digest) {
        Long there = digests.putIfAbsent(zxid, digest);
        return there == null ? digest : there;
    }
}
