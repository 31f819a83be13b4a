package vivarium.net;

import java.net.InetSocketAddress;

/**
 * What is known about one connection, for operators.
 *
 * @param number what the core calls it
 * @param reading whether requests are taken from it now
 * @param queued requests without a reply, and messages that the client has not read
 * @param received requests that came
 * @param sent replies and events that were sent
 * @param sessionId 0 before there is a session
 * @param lastOperation the last request that was answered
 * @param establishedMillis when it was accepted, wall clock
 * @param heardMillis when the client was last heard of, on the loop's clock
 * @param lastCxid the number of the last request that was answered
 * @param lastZxid the zxid of the last reply
 * @param lastResponseMillis when the last request was answered, wall clock
 * @param lastLatencyMillis how long that one took
 * @param latency of all its requests
 */
public record ConnectionReport(
        long number,
        InetSocketAddress remote,
        boolean reading,
        long queued,
        long received,
        long sent,
        long sessionId,
        int timeoutMillis,
        OperationName lastOperation,
        long establishedMillis,
        long heardMillis,
        int lastCxid,
        long lastZxid,
        long lastResponseMillis,
        long lastLatencyMillis,
        Latency latency) {}
