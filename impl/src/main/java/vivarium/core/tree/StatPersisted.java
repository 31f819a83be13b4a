package vivarium.core.tree;

/**
 * The stat of a znode as snapshots keep it: {@code cversion} counts creations of children only, and
 * {@code ephemeralOwner} may carry the mark of a container or a time to live (see {@link Owner}).
 */
public record StatPersisted(
        long czxid,
        long mzxid,
        long ctimeMillis,
        long mtimeMillis,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        long pzxid)
        implements PersistedStat {

    /** The stat of the znodes that every tree is born with. */
    public static final StatPersisted ZERO = new StatPersisted(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
