package vivarium.server;

import java.time.Instant;
import java.time.temporal.ChronoField;

/** The two clocks of a server: one that only goes forward, and the one on the wall. */
final class Clock {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long originNanos;

    Clock() {
        // Both clocks begin their milliseconds at the same instant, so that the difference between
        // them changes only when the wall clock is set, or has drifted by a whole millisecond.
        long fraction = Instant.now().get(ChronoField.NANO_OF_SECOND) % NANOS_PER_MILLI;
        originNanos = System.nanoTime() - fraction;
    }

    /** Milliseconds since some time before this clock was made. */
    long monotonicMillis() {
        return (System.nanoTime() - originNanos) / NANOS_PER_MILLI;
    }

    /** Milliseconds since 1970. */
    long wallMillis() {
        return System.currentTimeMillis();
    }
}
