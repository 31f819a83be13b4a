package vivarium.core.zab;

import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;

/**
 * A learner goes to the leader that it has found, and promises it a new epoch: nobody who opened an
 * older one will be followed any more. The promise is on disk before it is given.
 */
public final class LearnerDiscovery implements Phase {
    private static final int RETRY_MILLIS = 50;

    private final Self self;
    private final Vote vote;
    private final long leader;
    private final long deadlineMillis;
    private long retryAtMillis = Long.MAX_VALUE;

    /** The epoch that the leader has asked for over this link, -1 for none. */
    private long asked = -1;

    /** Whether it has been told of the promise. */
    private boolean acknowledged;

    private boolean passedOn;

    LearnerDiscovery(Self self, Vote vote) {
        this.self = self;
        this.vote = vote;
        this.leader = vote.leader();
        this.deadlineMillis = self.nowMillis + self.ticks(self.settings.timing().initLimitTicks());
    }

    @Override
    public PhaseName name() {
        return PhaseName.LEARNER_DISCOVERY;
    }

    @Override
    public Phase enter() {
        self.follow(
                self.isVoter() ? Notification.State.FOLLOWING : Notification.State.OBSERVING, vote);
        self.effects.connect(leader);
        return this;
    }

    @Override
    public Phase step(Input input) {
        NotServing.on(self.effects, input);
        return switch (input) {
            case Input.LinkUp up -> {
                if (up.sid() == leader) {
                    Message info = new Message.LearnerInfo(self.acceptedEpoch, self.isVoter());
                    self.effects.send(leader, info);
                } else {
                    self.effects.disconnect(up.sid());
                }
                yield this;
            }
            case Input.LinkDown down -> {
                if (down.sid() == leader) {
                    retryAtMillis = self.nowMillis + RETRY_MILLIS;
                    asked = -1;
                    acknowledged = false;
                }
                yield this;
            }
            case Input.Received received -> {
                if (received.sid() == leader) {
                    yield on(received.message());
                }
                NotServing.refuseLink(self.effects, input);
                yield this;
            }
            case Input.AcceptedEpochSaved _ -> {
                acknowledge();
                yield this;
            }
            case Input.Tick _ -> onTick();
            case Input.OfTime _, Input.FromClient _, Input.FromDisk _, Input.FromPeer _ -> this;
        };
    }

    /** What comes before a promise was asked for is none of the handshake. */
    private Phase on(Message message) {
        if (message instanceof Message.LeaderInfo info) {
            if (info.epoch() < self.acceptedEpoch) {
                return new Looking(self);
            }
            if (info.epoch() > self.acceptedEpoch) {
                self.promise(info.epoch(), leader);
            }
            asked = info.epoch();
            acknowledge();
            return this;
        }
        if (!acknowledged || !isBeginningOfSync(message)) {
            return new Looking(self);
        }
        passedOn = true;
        return new LearnerSynchronization(self, leader, asked, message);
    }

    private static boolean isBeginningOfSync(Message message) {
        return message instanceof Message.Diff
                || message instanceof Message.Trunc
                || message instanceof Message.Snap;
    }

    /**
     * Tells of the promise as soon as it is on disk. A link may break while it is on its way there,
     * and the leader ask again: that it was asked before does not mean that it is safe.
     *
     * <p>One promise must not count for two leaders that want the same epoch; one leader counts it
     * once, however often it is told.
     */
    private void acknowledge() {
        if (asked < 0 || acknowledged || !self.isPromiseSaved()) {
            return;
        }
        acknowledged = true;
        long last = self.history.lastLoggedZxid();
        boolean promised = self.hasPromisedTo(leader);
        self.effects.send(leader, new Message.AckEpoch(promised, self.currentEpoch, last));
    }

    private Phase onTick() {
        if (self.nowMillis >= deadlineMillis) {
            return new Looking(self);
        }
        if (self.nowMillis >= retryAtMillis) {
            retryAtMillis = Long.MAX_VALUE;
            self.effects.connect(leader);
        }
        return this;
    }

    @Override
    public void leave() {
        if (!passedOn) {
            self.effects.disconnect(leader);
        }
    }

    @Override
    public long deadlineMillis() {
        return Math.min(deadlineMillis, retryAtMillis);
    }
}
