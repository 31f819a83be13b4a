package vivarium.core.watch;

/** The kinds of watch that one connection can have on one path, as bits of a set. */
public final class WatchMode {
    /** Once, for the znode itself: left by getData and exists. */
    public static final int DATA = 1;

    /** Once, for the children: left by getChildren. */
    public static final int CHILD = 2;

    /** For ever, for the znode and its children. */
    public static final int PERSISTENT = 4;

    /** For ever, for the znode and all below it, but not for lists of children. */
    public static final int RECURSIVE = 8;

    /** What ZooKeeper's servers keep in the table of data watches, which is the one they list. */
    public static final int DATA_TABLE = DATA | PERSISTENT | RECURSIVE;

    static final int ONCE = DATA | CHILD;

    private WatchMode() {}

    /** The modes that an event of this type on the very path is told to. */
    static int concernedBy(WatchEvent.Type type) {
        return switch (type) {
            case CREATED, DATA_CHANGED -> DATA | PERSISTENT | RECURSIVE;
            case DELETED -> DATA | CHILD | PERSISTENT | RECURSIVE;
            case CHILDREN_CHANGED -> CHILD | PERSISTENT;
        };
    }
}
