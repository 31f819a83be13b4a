package vivarium.net;

/**
 * How many requests of all clients together are taken.
 *
 * @param maxRequests how many may be without their reply before nobody is read; 0 for any number
 * @param closesStale whether a client is closed whose requests have waited, before they were taken,
 *     longer than its session lasts
 * @param throttledWaitMillis requests that have waited longer before they were taken are answered
 *     with an error instead of being done; 0 for never
 * @param largeBytes longer requests are large ones; not above 0 for none
 * @param maxLargeBytes how many bytes of large requests may be without their reply; who sends more
 *     is closed
 */
public record RequestLimits(
        int maxRequests,
        boolean closesStale,
        int throttledWaitMillis,
        int largeBytes,
        int maxLargeBytes) {

    /** ZooKeeper's defaults. */
    public static final RequestLimits DEFAULT = new RequestLimits(0, false, 0, -1, 100 << 20);

    boolean isLarge(int bytes) {
        return largeBytes > 0 && bytes > largeBytes;
    }
}
