package vivarium.core.session;

/**
 * Makes the ids of new sessions: the server's id in the top byte, below it a number that starts
 * from the wall clock, so that neither another server nor this one before a restart made the same.
 */
public final class SessionIds {
    private final long selfId;
    private long next;

    public SessionIds(long selfId) {
        this.selfId = selfId;
    }

    /** Goes on from the wall clock where that is ahead: 40 bits of milliseconds, 16 of a count. */
    public void start(long wallMillis) {
        long start = wallMillis << 24 >>> 8 | selfId << 56;
        next = next == 0 ? start : Math.max(next, start);
    }

    /** An id that no other session has. */
    public long next() {
        long id = next++;
        return id == Long.MIN_VALUE ? next++ : id;
    }
}
