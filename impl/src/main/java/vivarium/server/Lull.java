package vivarium.server;

import java.util.concurrent.TimeUnit;

/**
 * Whether the loop may wait for the disk itself: the last forces were of one proposal each, or two,
 * and quick, and one followed the other closely. A disk that stops for a while holds up a loop that
 * waits for it, with all clients and their pings, so one slow force ends the lull; and where
 * proposals come together, the time of a force is better spent on the next ones.
 *
 * <p>Where writes are few, what a hand-over costs is nobody's loss, and a loop that waits for its
 * own disk can't count what the other servers acknowledge meanwhile: a commit would take as long as
 * the slower of two certain disks, instead of the second of three.
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

    /** Forces that are no further apart follow closely, on the average. */
    static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** On a slower disk they may be further apart, since the client waits longer as well. */
    static final int CLOSE_FORCES = 3;

    /** A longer pause counts as this one, so that it is soon forgotten. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Averages are of about so many forces. */
    private static final int AVERAGED = 16;

    private int streak;
    private long averageForceNanos;
    private long averagePauseNanos = LONGEST_PAUSE_NANOS;
    private long lastEndNanos;

    /** One thread writes at a time: whose the log is. */
    private volatile boolean lasts;

    /** So many proposals were forced together, from when to when. */
    void forced(int proposals, long startNanos, long endNanos) {
        long forceNanos = endNanos - startNanos;
        long pauseNanos = Math.clamp(startNanos - lastEndNanos, 0, LONGEST_PAUSE_NANOS);
        averageForceNanos += (forceNanos - averageForceNanos) / AVERAGED;
        averagePauseNanos += (pauseNanos - averagePauseNanos) / AVERAGED;
        lastEndNanos = endNanos;
        boolean easy = proposals <= FEW_PROPOSALS && forceNanos < QUICK_NANOS;
        streak = easy ? Math.min(streak + 1, STREAK) : 0;
        lasts =
                streak == STREAK
                        && averagePauseNanos
                                < Math.max(CLOSE_NANOS, CLOSE_FORCES * averageForceNanos);
    }

    boolean lasts() {
        return lasts;
    }
}
