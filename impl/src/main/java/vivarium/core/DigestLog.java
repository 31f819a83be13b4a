package vivarium.core;

import java.util.Arrays;

/**
 * The digests of the last few times that the zxid was a round number: two servers that have both
 * been there must have come to the same ones.
 */
public final class DigestLog {
    /**
     * ZooKeeper's servers write down the same zxids, so that the lists can be laid side by side.
     */
    private static final int INTERVAL = 128;

    private static final int KEPT = 1024;

    private long[] zxids = new long[0];
    private long[] digests = new long[0];

    /** All that were ever added; those before the last {@link #KEPT} are gone. */
    private int added;

    /** Takes one entry of the log. */
    @FunctionalInterface
    public interface Reader {
        /** The tree had this digest at this zxid. */
        void entry(long zxid, long digest);
    }

    /** A transaction has been applied. */
    void onApplied(long zxid, long digest) {
        if ((zxid & INTERVAL - 1) != 0) {
            return;
        }
        if (added == zxids.length && added < KEPT) {
            int length = Math.min(KEPT, Math.max(16, 2 * added));
            zxids = Arrays.copyOf(zxids, length);
            digests = Arrays.copyOf(digests, length);
        }
        int at = added < KEPT ? added : added % KEPT;
        zxids[at] = zxid;
        digests[at] = digest;
        added = added + 1 < 2 * KEPT ? added + 1 : KEPT;
    }

    /** Hands over all entries, oldest first. */
    public void read(Reader reader) {
        int first = added <= KEPT ? 0 : added - KEPT;
        for (int i = first; i < added; i++) {
            reader.entry(zxids[i % KEPT], digests[i % KEPT]);
        }
    }
}
