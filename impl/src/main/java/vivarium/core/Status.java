package vivarium.core;

/**
 * How a peer is at one moment.
 *
 * @param readOnly whether it serves, without an ensemble, clients that only read
 * @param alone whether it is an ensemble of one
 * @param digest that of the tree at {@code lastProcessedZxid}
 * @param nodeCount ZooKeeper's count of znodes, in which the root counts twice
 * @param approximateDataSize bytes of all paths and data
 * @param outstanding requests that wait for an answer
 */
public record Status(
        PhaseName phase,
        boolean readOnly,
        boolean alone,
        long lastProcessedZxid,
        long digest,
        int nodeCount,
        int ephemeralCount,
        long approximateDataSize,
        int sessionCount,
        int outstanding,
        int watchCount,
        int watchedPathCount,
        int watcherCount) {}
