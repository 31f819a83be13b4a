package vivarium.campaign;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a run may take by the clock on the wall, without the time for which the whole process is
 * stopped. Budgets of simulated time and of events end all runs but those that hang within one
 * event; a thread can't be ended from outside, so one that does is left behind.
 */
final class Patience {
    /** What is broken by a run that hangs. */
    static final String INVARIANT = "EndsInTime";

    private static final int SHOWN_FRAMES = 12;

    /** A process that was stopped finds that one slice took long, however long it was stopped. */
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private Patience() {}

    /**
     * Goes on only while the process does. It has to be read at least once a second, as what is
     * longer between two readings counts as a second: it may be slow, but never ahead.
     */
    static final class Clock {
        private long readNanos = System.nanoTime();
        private long nanos;

        /**
         * Since it was made, in nanoseconds, without the time for which the process was stopped.
         */
        long nanos() {
            long nowNanos = System.nanoTime();
            nanos += Math.min(nowNanos - readNanos, SLICE_NANOS);
            readNanos = nowNanos;
            return nanos;
        }
    }

    /** Something took too long; the message tells where it was. */
    static final class HangException extends Exception {
        private static final long serialVersionUID = 1L;

        HangException(String message) {
            super(message);
        }
    }

    /** What {@code work} gives, on a thread of its own. */
    static <T> T within(Duration limit, Callable<T> work)
            throws HangException, InterruptedException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().name("watched").daemon().start(task);
        Clock clock = new Clock();
        for (long left = limit.toNanos(); left > 0; left = limit.toNanos() - clock.nanos()) {
            try {
                return task.get(Math.min(left, SLICE_NANOS / 2), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // It goes on in the next slice, if there is one.
            }
        }
        throw new HangException(complaint(limit, thread));
    }

    /** What to say of a thread that does not come back. */
    static String complaint(Duration limit, Thread thread) {
        StringBuilder text = new StringBuilder(INVARIANT);
        text.append(": no end after ").append(limit.toMillis() / 1e3).append(" s of real time, at");
        StackTraceElement[] frames = thread.getStackTrace();
        for (int i = 0; i < Math.min(SHOWN_FRAMES, frames.length); i++) {
            text.append(i == 0 ? " " : " < ")
                    .append(frames[i].getClassName().replaceFirst("^vivarium\\.", ""))
                    .append('.')
                    .append(frames[i].getMethodName())
                    .append(':')
                    .append(frames[i].getLineNumber());
        }
        return text.toString();
    }
}
