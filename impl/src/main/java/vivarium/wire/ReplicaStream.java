package vivarium.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Acl;
import vivarium.core.zab.Message;

/**
 * The replica that follows a SNAP, read as it arrives. What is kept between one fragment and the
 * next is what has been understood and not been handed over yet: the sessions and access lists, and
 * never more than a few znodes.
 */
final class ReplicaStream {
    /** How many znodes are handed over in one piece, at most. */
    private static final int MOST_ZNODES = 256;

    private final PartialReader in;
    private final long zxid;
    private final List<SnapshotHead.SessionEntry> sessions = new ArrayList<>();
    private final List<SnapshotHead.AclEntry> acls = new ArrayList<>();
    private List<Message.SnapZnode> znodes = new ArrayList<>();
    private Part part = Part.SESSION_COUNT;

    /** How many sessions or access lists are to come. */
    private int left;

    private long aclId;
    private List<Acl> acl = new ArrayList<>();
    private int aclLeft;

    private enum Part {
        SESSION_COUNT,
        SESSIONS,
        ACL_COUNT,
        ACL_HEAD,
        ACL_ENTRIES,
        ZNODES,
        SIGNATURE,
        END
    }

    ReplicaStream(PartialReader in, long zxid) {
        this.in = in;
        this.zxid = zxid;
    }

    /**
     * Reads as far as the bytes go.
     *
     * @return true at the end of the replica, false if more bytes are needed
     */
    boolean read(Consumer<Message> to) throws MalformedException {
        try {
            while (part != Part.END) {
                element(to);
                in.next();
            }
            return true;
        } catch (MalformedException e) {
            if (!in.isCut()) {
                throw e;
            }
            handOver(to);
            return false;
        }
    }

    private void element(Consumer<Message> to) throws MalformedException {
        switch (part) {
            case SESSION_COUNT -> {
                left = SnapshotCodec.sessionCount(in);
                part = Part.SESSIONS;
            }
            case SESSIONS -> {
                if (left > 0) {
                    sessions.add(SnapshotCodec.session(in));
                    left--;
                } else {
                    part = Part.ACL_COUNT;
                }
            }
            case ACL_COUNT -> {
                left = SnapshotCodec.aclCount(in);
                part = Part.ACL_HEAD;
            }
            case ACL_HEAD -> aclHead(to);
            case ACL_ENTRIES -> aclEntry();
            case ZNODES -> znode(to);
            case SIGNATURE -> {
                Bytes signature = in.buffer();
                if (signature == null || !signature.equals(QuorumCodec.SIGNATURE)) {
                    throw new MalformedException("no signature behind the replica");
                }
                part = Part.END;
                to.accept(new Message.SnapTail());
            }
            case END -> throw new IllegalStateException("read on behind its end");
        }
    }

    private void aclHead(Consumer<Message> to) throws MalformedException {
        if (left > 0) {
            long id = in.int64();
            aclLeft = in.int32();
            aclId = id;
            acl = new ArrayList<>();
            left--;
            part = Part.ACL_ENTRIES;
            return;
        }
        part = Part.ZNODES;
        to.accept(new Message.SnapHead(new SnapshotHead(zxid, true, sessions, acls)));
    }

    private void aclEntry() throws MalformedException {
        if (aclLeft > 0) {
            acl.add(in.aclEntry());
            aclLeft--;
            return;
        }
        acls.add(new SnapshotHead.AclEntry(aclId, acl));
        part = Part.ACL_HEAD;
    }

    private void znode(Consumer<Message> to) throws MalformedException {
        SnapshotCodec.ZnodeRecord znode = SnapshotCodec.znode(in);
        if (znode == null) {
            handOver(to);
            part = Part.SIGNATURE;
            return;
        }
        znodes.add(new Message.SnapZnode(znode.path(), znode.data(), znode.aclId(), znode.stat()));
        if (znodes.size() == MOST_ZNODES) {
            handOver(to);
        }
    }

    private void handOver(Consumer<Message> to) {
        if (!znodes.isEmpty()) {
            List<Message.SnapZnode> piece = znodes;
            znodes = new ArrayList<>();
            to.accept(new Message.SnapZnodes(piece));
        }
    }
}
