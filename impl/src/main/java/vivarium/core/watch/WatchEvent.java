package vivarium.core.watch;

import vivarium.core.tree.Path;

/**
 * What a watch tells its owner.
 *
 * @param zxid the transaction that changed the znode; {@link #UNKNOWN_ZXID} where a watch that was
 *     set again had missed it
 */
public record WatchEvent(Type type, Path path, long zxid) {
    /** The zxid of an event that is told late. */
    public static final long UNKNOWN_ZXID = -1;

    /** What happened, with its code on the wire. */
    public enum Type {
        CREATED(1),
        DELETED(2),
        DATA_CHANGED(3),
        CHILDREN_CHANGED(4);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** The code on the wire. */
        public int code() {
            return code;
        }
    }
}
