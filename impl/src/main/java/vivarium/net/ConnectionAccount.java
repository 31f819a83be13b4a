package vivarium.net;

import java.net.InetSocketAddress;

/** What is counted and remembered of one connection, for operators. */
final class ConnectionAccount {
    private final long establishedMillis;
    private final Latency latency = new Latency();
    private long received;
    private OperationName lastOperation = OperationName.NONE;
    private int lastCxid;
    private long lastZxid;
    private long lastResponseMillis;
    private long lastLatencyMillis;

    /** On the loop's clock. */
    private long heardMillis;

    /**
     * @param establishedMillis when the connection was accepted, wall clock
     */
    ConnectionAccount(long establishedMillis, long nowMillis) {
        this.establishedMillis = establishedMillis;
        this.heardMillis = nowMillis;
    }

    void onReceived(long nowMillis) {
        received++;
        heardMillis = nowMillis;
    }

    void onSession() {
        lastOperation = OperationName.SESSION;
    }

    void onAnswered(OperationName name, int cxid, long zxid, long nowMillis, long latencyMillis) {
        lastOperation = name;
        lastCxid = cxid;
        lastZxid = zxid;
        lastResponseMillis = nowMillis;
        lastLatencyMillis = latencyMillis;
        latency.add(latencyMillis);
    }

    /** When the client was last heard of. */
    long heardMillis() {
        return heardMillis;
    }

    void reset() {
        received = 0;
        latency.reset();
    }

    /** What is known, together with what only the connection itself knows. */
    ConnectionReport report(
            long number,
            InetSocketAddress remote,
            boolean reading,
            long queued,
            long sent,
            long sessionId,
            int timeoutMillis) {
        return new ConnectionReport(
                number,
                remote,
                reading,
                queued,
                received,
                sent,
                sessionId,
                timeoutMillis,
                lastOperation,
                establishedMillis,
                heardMillis,
                lastCxid,
                lastZxid,
                lastResponseMillis,
                lastLatencyMillis,
                latency);
    }
}
