package vivarium.core.zab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import vivarium.core.LongMap;

/**
 * The syncs that a leader has to answer. Each waits for two things: that all that had been proposed
 * when it came is committed, and that a quorum has said since that this peer still leads; so a read
 * behind a sync sees everything that anybody was told of before the sync was asked.
 *
 * <p>Confirmations are pings that all waiting syncs share: one at a time is under way.
 *
 * <p>What a session asks behind its sync waits with it. Otherwise it could be committed before the
 * sync is answered, and a read between the two would see what its own client asked only later.
 */
final class Syncs {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** What waits for the syncs of its session, for each session that has any. */
    private final LongMap<Behind> behind = new LongMap<>();

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

    /** A request, and which server has passed it on. */
    record Asked(long sid, Message.FromLearner message) {}

    private static final class Behind {
        int syncs;
        final List<Asked> asked = new ArrayList<>();
    }

    /** Whether this has to wait for a sync of its session; it is then kept until its turn comes. */
    boolean hold(long sid, long sessionId, Message.FromLearner message) {
        Behind those = behind.get(sessionId);
        if (those == null || (message instanceof Message.SyncRequest && those.asked.isEmpty())) {
            return false;
        }
        those.asked.add(new Asked(sid, message));
        return true;
    }

    /** A sync has come; true if a ping should go out now. */
    boolean add(long barrierZxid, long sid, long sessionId) {
        Behind those = behind.get(sessionId);
        if (those == null) {
            those = new Behind();
            behind.put(sessionId, those);
        }
        those.syncs++;
        waiting.add(new Waiting(barrierZxid, lastPing + 1, sid, sessionId));
        return isIdle();
    }

    /** Whether none waits. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The number for the next ping. */
    long nextPing() {
        return ++lastPing;
    }

    /** The first ping that will have been sent from now on; {@link #isConfirmed} says the rest. */
    long awaitNextPing() {
        return lastPing + 1;
    }

    /** Whether no ping is under way. */
    boolean isIdle() {
        return lastPing == confirmedPing;
    }

    /** Whether a quorum has answered that ping, or a later one. */
    boolean isConfirmed(long number) {
        return confirmedPing >= number;
    }

    /** A quorum has answered the ping {@code number}; true if another should go out now. */
    boolean confirm(long number) {
        confirmedPing = Math.max(confirmedPing, number);
        Waiting newest = waiting.peekLast();
        return confirmedPing == lastPing && newest != null && newest.ping() > lastPing;
    }

    /**
     * Hands over those that can be answered, in order, and what had to wait for them.
     *
     * @param again takes a request as if it came only now
     */
    void release(long committedZxid, Consumer<Answer> to, Consumer<Asked> again) {
        Waiting next = waiting.peek();
        while (next != null
                && next.barrierZxid() <= committedZxid
                && next.ping() <= confirmedPing) {
            waiting.remove();
            to.accept(new Answer(next.sid(), next.sessionId()));
            letGo(next.sessionId(), again);
            next = waiting.peek();
        }
    }

    private void letGo(long sessionId, Consumer<Asked> again) {
        Behind those = behind.get(sessionId);
        if (those != null && --those.syncs == 0) {
            behind.remove(sessionId);
            those.asked.forEach(again);
        }
    }

    /** The link to a server has broken: nothing that came over it is to be done or answered. */
    void forget(long sid, Consumer<Asked> again) {
        for (long sessionId : behind.sortedKeys()) {
            Behind those = behind.get(sessionId);
            if (those != null) {
                those.asked.removeIf(asked -> asked.sid() == sid);
            }
        }
        List<Waiting> all = List.copyOf(waiting);
        waiting.removeIf(sync -> sync.sid() == sid);
        for (Waiting sync : all) {
            if (sync.sid() == sid) {
                letGo(sync.sessionId(), again);
            }
        }
    }
}
