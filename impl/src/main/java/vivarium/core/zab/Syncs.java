package vivarium.core.zab;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * The syncs that a leader has to answer. Each waits for two things: that all that had been proposed
 * when it came is committed, and that a quorum has said since that this peer still leads; so a read
 * behind a sync sees everything that anybody was told of before the sync was asked.
 *
 * <p>Confirmations are pings that all waiting syncs share: one at a time is under way.
 */
final class Syncs {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** The number of the last ping. */
    private long lastPing;

    /** The number of the last ping that a quorum has answered. */
    private long confirmedPing;

    /**
     * @param barrierZxid the last proposal when it came
     * @param ping the first ping after it came
     */
    private record Waiting(long barrierZxid, long ping, long sid, long sessionId) {}

    /** One sync that can be answered: who asked it, and in whose name. */
    record Answer(long sid, long sessionId) {}

    /** A sync has come; true if a ping should go out now. */
    boolean add(long barrierZxid, long sid, long sessionId) {
        waiting.add(new Waiting(barrierZxid, lastPing + 1, sid, sessionId));
        return lastPing == confirmedPing;
    }

    /** Whether none waits. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The number for the next ping. */
    long nextPing() {
        return ++lastPing;
    }

    /** The number of the last ping. */
    long lastPing() {
        return lastPing;
    }

    /** A quorum has answered the ping {@code number}; true if another should go out now. */
    boolean confirm(long number) {
        confirmedPing = Math.max(confirmedPing, number);
        Waiting newest = waiting.peekLast();
        return confirmedPing == lastPing && newest != null && newest.ping() > lastPing;
    }

    /** Hands over those that can be answered, in order. */
    void release(long committedZxid, Consumer<Answer> to) {
        Waiting next = waiting.peek();
        while (next != null
                && next.barrierZxid() <= committedZxid
                && next.ping() <= confirmedPing) {
            waiting.remove();
            to.accept(new Answer(next.sid(), next.sessionId()));
            next = waiting.peek();
        }
    }
}
