package vivarium.net;

/** What has gone over a port since it was opened, or since somebody reset the counters. */
public final class Traffic {
    private final Latency latency = new Latency();
    private final Latency readLatency = new Latency();
    private final Latency writeLatency = new Latency();
    private long received;
    private long receivedBytes;
    private long sent;
    private long authFailures;
    private long rejected;
    private long sessionlessExpired;
    private int lastResponseBytes = -1;
    private int minResponseBytes = -1;
    private int maxResponseBytes = -1;

    void onReceived(int bytes) {
        received++;
        receivedBytes += bytes;
    }

    void onSent(int bytes) {
        sent++;
        lastResponseBytes = bytes;
        minResponseBytes = minResponseBytes < 0 ? bytes : Math.min(minResponseBytes, bytes);
        maxResponseBytes = Math.max(maxResponseBytes, bytes);
    }

    void onAnswered(long millis, boolean write) {
        latency.add(millis);
        (write ? writeLatency : readLatency).add(millis);
    }

    void onAuthFailed() {
        authFailures++;
    }

    void onRejected() {
        rejected++;
    }

    void onSessionlessExpired() {
        sessionlessExpired++;
    }

    /** Starts to count anew. */
    public void reset() {
        latency.reset();
        readLatency.reset();
        writeLatency.reset();
        received = 0;
        sent = 0;
        lastResponseBytes = -1;
        minResponseBytes = -1;
        maxResponseBytes = -1;
    }

    /** Of all requests. */
    public Latency latency() {
        return latency;
    }

    /** Of requests that one server answers alone. */
    public Latency readLatency() {
        return readLatency;
    }

    /** Of requests that the ensemble agrees upon. */
    public Latency writeLatency() {
        return writeLatency;
    }

    /** Requests that came. */
    public long received() {
        return received;
    }

    /** The bytes of the requests that came. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Replies and events that were sent. */
    public long sent() {
        return sent;
    }

    /** Proofs of identity that proved nothing. */
    public long authFailures() {
        return authFailures;
    }

    /** Connections that were over a limit. */
    public long rejected() {
        return rejected;
    }

    /** Connections that never asked for a session. */
    public long sessionlessExpired() {
        return sessionlessExpired;
    }

    /** The size of the last reply in bytes, -1 before the first. */
    public int lastResponseBytes() {
        return lastResponseBytes;
    }

    /** The size of the smallest reply in bytes, -1 before the first. */
    public int minResponseBytes() {
        return minResponseBytes;
    }

    /** The size of the largest reply in bytes, -1 before the first. */
    public int maxResponseBytes() {
        return maxResponseBytes;
    }
}
