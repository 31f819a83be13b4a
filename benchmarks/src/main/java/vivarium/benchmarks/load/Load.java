package vivarium.benchmarks.load;

import java.time.Duration;

/**
 * A load of a fixed length.
 *
 * @param outstanding how many requests are unanswered at any time: each answer is followed by the
 *     next request. With a rate it is ignored
 * @param ratePerSecond requests sent a second, whether or not the earlier ones have been answered;
 *     0 for as many as {@code outstanding} allows
 * @param connections over how many connections, each with a session of its own, they are spread
 * @param valueBytes the length of the values
 * @param watched how many znodes each connection watches, where the workload is {@link
 *     Workload#WATCHES}: {@code outstanding} of them are set at a time
 */
public record Load(
        Workload workload,
        int outstanding,
        int ratePerSecond,
        int connections,
        int valueBytes,
        Duration warmUp,
        Duration measured,
        int watched) {

    /** How many connections a load has that does not say: one request at a time needs one. */
    public static final int USUAL_CONNECTIONS = 8;

    /** A load in which, if there are watches, all that are watched are set at a time. */
    public Load(
            Workload workload,
            int outstanding,
            int ratePerSecond,
            int connections,
            int valueBytes,
            Duration warmUp,
            Duration measured) {
        this(
                workload,
                outstanding,
                ratePerSecond,
                connections,
                valueBytes,
                warmUp,
                measured,
                outstanding);
    }

    public Load {
        if (connections < 1
                || valueBytes < 0
                || ratePerSecond < 0
                || (ratePerSecond == 0 && outstanding < (workload.isSpread() ? connections : 1))
                || (ratePerSecond > 0 && !workload.isSpread())
                || measured.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "a load needs time, at least one connection, and a request for each of them;"
                            + " sessions and watches have no rate");
        }
        if (workload == Workload.WATCHES
                && (watched < outstanding || watched > LoadGenerator.ZNODES)) {
            throw new IllegalArgumentException(
                    "what is set is watched, and at most "
                            + LoadGenerator.ZNODES
                            + " znodes are there to be watched");
        }
        if (outstanding / connections >= LoadConnection.MAX_IN_FLIGHT) {
            throw new IllegalArgumentException(
                    "at most " + (LoadConnection.MAX_IN_FLIGHT - 1) + " outstanding a connection");
        }
    }

    /** The usual number of connections for so many outstanding requests. */
    public static int connectionsFor(int outstanding) {
        return Math.min(outstanding, USUAL_CONNECTIONS);
    }
}
