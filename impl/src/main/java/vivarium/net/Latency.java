package vivarium.net;

/** How long requests took, from their last byte to their reply. */
public final class Latency {
    private long minMillis = Long.MAX_VALUE;
    private long maxMillis;
    private long totalMillis;
    private long count;

    void add(long millis) {
        minMillis = Math.min(minMillis, millis);
        maxMillis = Math.max(maxMillis, millis);
        totalMillis += millis;
        count++;
    }

    void reset() {
        minMillis = Long.MAX_VALUE;
        maxMillis = 0;
        totalMillis = 0;
        count = 0;
    }

    /** The shortest, 0 before the first. */
    public long minMillis() {
        return count == 0 ? 0 : minMillis;
    }

    /** The mean, 0 before the first. */
    public double meanMillis() {
        return count == 0 ? 0 : (double) totalMillis / count;
    }

    /** The longest. */
    public long maxMillis() {
        return maxMillis;
    }

    /** How many there were. */
    public long count() {
        return count;
    }

    /** The sum of all. */
    public long totalMillis() {
        return totalMillis;
    }
}
