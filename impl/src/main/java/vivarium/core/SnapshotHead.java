package vivarium.core;

import java.util.List;
import vivarium.core.tree.Acl;

/**
 * What stands in a snapshot before its znodes.
 *
 * @param zxid the last transaction whose effects it has; it has all of them and no others
 * @param replaces whether it replaces all that this server had: when it is safe on disk, every
 *     older snapshot and log file goes, since they may contradict it
 * @param sessions every session, by ascending id
 * @param acls every access list that a znode may refer to
 */
public record SnapshotHead(
        long zxid, boolean replaces, List<SessionEntry> sessions, List<AclEntry> acls) {
    /** One session. */
    public record SessionEntry(long id, int timeoutMillis) {}

    /** One access list; ids start at 1. */
    public record AclEntry(long id, List<Acl> acl) {}
}
