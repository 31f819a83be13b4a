package vivarium.simulation.engine;

import java.util.Arrays;

/**
 * The one queue of events, in order of their times, and among those of one time in the order in
 * which they were planned. An event is planned once and never taken back: whoever has lost interest
 * does nothing when it comes.
 */
public final class Timeline {
    private static final int FIRST_ROOM = 1 << 10;

    // A binary heap in three arrays, so that planning an event allocates nothing by itself.
    private long[] micros = new long[FIRST_ROOM];
    private long[] sequence = new long[FIRST_ROOM];
    private Runnable[] actions = new Runnable[FIRST_ROOM];
    private int size;

    private long nowMicros;
    private long planned;
    private long done;

    /** The time of the event that is being done, in microseconds since the beginning. */
    public long nowMicros() {
        return nowMicros;
    }

    /** How many events have been done. */
    public long done() {
        return done;
    }

    /** Plans {@code action} for a time, which must not have passed. */
    public void at(long timeMicros, Runnable action) {
        if (timeMicros < nowMicros) {
            throw new IllegalArgumentException(timeMicros + " is before " + nowMicros);
        }
        if (size == micros.length) {
            micros = Arrays.copyOf(micros, 2 * size);
            sequence = Arrays.copyOf(sequence, 2 * size);
            actions = Arrays.copyOf(actions, 2 * size);
        }
        long number = planned++;
        int at = size++;
        while (at > 0 && isBefore(timeMicros, number, (at - 1) / 2)) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        put(at, timeMicros, number, action);
    }

    /** Plans {@code action} for {@code delayMicros} from now. */
    public void after(long delayMicros, Runnable action) {
        at(nowMicros + delayMicros, action);
    }

    /** Does the next event; false if there is none up to {@code untilMicros}. */
    public boolean next(long untilMicros) {
        if (size == 0 || micros[0] > untilMicros) {
            return false;
        }
        nowMicros = micros[0];
        Runnable action = actions[0];
        removeFirst();
        done++;
        action.run();
        return true;
    }

    private void removeFirst() {
        size--;
        long timeMicros = micros[size];
        long number = sequence[size];
        Runnable action = actions[size];
        int at = 0;
        int child = smallerChild(at);
        while (child < size && !isBefore(timeMicros, number, child)) {
            move(child, at);
            at = child;
            child = smallerChild(at);
        }
        put(at, timeMicros, number, action);
    }

    private int smallerChild(int at) {
        int left = 2 * at + 1;
        int right = left + 1;
        return right < size && isBefore(micros[right], sequence[right], left) ? right : left;
    }

    private boolean isBefore(long timeMicros, long number, int other) {
        return timeMicros < micros[other]
                || (timeMicros == micros[other] && number < sequence[other]);
    }

    private void move(int from, int to) {
        put(to, micros[from], sequence[from], actions[from]);
    }

    private void put(int at, long timeMicros, long number, Runnable action) {
        micros[at] = timeMicros;
        sequence[at] = number;
        actions[at] = action;
    }
}
