package vivarium.core.zab;

import java.util.TreeSet;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.Zxid;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;

/**
 * The prospective leader learns the newest epoch that a quorum has promised to, and has a quorum
 * promise a newer one: from then on no older leader can commit anything.
 *
 * <p>A peer that is alone, and will be, goes on in the epoch it is in, as Apache's standalone
 * server does: epochs keep two leaders of different quorums apart, and no other peer holds, or ever
 * will hold, any of its proposals. Only when the epoch's counter is used up does it open the next.
 */
public final class LeaderDiscovery implements Phase {
    private final Self self;
    private final Learners learners;
    private final TreeSet<Long> heardOf = new TreeSet<>();
    private final long deadlineMillis;

    /** The newest epoch that anybody heard of has promised to. */
    private long newestAccepted;

    /** The epoch to be opened, 0 or more once it has been chosen. */
    private long epoch = -1;

    /** Whether this peer's own promise is on disk, so that others may be asked for theirs. */
    private boolean asking;

    private boolean passedOn;

    LeaderDiscovery(Self self, Vote vote) {
        this.self = self;
        this.learners = new Learners(self);
        this.deadlineMillis = self.nowMillis + self.ticks(self.settings.timing().initLimitTicks());
        this.newestAccepted = self.acceptedEpoch;
        self.follow(Notification.State.LEADING, vote);
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEADER_DISCOVERY;
    }

    @Override
    public Phase enter() {
        heardOf.add(self.id());
        if (!self.settings.ensemble().isAlone()) {
            chooseIfQuorum();
            return next();
        }
        long last = self.history.lastLoggedZxid();
        long newest = Math.max(self.acceptedEpoch, Zxid.epoch(last));
        epoch = Zxid.counter(last) >= self.settings.lastCounter() ? newest + 1 : newest;
        if (epoch == self.acceptedEpoch) {
            ask();
        } else {
            self.effects.saveAcceptedEpoch(epoch);
        }
        return next();
    }

    private void chooseIfQuorum() {
        if (epoch < 0 && self.settings.ensemble().isQuorum(heardOf.size())) {
            epoch = newestAccepted + 1;
            self.promise(epoch, self.id());
        }
    }

    /** This peer's own promise holds; those that are here are asked for theirs. */
    private void ask() {
        asking = true;
        learners.promises.add(self.id(), self.currentEpoch > 0);
        for (Learner learner : learners.all()) {
            self.effects.send(learner.sid, new Message.LeaderInfo(epoch));
        }
    }

    @Override
    public Phase step(Input input) {
        NotServing.on(self.effects, input);
        switch (input) {
            case Input.AcceptedEpochSaved saved -> {
                if (saved.epoch() == epoch && !asking) {
                    ask();
                }
            }
            case Input.LinkDown down -> learners.forget(down.sid());
            case Input.Received received -> {
                learners.heard(received.sid());
                if (!on(received.sid(), received.message())) {
                    return new Looking(self);
                }
            }
            case Input.OfTime _, Input.FromClient _, Input.FromDisk _, Input.FromPeer _ -> {}
        }
        return isTooLate() ? new Looking(self) : next();
    }

    /**
     * A promise counts for a limited time, also where this peer did not run when it was up: who has
     * given it may have lost it with its disk, and {@link Newcomers} waits no longer.
     */
    private boolean isTooLate() {
        return self.nowMillis >= deadlineMillis && !self.settings.ensemble().isAlone();
    }

    /**
     * False if somebody has a newer history, or has promised a newer epoch: then it must not lead.
     */
    private boolean on(long sid, Message message) {
        if (message instanceof Message.LearnerInfo info) {
            onLearnerInfo(sid, info);
            return epoch < 0 || !learners.isAheadOf(epoch, sid, message);
        }
        Learner learner = learners.get(sid);
        if (learner == null || !(message instanceof Message.AckEpoch ack) || !asking) {
            learners.drop(sid);
            return true;
        }
        learner.promised(ack);
        if (ack.promised() && learner.voter) {
            if (isNewer(ack)) {
                return false;
            }
            learners.promises.add(sid, learner.remembers);
        }
        return true;
    }

    private boolean isNewer(Message.AckEpoch ack) {
        return ack.currentEpoch() > self.currentEpoch
                || (ack.currentEpoch() == self.currentEpoch
                        && ack.lastZxid() > self.history.lastLoggedZxid());
    }

    private void onLearnerInfo(long sid, Message.LearnerInfo info) {
        Learner learner = learners.greet(sid, info.voter());
        if (learner.voter) {
            heardOf.add(sid);
            newestAccepted = Math.max(newestAccepted, info.acceptedEpoch());
            chooseIfQuorum();
        }
        if (asking) {
            self.effects.send(sid, new Message.LeaderInfo(epoch));
        }
    }

    private Phase next() {
        passedOn = asking && learners.promises.areOfQuorum();
        return passedOn ? new LeaderSynchronization(self, epoch, learners) : this;
    }

    /** The learners go on with the phase that follows; otherwise they must look again. */
    @Override
    public void leave() {
        if (!passedOn) {
            learners.dropAll();
        }
    }

    @Override
    public long deadlineMillis() {
        return self.settings.ensemble().isAlone() ? Long.MAX_VALUE : deadlineMillis;
    }
}
