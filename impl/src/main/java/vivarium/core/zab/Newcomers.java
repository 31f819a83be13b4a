package vivarium.core.zab;

import java.util.TreeMap;

/**
 * The voters without memory that have come to an established leader, until it brings them up. From
 * then on they count, and what they have forgotten must not matter any more. On a disk that was
 * lost there may have been a promise to another who would lead, and who counts on it still: were
 * its promises complete after this leader had committed with that voter's help, what was committed
 * would be lost.
 *
 * <p>So they are brought up when all other voters have said, since the last of them came, that they
 * follow this leader: then none of those is being chosen. Where one of the others says nothing,
 * they wait until nobody counts any longer on what was promised before they came: who would lead
 * gives up after {@code initLimit}, by its own clock, which may be slower by a quarter. A quorum
 * must then say that this peer leads still.
 */
final class Newcomers {
    private final Self self;
    private final long epoch;
    private final Learners learners;
    private final Syncs syncs;

    /**
     * When each of them came first, by its id: that it comes again, because it grew tired of
     * waiting or started anew, changes nothing, as it can't have remembered anything in between.
     */
    private final TreeMap<Long, Long> since = new TreeMap<>();

    Newcomers(Self self, long epoch, Learners learners, Syncs syncs) {
        this.self = self;
        this.epoch = epoch;
        this.learners = learners;
        this.syncs = syncs;
    }

    /** Whoever has come waits for what others say from now on; true if one has. */
    boolean await() {
        boolean one = false;
        for (Learner learner : learners.all()) {
            if (learner.stage == Learner.Stage.PROMISED && learner.confirmingPing == 0) {
                since.putIfAbsent(learner.sid, self.nowMillis);
                ask(learner);
                one = true;
            } else if (learner.stage.compareTo(Learner.Stage.PROMISED) > 0) {
                since.remove(learner.sid);
            }
        }
        return one;
    }

    private void ask(Learner learner) {
        learner.hasStayed = hasStayed(learner);
        learner.confirmingPing = syncs.awaitNextPing();
    }

    private boolean hasStayed(Learner learner) {
        Long came = since.get(learner.sid);
        long countedMillis = self.ticks(self.settings.timing().initLimitTicks());
        return came != null && self.nowMillis - came >= countedMillis + countedMillis / 4;
    }

    /** Before a ping: it may be the one that those have to wait for who have been here for long. */
    void askAgain() {
        for (Learner learner : learners.all()) {
            if (isWaiting(learner) && !learner.hasStayed && hasStayed(learner)) {
                ask(learner);
            }
        }
    }

    /** Begins to bring up those that need not wait any longer; after each answer to a ping. */
    void bringUp() {
        long last = 0;
        for (Learner learner : learners.all()) {
            last = isWaiting(learner) ? Math.max(last, learner.confirmingPing) : last;
        }
        if (last == 0) {
            return;
        }
        boolean all = allHaveAnswered(last);
        for (Learner learner : learners.all()) {
            boolean quorum = learner.hasStayed && syncs.isConfirmed(learner.confirmingPing);
            if (isWaiting(learner) && (all || quorum)) {
                since.remove(learner.sid);
                learners.synchronize(learner, epoch);
            }
        }
    }

    /** Those who wait themselves have said by coming that they follow nobody else. */
    private boolean allHaveAnswered(long ping) {
        int count = 1 + learners.votersWith(learner -> learner.answeredPing, ping);
        for (Learner learner : learners.all()) {
            count += isWaiting(learner) ? 1 : 0;
        }
        return count == self.settings.ensemble().voters().size();
    }

    private static boolean isWaiting(Learner learner) {
        return learner.stage == Learner.Stage.PROMISED && learner.confirmingPing > 0;
    }
}
