package vivarium.simulation.server;

/**
 * The two clocks of a server. The monotonic one is too fast or too slow by a constant factor; the
 * one on the wall is off by some time, and jumps.
 */
final class SimClock {
    /** When the world begins, in milliseconds since 1970. */
    private static final long START_MILLIS = 1_700_000_000_000L;

    private static final double MICROS_PER_MILLI = 1_000;

    private final double rate;
    private long skewMillis;

    /**
     * @param rate how many of this clock's seconds go by in one true second
     */
    SimClock(double rate, long skewMillis) {
        this.rate = rate;
        this.skewMillis = skewMillis;
    }

    void jump(long millis) {
        skewMillis += millis;
    }

    long monotonicMillis(long trueMicros) {
        return (long) (trueMicros * rate / MICROS_PER_MILLI);
    }

    long wallMillis(long trueMicros) {
        return START_MILLIS + trueMicros / (long) MICROS_PER_MILLI + skewMillis;
    }

    /** The first true time at which the monotonic clock shows {@code millis} or more. */
    long trueMicros(long millis) {
        long micros = (long) StrictMath.ceil(millis * MICROS_PER_MILLI / rate);
        while (monotonicMillis(micros) < millis) {
            micros++;
        }
        return micros;
    }
}
