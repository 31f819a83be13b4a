package vivarium.simulation.network;

/**
 * One connection between two servers, from the request for it to its end at both sides. Each
 * direction delivers in order; a break loses the end of what is on its way, never its middle.
 */
final class Link {
    /** The ends: who asked for it, who accepted it. */
    final long asker;

    final long accepter;

    /** Whether the end has been told that the link is there. */
    private final boolean[] up = new boolean[2];

    /** Whether the end knows that the link is gone, or has given it up. */
    private final boolean[] gone = new boolean[2];

    /** Up to when what is on its way still arrives at the end. */
    private final long[] cutMicros = {Long.MAX_VALUE, Long.MAX_VALUE};

    /** When the last thing that was sent to the end arrives there. */
    private final long[] lastMicros = new long[2];

    /** Whether the accepter has asked for it too, before it was there. */
    private boolean wantedByBoth;

    Link(long asker, long accepter) {
        this.asker = asker;
        this.accepter = accepter;
    }

    private int end(long sid) {
        return sid == asker ? 0 : 1;
    }

    long other(long sid) {
        return sid == asker ? accepter : asker;
    }

    boolean isUp(long sid) {
        return up[end(sid)];
    }

    void up(long sid) {
        up[end(sid)] = true;
    }

    void wantedByBoth() {
        wantedByBoth = true;
    }

    /** Whether the end waits for it, or has it. */
    boolean concerns(long sid) {
        return isUp(sid) || sid == asker || wantedByBoth;
    }

    boolean isGone(long sid) {
        return gone[end(sid)];
    }

    void gone(long sid) {
        gone[end(sid)] = true;
    }

    /** Whether both ends can still use it, or will be able to. */
    boolean isAlive() {
        return !gone[0]
                && !gone[1]
                && cutMicros[0] == Long.MAX_VALUE
                && cutMicros[1] == Long.MAX_VALUE;
    }

    /** What arrives at {@code sid} behind this time is lost. */
    void cut(long sid, long micros) {
        cutMicros[end(sid)] = Math.min(cutMicros[end(sid)], micros);
    }

    boolean isCut(long sid, long micros) {
        return micros > cutMicros[end(sid)];
    }

    /** When something arrives at {@code sid} that would, by itself, be there at {@code micros}. */
    long inOrder(long sid, long micros) {
        long arrival = Math.max(micros, lastMicros[end(sid)] + 1);
        lastMicros[end(sid)] = arrival;
        return arrival;
    }
}
