package vivarium.storage;

import java.io.IOException;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.tree.Digest;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.wire.JuteWriter;
import vivarium.wire.SnapshotCodec;

/**
 * Writes one snapshot as it streams by. It has its name only when {@link #end} has returned: until
 * then it has another, which no reader takes for a snapshot's, so that a torn one can't be met.
 */
public final class SnapshotWriter {
    private static final int FLUSH_BYTES = 256 << 10;

    private final Disk disk;
    private final boolean withDigest;
    private final long zxid;
    private final String unfinished;
    private final DiskFile file;
    private final JuteWriter out = new JuteWriter(4 << 10);
    private final Adler32 adler = new Adler32();
    private long position;

    SnapshotWriter(Disk disk, boolean withDigest, SnapshotHead head) throws IOException {
        this.disk = disk;
        this.withDigest = withDigest;
        this.zxid = head.zxid();
        this.unfinished = Snapshots.UNFINISHED + FileNames.of(FileNames.SNAPSHOT, head.zxid());
        if (disk.exists(unfinished)) {
            disk.delete(unfinished);
        }
        this.file = disk.create(unfinished);
        try {
            head(head);
        } catch (IOException e) {
            abandon();
            throw e;
        }
    }

    private void head(SnapshotHead head) throws IOException {
        SnapshotCodec.fileHeader(out);
        out.int32(head.sessions().size());
        for (SnapshotHead.SessionEntry session : head.sessions()) {
            SnapshotCodec.session(out, session);
            flushIfLong();
        }
        out.int32(head.acls().size());
        for (SnapshotHead.AclEntry acl : head.acls()) {
            SnapshotCodec.acl(out, acl);
            flushIfLong();
        }
    }

    /**
     * Adds a znode; parents come before their children, the root first.
     *
     * @param aclId the access list's number in the head, -1 for the open one
     */
    public void znode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat)
            throws IOException {
        SnapshotCodec.znode(out, path, data, aclId, stat);
        flushIfLong();
    }

    /** Completes the snapshot; when this returns, it and its name are durable. */
    public void end(SnapshotTail tail) throws IOException {
        SnapshotCodec.endOfZnodes(out);
        seal();
        if (withDigest) {
            out.int64(tail.zxid());
            out.int32(Digest.VERSION);
            out.int64(tail.digest());
            seal();
        }
        out.int64(zxid);
        seal();
        flush();
        file.force();
        file.close();
        disk.rename(unfinished, FileNames.of(FileNames.SNAPSHOT, zxid));
        disk.forceNames();
    }

    /** Gives up, and removes what was written. */
    public void abandon() throws IOException {
        file.close();
        if (disk.exists(unfinished)) {
            disk.delete(unfinished);
        }
    }

    /** A checksum of all before it; it is itself a part of what the next one covers. */
    private void seal() throws IOException {
        flush();
        SnapshotCodec.seal(out, adler.getValue());
    }

    private void flushIfLong() throws IOException {
        if (out.length() >= FLUSH_BYTES) {
            flush();
        }
    }

    private void flush() throws IOException {
        file.write(position, out.array(), 0, out.length());
        adler.update(out.array(), 0, out.length());
        position += out.length();
        out.reset();
    }
}
