package vivarium.core.zab;

import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.PhaseName;
import vivarium.core.election.Election;
import vivarium.core.election.Notification;
import vivarium.core.election.Vote;
import vivarium.core.session.Clients;
import vivarium.core.session.ReadOnlyClients;

/**
 * Looking for a leader. A peer that is alone has found one: itself, since its own vote is a quorum.
 *
 * <p>It takes no part before its disk has what it goes by: a vote says how long the log is, and
 * that must be true.
 */
public final class Looking implements Phase {
    /** How long a quorum waits for the better vote of one who has not voted. */
    private static final int FINALIZE_MILLIS = 20;

    private static final int FIRST_RESEND_MILLIS = 200;
    private static final int LAST_RESEND_MILLIS = 60_000;

    /** How long it looks for a leader at least before it serves without one. */
    private static final int LEAST_PATIENCE_MILLIS = 2_000;

    private final Self self;
    private final long gone;
    private @Nullable Election election;
    private long resendAtMillis = Long.MAX_VALUE;
    private int resendMillis = FIRST_RESEND_MILLIS;
    private long decideAtMillis = Long.MAX_VALUE;
    private @Nullable Vote likely;
    private long readOnlyAtMillis = Long.MAX_VALUE;
    private @Nullable ReadOnlyClients readOnly;

    public Looking(Self self) {
        this(self, -1);
    }

    /**
     * The leader that this peer followed is gone.
     *
     * @param gone its id: nobody waits for its vote, though it is counted if it comes
     */
    Looking(Self self, long gone) {
        this.self = self;
        this.gone = gone;
    }

    @Override
    public PhaseName name() {
        return PhaseName.LOOKING;
    }

    @Override
    public Phase enter() {
        self.ballot = null;
        if (!self.isSettled()) {
            return this;
        }
        self.round++;
        Election begun = new Election(self.settings.ensemble(), self.round, ownVote());
        election = begun;
        if (self.settings.ensemble().isAlone()) {
            return new LeaderDiscovery(self, begun.proposed());
        }
        if (self.settings.readOnlyMode()) {
            long patience = Math.max(LEAST_PATIENCE_MILLIS, self.ticks(1));
            readOnlyAtMillis = self.nowMillis + patience;
        }
        tellAll(begun);
        return check(begun);
    }

    private Vote ownVote() {
        return self.isVoter()
                ? new Vote(self.id(), self.history.lastLoggedZxid(), self.currentEpoch)
                : new Vote(Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE);
    }

    @Override
    public Phase step(Input input) {
        Election going = election;
        serve(input);
        if (going == null) {
            return self.isSettled() ? enter() : this;
        }
        if (input instanceof Input.Notified notified) {
            hear(going, notified.sid(), notified.notification());
        } else if (self.nowMillis >= resendAtMillis) {
            tellAll(going);
        }
        return check(going);
    }

    /** Who looks for long has lost its ensemble: it may do for those who only want to read. */
    private void serve(Input input) {
        if (readOnly == null && self.nowMillis >= readOnlyAtMillis && self.isSettled()) {
            self.sessionIds.start(self.wallMillis());
            readOnly =
                    new ReadOnlyClients(
                            self.settings,
                            self.effects,
                            self.replica(),
                            self.sessionIds,
                            () -> self.nowMillis);
        }
        ReadOnlyClients serving = readOnly;
        if (serving == null) {
            NotServing.refuse(self.effects, input);
        } else {
            NotServing.refuseLink(self.effects, input);
            serving.step(input);
        }
    }

    @Override
    public @Nullable Clients clients() {
        return readOnly == null ? null : readOnly.clients();
    }

    private void hear(Election going, long sid, Notification heard) {
        if (heard.state() != Notification.State.LOOKING) {
            going.onSettled(sid, heard);
            return;
        }
        switch (going.onLooking(sid, heard)) {
            case NONE -> {}
            case TELL_SENDER -> self.effects.notify(sid, going.notification());
            case TELL_ALL -> tellAll(going);
        }
    }

    private void tellAll(Election going) {
        resendAtMillis = self.nowMillis + resendMillis;
        resendMillis = Math.min(2 * resendMillis, LAST_RESEND_MILLIS);
        for (long sid : self.settings.ensemble().voters()) {
            if (sid != self.id()) {
                self.effects.notify(sid, going.notification());
            }
        }
    }

    private Phase check(Election going) {
        Vote up = going.established();
        if (up != null) {
            return settle(up, going.establishedRound(up));
        }
        Vote found = self.isVoter() ? going.likely() : null;
        if (found == null) {
            likely = null;
            decideAtMillis = Long.MAX_VALUE;
            return this;
        }
        if (!found.equals(likely)) {
            likely = found;
            decideAtMillis = self.nowMillis + FINALIZE_MILLIS;
        }
        boolean decided = going.isUnanimousWithout(gone) || self.nowMillis >= decideAtMillis;
        return decided ? settle(found, going.round()) : this;
    }

    private Phase settle(Vote vote, long round) {
        self.round = round;
        return vote.leader() == self.id()
                ? new LeaderDiscovery(self, vote)
                : new LearnerDiscovery(self, vote);
    }

    @Override
    public void leave() {
        if (readOnly != null) {
            readOnly.clients().closeAll();
            readOnly = null;
        }
    }

    @Override
    public long deadlineMillis() {
        long electionMillis = Math.min(resendAtMillis, decideAtMillis);
        return Math.min(
                electionMillis, readOnly == null ? readOnlyAtMillis : readOnly.deadlineMillis());
    }
}
