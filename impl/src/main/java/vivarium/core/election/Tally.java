package vivarium.core.election;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Ensemble;

/** The votes heard in one round, the newest of each voter, and what they amount to. */
final class Tally {
    private final Ensemble ensemble;
    private final TreeMap<Long, Notification> votes = new TreeMap<>();

    Tally(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /** Only voters' votes are counted. */
    void put(long sid, Notification notification) {
        if (ensemble.isVoter(sid)) {
            votes.put(sid, notification);
        }
    }

    void clear() {
        votes.clear();
    }

    @Nullable Notification get(long sid) {
        return votes.get(sid);
    }

    /** Whether a quorum wants exactly this. */
    boolean isQuorumFor(Vote vote) {
        int count = 0;
        for (Notification heard : votes.values()) {
            if (heard.vote().equals(vote)) {
                count++;
            }
        }
        return ensemble.isQuorum(count);
    }

    /**
     * Whether every voter wants exactly this: then no better vote can come.
     *
     * @param absent a voter whose vote is not waited for, -1 for none
     */
    boolean isUnanimousFor(Vote vote, long absent) {
        for (long sid : ensemble.voters()) {
            Notification heard = votes.get(sid);
            if (heard == null ? sid != absent : !heard.vote().equals(vote)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a quorum, of those who have settled, has settled on this leader and epoch. */
    boolean isQuorumSettledOn(Vote vote) {
        int count = 0;
        for (Map.Entry<Long, Notification> entry : votes.entrySet()) {
            Notification heard = entry.getValue();
            if (heard.state() != Notification.State.LOOKING && heard.vote().agreesWith(vote)) {
                count++;
            }
        }
        return ensemble.isQuorum(count);
    }
}
