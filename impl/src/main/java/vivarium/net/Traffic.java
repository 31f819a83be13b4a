package vivarium.net;

import vivarium.measures.Distribution;

/** What has gone over a port since it was opened, or since somebody reset the counters. */
public final class Traffic {
    private final Latency latency = new Latency();
    private final Distribution readLatency = new Distribution();
    private final Distribution writeLatency = new Distribution();
    private long received;
    private long receivedBytes;
    private long sent;
    private long authFailures;
    private long rejected;
    private long sessionlessExpired;
    private long sentBytes;
    private long flushes;
    private long stale;
    private long staleClosed;
    private long throttledOps;
    private long throttleWaits;
    private long largeRejected;
    private long connectRequests;
    private long revalidations;
    private long dropped;
    private int lastResponseBytes = -1;
    private int minResponseBytes = -1;
    private int maxResponseBytes = -1;

    /** A request of {@code bytes} has come. */
    public void onReceived(int bytes) {
        received++;
        receivedBytes += bytes;
    }

    /** A reply or event of {@code bytes} is to be sent. */
    public void onSent(int bytes) {
        sent++;
        sentBytes += bytes;
        lastResponseBytes = bytes;
        minResponseBytes = minResponseBytes < 0 ? bytes : Math.min(minResponseBytes, bytes);
        maxResponseBytes = Math.max(maxResponseBytes, bytes);
    }

    /** Something is handed to a client's socket. */
    public void onFlush() {
        flushes++;
    }

    /** A request has its reply, so many milliseconds after it came. */
    public void onAnswered(long millis, boolean write) {
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

    void onStale(boolean closed) {
        stale++;
        staleClosed += closed ? 1 : 0;
    }

    void onThrottledOp() {
        throttledOps++;
    }

    void onThrottleWait() {
        throttleWaits++;
    }

    void onLargeRejected() {
        largeRejected++;
    }

    void onConnectRequest(boolean isNew) {
        connectRequests++;
        revalidations += isNew ? 0 : 1;
    }

    void onDropped() {
        dropped++;
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

    /** Milliseconds of requests that one server answers alone. */
    public Distribution readLatency() {
        return readLatency;
    }

    /** Milliseconds of requests that the ensemble agrees upon. */
    public Distribution writeLatency() {
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

    /** The bytes of the replies and events that were sent. */
    public long sentBytes() {
        return sentBytes;
    }

    /**
     * Times that something was handed to a client's socket: seldom more often than it had to be.
     */
    public long flushes() {
        return flushes;
    }

    /** Times that requests had waited longer than their session lasts. */
    public long stale() {
        return stale;
    }

    /** Of those, the times that the connection was closed for it. */
    public long staleClosed() {
        return staleClosed;
    }

    /** Requests that were answered with an error since they had waited too long. */
    public long throttledOps() {
        return throttledOps;
    }

    /** Times that a connection was not read since there were enough requests in flight. */
    public long throttleWaits() {
        return throttleWaits;
    }

    /** Connections that were closed for one large request too many. */
    public long largeRejected() {
        return largeRejected;
    }

    /** Clients that asked for a session. */
    public long connectRequests() {
        return connectRequests;
    }

    /** Of those, the clients that had one already. */
    public long revalidations() {
        return revalidations;
    }

    /** Clients that were turned away since too many came at once. */
    public long dropped() {
        return dropped;
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
