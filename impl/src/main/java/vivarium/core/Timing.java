package vivarium.core;

/**
 * The times that all others are multiples of.
 *
 * @param tickMillis a tick: the grain of session expiry and the unit of the limits
 * @param minSessionTimeoutMillis the shortest time-out a client gets
 * @param maxSessionTimeoutMillis the longest time-out a client gets
 * @param initLimitTicks how long a learner may take to follow a new leader
 * @param syncLimitTicks how long a learner or a leader may be silent
 */
public record Timing(
        int tickMillis,
        int minSessionTimeoutMillis,
        int maxSessionTimeoutMillis,
        int initLimitTicks,
        int syncLimitTicks) {

    /** ZooKeeper's usual proportions for this tick. */
    public static Timing ofTick(int tickMillis) {
        return new Timing(tickMillis, 2 * tickMillis, 20 * tickMillis, 10, 5);
    }

    /** What a client gets that wishes {@code wishMillis}. */
    public int negotiate(int wishMillis) {
        return Math.max(minSessionTimeoutMillis, Math.min(wishMillis, maxSessionTimeoutMillis));
    }
}
