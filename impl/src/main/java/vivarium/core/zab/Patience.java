package vivarium.core.zab;

import java.util.TreeMap;

/**
 * How long a leader waits for a learner that it has sent everything. Such a learner may not say a
 * word before all of it is on its disk, and how long that takes is nothing that a leader knows. One
 * that it has given up too early, and that comes again, gets twice as long each time: otherwise a
 * tree that takes its disk longer than {@code initLimit} would be sent to it for ever.
 */
final class Patience {
    /** A learner that needs more than this many times the limits is not waited for. */
    private static final int MOST = 64;

    private final TreeMap<Long, Integer> factors = new TreeMap<>();

    /** How many times the usual limit this learner may be silent while it is brought up. */
    int of(long sid) {
        return factors.getOrDefault(sid, 1);
    }

    /** This learner is given up for its silence; its link, if that is broken, costs no patience. */
    void ranOut(Learner learner) {
        if (learner.stage == Learner.Stage.SYNCING) {
            factors.put(learner.sid, Math.min(MOST, 2 * of(learner.sid)));
        }
    }
}
