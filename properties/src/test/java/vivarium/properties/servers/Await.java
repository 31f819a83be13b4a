package vivarium.properties.servers;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waiting for a condition, with a deadline instead of a guess. */
public final class Await {

    private static final long POLL_NANOS = 2_000_000;

    private Await() {}

    /** Returns as soon as the condition holds; fails, with the claim's words, if it never does. */
    public static void until(String claim, Duration within, Callable<Boolean> condition)
            throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + within.toMillis() + " ms: " + claim);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    public static void until(String claim, Callable<Boolean> condition) throws Exception {
        until(claim, Duration.ofSeconds(10), condition);
    }
}
