package vivarium.net;

/**
 * The requests of one connection that have no reply yet, in the order in which they came. Replies
 * come in that order too, but for the few kinds that may overtake, so the first is nearly always
 * the one that is looked for.
 */
final class InFlight {
    private static final int SMALLEST = 4;

    private int[] xids = new int[SMALLEST];
    private OperationName[] names = new OperationName[SMALLEST];
    private int[] sizes = new int[SMALLEST];
    private long[] times = new long[SMALLEST];
    private int head;
    private int count;
    private long bytes;
    private final RequestLimits limits;
    private long largeBytes;

    InFlight(RequestLimits limits) {
        this.limits = limits;
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** How many bytes their frames had. */
    long bytes() {
        return bytes;
    }

    /** How many bytes the frames of large requests had. */
    long largeBytes() {
        return largeBytes;
    }

    /** How many bytes it adds to {@link #largeBytes}. */
    int largeBytes(int size) {
        return limits.isLarge(size) ? size : 0;
    }

    void add(int xid, OperationName name, int size, long nowMillis) {
        if (count == xids.length) {
            grow();
        }
        int slot = head + count & xids.length - 1;
        xids[slot] = xid;
        names[slot] = name;
        sizes[slot] = size;
        times[slot] = nowMillis;
        count++;
        bytes += size;
        largeBytes += largeBytes(size);
    }

    /** The place of the oldest with this number, -1 where there is none. */
    int find(int xid) {
        int mask = xids.length - 1;
        for (int i = 0; i < count; i++) {
            int slot = head + i & mask;
            if (xids[slot] == xid) {
                return slot;
            }
        }
        return -1;
    }

    int xid(int slot) {
        return xids[slot];
    }

    OperationName name(int slot) {
        return names[slot];
    }

    int size(int slot) {
        return sizes[slot];
    }

    long timeMillis(int slot) {
        return times[slot];
    }

    /** It is answered. Those before it, which it has overtaken, move up by one. */
    void remove(int slot) {
        int mask = xids.length - 1;
        bytes -= sizes[slot];
        largeBytes -= largeBytes(sizes[slot]);
        int at = slot;
        while (at != head) {
            int before = at - 1 & mask;
            xids[at] = xids[before];
            names[at] = names[before];
            sizes[at] = sizes[before];
            times[at] = times[before];
            at = before;
        }
        head = head + 1 & mask;
        count--;
        if (count == 0 && xids.length > SMALLEST * 16) {
            shrink();
        }
    }

    /** Nobody waits for any reply any more. */
    void clear() {
        shrink();
        count = 0;
        bytes = 0;
        largeBytes = 0;
    }

    private void shrink() {
        xids = new int[SMALLEST];
        names = new OperationName[SMALLEST];
        sizes = new int[SMALLEST];
        times = new long[SMALLEST];
        head = 0;
    }

    private void grow() {
        int length = xids.length;
        int[] newXids = new int[length * 2];
        OperationName[] newNames = new OperationName[length * 2];
        int[] newSizes = new int[length * 2];
        long[] newTimes = new long[length * 2];
        for (int i = 0; i < count; i++) {
            int slot = head + i & length - 1;
            newXids[i] = xids[slot];
            newNames[i] = names[slot];
            newSizes[i] = sizes[slot];
            newTimes[i] = times[slot];
        }
        xids = newXids;
        names = newNames;
        sizes = newSizes;
        times = newTimes;
        head = 0;
    }
}
