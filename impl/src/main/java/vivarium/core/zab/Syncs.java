package vivarium.core.zab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import vivarium.core.Check;
import vivarium.core.LongMap;
import vivarium.core.txn.ErrorCode;

/**
 * The syncs that a leader has to answer, in the order in which they came, since answers do not say
 * what they answer. Each waits for two things: that all that had been proposed when it came is
 * committed, and that a quorum has said since that this peer still leads; so a read behind a sync
 * sees everything that anybody was told of before the sync was asked.
 *
 * <p>Confirmations are pings that all waiting syncs share: one at a time is under way.
 *
 * <p>What a session asks behind its sync waits with it. Otherwise it could be committed before the
 * sync is answered, and a read between the two would see what its own client asked only later.
 */
final class Syncs {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** The newest waiting sync of each session that has one. */
    private final LongMap<Waiting> newest = new LongMap<>();

    /** The number of the last ping. */
    private long lastPing;

    /** The number of the last ping that a quorum has answered. */
    private long confirmedPing;

    /** The number of the last ping that anybody waits for. */
    private long awaitedPing;

    /** One sync that can be answered: who asked it, and in whose name. */
    record Answer(long sid, long sessionId) {}

    /**
     * A write that had to wait, and which server has passed it on.
     *
     * @param fault why it was out of place when it came, null if it was not: a server that the
     *     session had left does not get it in by becoming its server once more
     */
    record Asked(long sid, Message.Request request, @Nullable ErrorCode fault) {}

    private static final class Waiting {
        final long sid;
        final long sessionId;

        /** The first ping after it came. */
        final long ping;

        /** The last proposal when it came; later, the last that its session asked before it. */
        long barrierZxid;

        /** What its session has asked since, up to its next sync. */
        final List<Asked> behind = new ArrayList<>();

        /** Its session's next sync. */
        @Nullable Waiting next;

        Waiting(long sid, long sessionId, long ping, long barrierZxid) {
            this.sid = sid;
            this.sessionId = sessionId;
            this.ping = ping;
            this.barrierZxid = barrierZxid;
        }
    }

    /** Whether what this session asks has to wait for a sync of it. */
    boolean isWaiting(long sessionId) {
        return newest.get(sessionId) != null;
    }

    /** Keeps a write for its turn; its session {@link #isWaiting}. */
    void hold(Asked asked) {
        Waiting sync = newest.get(asked.request().sessionId());
        if (sync == null) {
            throw Check.broken("WritesWaitForSyncsOnly", "no sync of its session waits");
        }
        sync.behind.add(asked);
    }

    /** A sync has come. */
    void add(long barrierZxid, long sid, long sessionId) {
        Waiting sync = new Waiting(sid, sessionId, awaitNextPing(), barrierZxid);
        waiting.add(sync);
        link(sync);
    }

    private void link(Waiting sync) {
        Waiting before = newest.put(sync.sessionId, sync);
        if (before != null) {
            before.next = sync;
        }
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
        awaitedPing = lastPing + 1;
        return awaitedPing;
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
        return isIdle() && awaitedPing > lastPing;
    }

    /**
     * Hands over those that can be answered, in order, and what had to wait for them.
     *
     * @param again takes a write as if it came only now
     * @param lastProposed the last proposal, also of those that {@code again} makes
     */
    void release(
            long committedZxid,
            Consumer<Answer> to,
            Consumer<Asked> again,
            LongSupplier lastProposed) {
        Waiting first = waiting.peek();
        while (first != null && first.barrierZxid <= committedZxid && first.ping <= confirmedPing) {
            waiting.remove();
            Waiting following = first.next;
            if (following == null) {
                newest.remove(first.sessionId);
            }
            to.accept(new Answer(first.sid, first.sessionId));
            if (!first.behind.isEmpty()) {
                first.behind.forEach(again);
                if (following != null) {
                    following.barrierZxid = lastProposed.getAsLong();
                }
            }
            first = waiting.peek();
        }
    }

    /**
     * The link to a server has broken: nothing that came over it is to be done or answered. What
     * had to wait for a sync that is forgotten waits for the one before it, if there is one.
     */
    void forget(long sid, Consumer<Asked> again) {
        List<Waiting> all = List.copyOf(waiting);
        List<Asked> left = new ArrayList<>();
        waiting.clear();
        for (Waiting sync : all) {
            newest.remove(sync.sessionId);
            sync.next = null;
            sync.behind.removeIf(asked -> asked.sid() == sid);
        }
        for (Waiting sync : all) {
            Waiting before = newest.get(sync.sessionId);
            if (sync.sid != sid) {
                waiting.add(sync);
                link(sync);
            } else if (before != null) {
                before.behind.addAll(sync.behind);
            } else {
                left.addAll(sync.behind);
            }
        }
        left.forEach(again);
    }
}
