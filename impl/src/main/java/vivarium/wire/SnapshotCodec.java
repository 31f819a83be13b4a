package vivarium.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead.AclEntry;
import vivarium.core.SnapshotHead.SessionEntry;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;

/** The parts of a snapshot, in the order in which they stand in it. */
public final class SnapshotCodec {
    /** "ZKSN". */
    private static final int MAGIC = 0x5a4b_534e;

    private static final int VERSION = 2;
    private static final long DATABASE = -1;

    /** The access list's id of a znode with which anyone may do anything. */
    public static final long OPEN_ACL = -1;

    /** The least that a session takes. */
    private static final int SESSION_BYTES = Long.BYTES + Integer.BYTES;

    private static final int LEAST_ACL_BYTES = Long.BYTES + Integer.BYTES;

    /** Behind a seal and behind the last znode. */
    private static final Path END = Path.ROOT;

    /**
     * The bytes that a seal and the znodes end with, and so every snapshot: a path of one slash.
     */
    public static final Bytes ENDING = Bytes.wrap(new byte[] {0, 0, 0, 1, '/'});

    private SnapshotCodec() {}

    /**
     * A znode of a snapshot.
     *
     * @param aclId the access list's number, {@link #OPEN_ACL} for the open one
     */
    public record ZnodeRecord(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {}

    /** What the file begins with. */
    public static void fileHeader(JuteWriter out) {
        out.int32(MAGIC);
        out.int32(VERSION);
        out.int64(DATABASE);
    }

    /**
     * Reads what the file begins with.
     *
     * @throws MalformedException if this is no snapshot
     */
    public static void fileHeader(JuteReader in) throws MalformedException {
        int magic = in.int32();
        int version = in.int32();
        in.int64();
        if (magic != MAGIC || version != VERSION) {
            throw new MalformedException(
                    "no snapshot: it begins with "
                            + Integer.toHexString(magic)
                            + ", version "
                            + version);
        }
    }

    /** How many sessions follow. */
    public static int sessionCount(JuteReader in) throws MalformedException {
        return in.count(SESSION_BYTES);
    }

    public static void session(JuteWriter out, SessionEntry session) {
        out.int64(session.id());
        out.int32(session.timeoutMillis());
    }

    public static SessionEntry session(JuteReader in) throws MalformedException {
        return new SessionEntry(in.int64(), in.int32());
    }

    /** How many access lists follow. */
    public static int aclCount(JuteReader in) throws MalformedException {
        return in.count(LEAST_ACL_BYTES);
    }

    public static void acl(JuteWriter out, AclEntry entry) {
        out.int64(entry.id());
        out.acl(entry.acl());
    }

    public static AclEntry acl(JuteReader in) throws MalformedException {
        long id = in.int64();
        List<Acl> acl = in.aclOrNull();
        return new AclEntry(id, acl == null ? List.of() : acl);
    }

    /** A znode; the root's path is written as an empty one. */
    public static void znode(
            JuteWriter out, Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {
        if (path.isRoot()) {
            out.int32(0);
        } else {
            out.path(path);
        }
        out.buffer(data);
        out.int64(aclId);
        out.int64(stat.czxid());
        out.int64(stat.mzxid());
        out.int64(stat.ctimeMillis());
        out.int64(stat.mtimeMillis());
        out.int32(stat.version());
        out.int32(stat.cversion());
        out.int32(stat.aversion());
        out.int64(stat.ephemeralOwner());
        out.int64(stat.pzxid());
    }

    /** The next znode, or null behind the last. */
    public static @Nullable ZnodeRecord znode(JuteReader in) throws MalformedException {
        Path path = in.path();
        if (path.equals(END)) {
            return null;
        }
        Bytes data = in.buffer();
        long aclId = in.int64();
        StatPersisted stat =
                new StatPersisted(
                        in.int64(),
                        in.int64(),
                        in.int64(),
                        in.int64(),
                        in.int32(),
                        in.int32(),
                        in.int32(),
                        in.int64(),
                        in.int64());
        return new ZnodeRecord(path.length() == 0 ? Path.ROOT : path, data, aclId, stat);
    }

    /** What stands behind the last znode. */
    public static void endOfZnodes(JuteWriter out) {
        out.path(END);
    }

    /** A checksum of all bytes before it. */
    public static void seal(JuteWriter out, long checksum) {
        out.int64(checksum);
        out.path(END);
    }

    /**
     * Reads a seal.
     *
     * @throws MalformedException if it is not for {@code checksum}
     */
    public static void seal(JuteReader in, long checksum) throws MalformedException {
        long sealed = in.int64();
        if (sealed != checksum) {
            throw new MalformedException(
                    "its checksum is "
                            + Long.toHexString(checksum)
                            + ", not "
                            + Long.toHexString(sealed));
        }
        Path end = in.path();
        if (!end.equals(END)) {
            throw new MalformedException("no end behind its checksum");
        }
    }
}
