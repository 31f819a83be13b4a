package vivarium.core.zab;

import java.util.ArrayDeque;

/**
 * A learner's word to its leader that proposals are on its disk: one for each, in order, none twice
 * and none left out. A leader of Apache's counts the answers to each proposal by itself, also when
 * it is committed already, and gives up a follower that leaves one out. Nobody asks an observer.
 */
final class Acknowledgements {
    private final Self self;
    private final long leader;

    /** Proposals of which the leader waits to hear. */
    private final ArrayDeque<Long> owed = new ArrayDeque<>();

    Acknowledgements(Self self, long leader) {
        this.self = self;
        this.leader = leader;
    }

    /** The leader has proposed this, and it is on its way to the disk. */
    void owe(long zxid) {
        if (self.isVoter()) {
            owed.add(zxid);
        }
    }

    /** The leader has said that all up to here is history: it does not wait to hear of it. */
    void settle(long zxid) {
        while (!owed.isEmpty() && owed.peek() <= zxid) {
            owed.remove();
        }
    }

    /** Tells the leader of what has become durable. */
    void tell() {
        long durable = self.history.durableZxid();
        while (!owed.isEmpty() && owed.peek() <= durable) {
            self.effects.send(leader, new Message.Ack(owed.remove()));
        }
    }
}
