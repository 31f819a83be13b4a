package vivarium.properties.walls.sins.wire;

import java.time.Clock;
import java.time.Instant;
import java.util.Date;

/** Planted sins: the ways to read a clock. */
@SuppressWarnings("JavaUtilDate")
public final class Clocks {
    long millis() {
        return System.currentTimeMillis();
    }

    long nanos() {
        return System.nanoTime();
    }

    Instant instant() {
        return Instant.now();
    }

    long clock(Clock clock) {
        return clock.millis();
    }

    Date date() {
        return new Date();
    }
}
