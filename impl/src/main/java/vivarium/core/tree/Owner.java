package vivarium.core.tree;

/**
 * The field {@code ephemeralOwner} of a znode, which says what kind of znode it is: 0 for a plain
 * one, a session's id for an ephemeral one, and marks in the high bits for a container or a time to
 * live. Session ids never have 0xff as their top byte where times to live are in use.
 */
public final class Owner {
    /** A plain znode. */
    public static final long NONE = 0;

    /** A container: the leader deletes it when its last child has gone. */
    public static final long CONTAINER = 0x8000_0000_0000_0000L;

    /** The longest time to live, in milliseconds. */
    public static final long MAX_TTL_MILLIS = (1L << 40) - 1;

    private static final long TTL_MARK = 0xff00_0000_0000_0000L;

    private Owner() {}

    /** The owner field of a znode that lives for {@code ttlMillis} without a change or a child. */
    public static long ttl(long ttlMillis) {
        return TTL_MARK | ttlMillis;
    }

    /** Whether this is the owner field of a znode with a time to live. */
    public static boolean isTtl(long owner) {
        return (owner & TTL_MARK) == TTL_MARK;
    }

    /** The time to live in milliseconds. */
    public static long ttlMillis(long owner) {
        return owner & MAX_TTL_MILLIS;
    }

    /**
     * Whether the leader may remove a znode without children: a container that has had one, or has
     * been waiting for one too long, or a znode whose time to live has gone by without a change. It
     * must be asked of what the znode will be when all that is under way is committed: a change may
     * have come meanwhile.
     *
     * @param created how many children it has had
     * @param idleMillis how long it has not been changed
     * @param neverUsedMillis how long a container may wait for its first child; 0 for ever
     */
    public static boolean isOver(
            long owner, boolean extendedTypes, int created, long idleMillis, long neverUsedMillis) {
        if (owner == CONTAINER) {
            return created > 0 || (neverUsedMillis != 0 && idleMillis > neverUsedMillis);
        }
        return extendedTypes && isTtl(owner) && idleMillis > ttlMillis(owner);
    }

    /** The session that the znode dies with, 0 where it is not ephemeral. */
    public static long session(long owner, boolean extendedTypes) {
        if (owner == CONTAINER || (extendedTypes && isTtl(owner))) {
            return 0;
        }
        return owner;
    }
}
