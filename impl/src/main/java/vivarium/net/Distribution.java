package vivarium.net;

import java.util.Arrays;

/**
 * How often some measure had which values, which are not negative: count, sum, extremes and, to an
 * eighth of their size, quantiles. Adding costs a few nanoseconds and no memory. Not thread-safe.
 */
public final class Distribution {
    /** Values below are counted one by one, larger ones by their first four binary digits. */
    private static final int EXACT = 16;

    private static final int STEPS = 8;
    private static final int STEP_BITS = 3;
    private static final int LARGEST_BITS = 48;

    private final long[] counts = new long[EXACT + (LARGEST_BITS - STEP_BITS) * STEPS];
    private long count;
    private long sum;
    private long min = Long.MAX_VALUE;
    private long max;

    /** One more value. */
    public void add(long value) {
        count++;
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
        counts[slot(value)]++;
    }

    private static int slot(long value) {
        if (value < EXACT) {
            return (int) Math.max(0, value);
        }
        int bits = Math.min(LARGEST_BITS, Long.SIZE - Long.numberOfLeadingZeros(value));
        int step = (int) (value >>> (bits - STEP_BITS - 1)) & (STEPS - 1);
        return EXACT + (bits - STEP_BITS - 2) * STEPS + step;
    }

    private static long largestOf(int slot) {
        if (slot < EXACT) {
            return slot;
        }
        int bits = (slot - EXACT) / STEPS + STEP_BITS + 2;
        int step = STEPS + (slot - EXACT) % STEPS;
        return ((step + 1L) << (bits - STEP_BITS - 1)) - 1;
    }

    /** Forgets all values. */
    public void reset() {
        Arrays.fill(counts, 0);
        count = 0;
        sum = 0;
        min = Long.MAX_VALUE;
        max = 0;
    }

    /** The value that a part {@code quantile} of all does not exceed; 0 before the first. */
    public long quantile(double quantile) {
        long wanted = (long) Math.ceil(quantile * count);
        long seen = 0;
        for (int slot = 0; slot < counts.length && count > 0; slot++) {
            seen += counts[slot];
            if (seen >= Math.max(1, wanted)) {
                return Math.max(min, Math.min(max, largestOf(slot)));
            }
        }
        return max;
    }

    /** How many values there were. */
    public long count() {
        return count;
    }

    /** The sum of all. */
    public long sum() {
        return sum;
    }

    /** The smallest, 0 before the first. */
    public long min() {
        return count == 0 ? 0 : min;
    }

    /** The largest, 0 before the first. */
    public long max() {
        return max;
    }
}
