package vivarium.core;

/**
 * The identity of a transaction: the epoch of the leader that proposed it in the high 32 bits, a
 * counter within that epoch in the low 32. The order of zxids is the order of transactions.
 */
public final class Zxid {
    /** The counter's largest value; a leader that reaches it must open a new epoch. */
    public static final long LAST_COUNTER = 0xffff_ffffL;

    private Zxid() {}

    /** The zxid of {@code counter} in {@code epoch}. */
    public static long of(long epoch, long counter) {
        return (epoch << 32) | (counter & LAST_COUNTER);
    }

    /** The epoch, 0 to 2^32 - 1. */
    public static long epoch(long zxid) {
        return zxid >>> 32;
    }

    /** The counter, 0 to 2^32 - 1. */
    public static long counter(long zxid) {
        return zxid & LAST_COUNTER;
    }

    /** For people: epoch and counter in hexadecimal, as {@code 3:1f}. */
    public static String text(long zxid) {
        return Long.toHexString(epoch(zxid)) + ":" + Long.toHexString(counter(zxid));
    }
}
