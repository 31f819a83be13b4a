package vivarium.core.election;

import org.jspecify.annotations.Nullable;
import vivarium.core.Ensemble;

/**
 * Fast leader election: one server's part in one search for a leader. Every server proposes the
 * best vote it has heard of in the newest round; who sees a quorum behind its own proposal has
 * found the leader.
 *
 * <p>That leader is only a likely one. Safety does not rest on it: who leads must still be promised
 * to by a quorum, and gives up when one of them has a newer history.
 */
public final class Election {
    private final Ensemble ensemble;
    private final Vote own;
    private final Tally inRound;
    private final Tally settled;
    private long round;
    private Vote proposed;

    /**
     * Begins a search.
     *
     * @param round one more than that of the last search of this server
     * @param own a vote for this server itself
     */
    public Election(Ensemble ensemble, long round, Vote own) {
        this.ensemble = ensemble;
        this.round = round;
        this.own = own;
        this.proposed = own;
        this.inRound = new Tally(ensemble);
        this.settled = new Tally(ensemble);
        countOwn();
    }

    private void countOwn() {
        inRound.put(ensemble.self(), notification());
    }

    /** What this server tells the others now. */
    public Notification notification() {
        return new Notification(Notification.State.LOOKING, proposed, round);
    }

    /** The round it is in. */
    public long round() {
        return round;
    }

    /** What this server proposes. */
    public Vote proposed() {
        return proposed;
    }

    /** What is to be done after a notification was heard. */
    public enum Answer {
        /** Nothing. */
        NONE,
        /** The sender is behind: it alone is told of this server's vote. */
        TELL_SENDER,
        /** This server's vote has changed: everybody is told. */
        TELL_ALL
    }

    /** A voter that is looking too has told its vote. */
    public Answer onLooking(long sid, Notification heard) {
        if (!ensemble.isVoter(sid) || !ensemble.isVoter(heard.vote().leader())) {
            return Answer.NONE;
        }
        if (heard.round() < round) {
            return Answer.TELL_SENDER;
        }
        boolean changed = false;
        if (heard.round() > round) {
            round = heard.round();
            inRound.clear();
            proposed = own;
            changed = true;
        }
        if (ensemble.isVoter(ensemble.self()) && heard.vote().compareTo(proposed) > 0) {
            proposed = heard.vote();
            changed = true;
        }
        inRound.put(sid, heard);
        countOwn();
        if (changed) {
            return Answer.TELL_ALL;
        }
        // It may have looked away when this vote was told: it must not wait until it is told again.
        return heard.vote().compareTo(proposed) < 0 ? Answer.TELL_SENDER : Answer.NONE;
    }

    /** A voter that follows or leads has told whom; an observer's word does not count. */
    public void onSettled(long sid, Notification heard) {
        settled.put(sid, heard);
    }

    /** The leader that a quorum is behind in this round; null while there is none. */
    public @Nullable Vote likely() {
        return inRound.isQuorumFor(proposed) ? proposed : null;
    }

    /**
     * Whether nobody is left who could know of a better vote.
     *
     * @param absent a voter that is taken to be gone, -1 for none
     */
    public boolean isUnanimousWithout(long absent) {
        return inRound.isUnanimousFor(proposed, absent);
    }

    /**
     * The leader of an ensemble that is up without this server: a quorum follows it, and it says
     * itself that it leads. Null while none is known.
     */
    public @Nullable Vote established() {
        for (long sid : ensemble.voters()) {
            Notification heard = settled.get(sid);
            if (heard == null
                    || heard.state() != Notification.State.LEADING
                    || heard.vote().leader() != sid) {
                continue;
            }
            if (settled.isQuorumSettledOn(heard.vote())) {
                return heard.vote();
            }
        }
        return null;
    }

    /** The round in which the established leader was elected. */
    public long establishedRound(Vote vote) {
        Notification heard = settled.get(vote.leader());
        return heard == null ? round : heard.round();
    }
}
