package vivarium.core.zab;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Acl;

/** A leader's replica, put together from the pieces in which it comes. */
final class ReceivedReplica {
    /** The list's id of a znode with which anybody may do anything. */
    private static final long OPEN = -1;

    /** A list that is not told belongs to a znode that a proposal still to come has made. */
    private static final List<Acl> NOBODY = List.of(new Acl(0, "world", "anyone"));

    private final Replica replica;
    private final TreeMap<Long, List<Acl>> acls = new TreeMap<>();
    private final long zxid;
    private boolean whole;

    ReceivedReplica(boolean extendedTypes, long zxid) {
        this.replica = Replica.unloaded(extendedTypes);
        this.zxid = zxid;
    }

    /** Takes a piece; false if it does not fit. */
    boolean take(Message.SnapPart part) {
        return switch (part) {
            case Message.SnapHead head -> {
                for (SnapshotHead.SessionEntry session : head.head().sessions()) {
                    replica.loadSession(session.id(), session.timeoutMillis());
                }
                for (SnapshotHead.AclEntry acl : head.head().acls()) {
                    acls.put(acl.id(), acl.acl());
                }
                yield true;
            }
            case Message.SnapZnodes znodes -> load(znodes.znodes());
            case Message.SnapTail _ -> {
                replica.loaded(zxid);
                whole = true;
                yield true;
            }
        };
    }

    private boolean load(List<Message.SnapZnode> znodes) {
        for (Message.SnapZnode znode : znodes) {
            List<Acl> acl = acls.get(znode.aclId());
            if (acl == null && znode.aclId() != OPEN) {
                acl = NOBODY;
            }
            if (!replica.tree().load(znode.path(), znode.data(), acl, znode.stat())) {
                return false;
            }
        }
        return true;
    }

    /** The replica, null while pieces are missing. */
    @Nullable Replica whole() {
        return whole ? replica : null;
    }
}
