package vivarium.core;

import vivarium.core.tree.AclSchemes;

/**
 * What is decided before birth and never changes.
 *
 * @param extendedTypes whether znodes with a time to live exist; session ids must agree with it
 * @param skipAcl whether access lists are ignored
 * @param enforceQuota whether what would go beyond a quota's hard limit is refused
 * @param snapCount how many transactions at most come between two snapshots; the number is drawn
 *     between half of it and all of it, lest all servers take theirs at once
 * @param maxOutstanding how many requests may wait for an answer before those who ask more are
 *     throttled
 * @param recentProposals how many of the last committed proposals are kept in memory, for learners
 *     that are a little behind
 * @param containers how the leader removes znodes whose time is over
 * @param digests whether proposals say what the tree's digest is to be; with false, replicas can't
 *     be compared as they go
 * @param vouchedNew whether the operator says that this server, if its disk is empty, is new and
 *     has lost nothing: with it as their leader, a majority of new servers starts without the
 *     others
 * @param readOnlyMode whether a server that has lost its ensemble serves clients that only read
 * @param lastCounter the last zxid of an epoch has this counter; the leader opens another one then.
 *     {@link Zxid#LAST_COUNTER}, or less where a test has not got the time to count so far
 * @param firstZnodes how many znodes of a picture of the tree go out before the disk, or the link,
 *     has said what it can take
 * @param behindBytes how much of what is proposed may wait in memory, behind the history that a
 *     learner is being sent; one that takes that too slowly is given up
 * @param schemes of access lists that this server has besides its own
 */
public record Settings(
        Ensemble ensemble,
        Timing timing,
        boolean extendedTypes,
        boolean skipAcl,
        boolean enforceQuota,
        int snapCount,
        int maxOutstanding,
        int recentProposals,
        ContainerCheck containers,
        boolean digests,
        boolean vouchedNew,
        boolean readOnlyMode,
        long lastCounter,
        int firstZnodes,
        long behindBytes,
        AclSchemes schemes) {
    /** The usual number of znodes at a time. */
    public static final int FIRST_ZNODES = 1_000;

    /** The least that may wait behind a history on a server with any heap. */
    public static final long BEHIND_BYTES = 32L << 20;

    public Settings {
        Check.that(lastCounter > 0 && lastCounter <= Zxid.LAST_COUNTER, "CountersFit");
    }

    /** ZooKeeper's defaults. */
    public static Settings of(Ensemble ensemble, Timing timing) {
        return new Settings(
                ensemble,
                timing,
                false,
                false,
                false,
                100_000,
                1_000,
                500,
                ContainerCheck.every(60_000),
                true,
                false,
                false,
                Zxid.LAST_COUNTER,
                FIRST_ZNODES,
                BEHIND_BYTES,
                AclSchemes.NONE);
    }

    /** The same of a server of which the operator says that it is new. */
    public Settings vouched(boolean isNew) {
        return new Settings(
                ensemble,
                timing,
                extendedTypes,
                skipAcl,
                enforceQuota,
                snapCount,
                maxOutstanding,
                recentProposals,
                containers,
                digests,
                isNew,
                readOnlyMode,
                lastCounter,
                firstZnodes,
                behindBytes,
                schemes);
    }

    /**
     * The same with epochs of so many transactions, and pictures that begin with so many znodes.
     */
    public Settings with(long newLastCounter, int newFirstZnodes) {
        return new Settings(
                ensemble,
                timing,
                extendedTypes,
                skipAcl,
                enforceQuota,
                snapCount,
                maxOutstanding,
                recentProposals,
                containers,
                digests,
                vouchedNew,
                readOnlyMode,
                newLastCounter,
                newFirstZnodes,
                behindBytes,
                schemes);
    }
}
