package vivarium.core.tree;

/**
 * What a snapshot keeps of a znode's stat, read where it stands: in the tree, in a proposal that is
 * outstanding, or in a record of its own, {@link StatPersisted}.
 */
public interface PersistedStat {
    long czxid();

    long mzxid();

    long ctimeMillis();

    long mtimeMillis();

    int version();

    /** How many children were ever created. */
    int cversion();

    int aversion();

    /** The session, or a mark: see {@link Owner}. */
    long ephemeralOwner();

    long pzxid();
}
