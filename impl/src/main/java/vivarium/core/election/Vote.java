package vivarium.core.election;

/**
 * A wish for a leader, with what makes it a good one.
 *
 * @param leader the server
 * @param zxid the last transaction in its log
 * @param peerEpoch the epoch whose history it holds
 */
public record Vote(long leader, long zxid, long peerEpoch) implements Comparable<Vote> {

    /**
     * The better vote is the one with the newer history: the later epoch first, since a short log
     * of a late epoch may contradict a long one of an early epoch; then the longer log. Server ids
     * break ties, so that all agree.
     */
    @Override
    public int compareTo(Vote other) {
        int byEpoch = Long.compare(peerEpoch, other.peerEpoch);
        int byZxid = byEpoch != 0 ? byEpoch : Long.compare(zxid, other.zxid);
        return byZxid != 0 ? byZxid : Long.compare(leader, other.leader);
    }

    /** Whether it is a vote for the same leader in the same epoch, however far its log. */
    public boolean agreesWith(Vote other) {
        return leader == other.leader && peerEpoch == other.peerEpoch;
    }
}
