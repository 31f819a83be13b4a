package vivarium.core.zab;

import java.util.ArrayDeque;
import java.util.function.LongPredicate;
import vivarium.core.session.Clients;
import vivarium.core.session.Expiry;

/**
 * Tells servers whether sessions live whose clients have come back to them. That one does is said
 * at once. That one does not is said when its end has been agreed upon, and a quorum has said that
 * this peer still leads: a leader that is deposed, and does not know it, knows nothing of the
 * sessions that were made since, and the ends that it has proposed itself may never be agreed.
 */
final class Revalidations {
    private final Self self;
    private final Learners learners;
    private final Clients clients;
    private final Expiry expiry;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /**
     * A question.
     *
     * @param sid the server that asks
     * @param connection the client's, if that is this very server
     */
    record Asked(long sid, long connection, long sessionId, int timeoutMillis) {}

    private record Waiting(Asked asked, long barrierZxid, long ping) {}

    Revalidations(Self self, Learners learners, Clients clients, Expiry expiry) {
        this.self = self;
        this.learners = learners;
        this.clients = clients;
        this.expiry = expiry;
    }

    /** Says that the session lives, and goes on where its client is now; false if it does not. */
    boolean welcomes(Asked asked) {
        boolean open = expiry.touch(self.nowMillis, asked.sessionId(), asked.timeoutMillis());
        if (open) {
            expiry.own(asked.sessionId(), asked.sid());
            answer(asked, true);
        }
        return open;
    }

    /** The answer waits until all up to {@code barrierZxid} is agreed, and the ping answered. */
    void hold(Asked asked, long barrierZxid, long ping) {
        waiting.add(new Waiting(asked, barrierZxid, ping));
    }

    /** Whether no answer waits. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Answers what need not wait any longer. */
    void release(long committedZxid, LongPredicate isConfirmed) {
        Waiting first = waiting.peek();
        while (first != null
                && first.barrierZxid <= committedZxid
                && isConfirmed.test(first.ping)) {
            waiting.remove();
            if (!welcomes(first.asked)) {
                answer(first.asked, false);
            }
            first = waiting.peek();
        }
    }

    private void answer(Asked asked, boolean valid) {
        Learner learner = learners.get(asked.sid());
        if (learner != null) {
            learners.send(learner, new Message.Revalidated(asked.sessionId(), valid));
        } else if (asked.sid() == self.id()) {
            clients.onRevalidated(asked.connection(), valid);
        }
    }

    /** The link to a server has broken: nothing that came over it is to be answered. */
    void forget(long sid) {
        waiting.removeIf(held -> held.asked.sid() == sid);
    }
}
