package vivarium.benchmarks.load;

import java.nio.channels.Selector;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Says when the next request of a fixed rate is due. It has a thread of its own, which no slow
 * server can hold up: a request's latency counts from when it was due even if it could only be sent
 * later, so that a stall shows in all requests that fall into it, and not in one.
 */
final class Pacer implements AutoCloseable {
    /** No request is due. */
    static final long NOTHING = Long.MIN_VALUE;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final ConcurrentLinkedQueue<Long> due = new ConcurrentLinkedQueue<>();
    private final @Nullable Thread thread;
    private volatile boolean stopped;

    /** One by which nothing is ever due. */
    Pacer() {
        thread = null;
    }

    Pacer(int ratePerSecond, Selector selector) {
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("pacer")
                        .start(() -> pace(ratePerSecond, selector));
    }

    /** When the next request that has become due was so, by {@code System.nanoTime()}. */
    long next() {
        Long next = due.poll();
        return next == null ? NOTHING : next;
    }

    private void pace(int ratePerSecond, Selector selector) {
        long begin = System.nanoTime();
        long count = 0;
        while (!stopped) {
            long now = System.nanoTime();
            boolean any = false;
            while (now - (begin + count * SECOND_NANOS / ratePerSecond) >= 0) {
                // The time at which it is noticed, since a timer's lateness is not the server's.
                due.add(now);
                count++;
                any = true;
            }
            if (any) {
                selector.wakeup();
            }
            LockSupport.parkNanos(begin + count * SECOND_NANOS / ratePerSecond - System.nanoTime());
        }
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
