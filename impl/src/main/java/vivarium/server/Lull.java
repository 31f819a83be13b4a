package vivarium.server;

import java.util.concurrent.TimeUnit;

/**
 * Whether the loop may wait for the disk itself: the last forces were of one proposal each, or two,
 * and quick. A disk that stops for a while holds up a loop that waits for it, with all clients and
 * their pings, so one slow force ends the lull; and where proposals come together, the time of a
 * force is better spent on the next ones.
 */
final class Lull {
    /** So many forces have to have been quick, and of few proposals. */
    static final int STREAK = 32;

    /** What takes longer is not quick: no client misses a ping for it. */
    static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * Two of one client are in a force where this server is not one of those that are waited for.
     */
    static final int FEW_PROPOSALS = 2;

    /** One thread writes at a time: whose the log is. */
    private volatile int streak;

    /** So many proposals were forced together, and that took so long. */
    void forced(int proposals, long nanos) {
        boolean easy = proposals <= FEW_PROPOSALS && nanos < QUICK_NANOS;
        int before = streak;
        streak = easy ? Math.min(before + 1, STREAK) : 0;
    }

    boolean lasts() {
        return streak == STREAK;
    }
}
