package vivarium.storage;

import java.io.IOException;
import java.io.OutputStream;
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
    private final SnapshotSettings settings;
    private final long zxid;
    private final String unfinished;
    private final DiskFile file;
    private final OutputStream packed;
    private final JuteWriter out = new JuteWriter(4 << 10);
    private final Adler32 adler = new Adler32();

    SnapshotWriter(Disk disk, SnapshotSettings settings, SnapshotHead head) throws IOException {
        this.disk = disk;
        this.settings = settings;
        this.zxid = head.zxid();
        this.unfinished = Snapshots.UNFINISHED + FileNames.of(FileNames.SNAPSHOT, head.zxid());
        if (disk.exists(unfinished)) {
            disk.delete(unfinished);
        }
        this.file = disk.create(unfinished);
        try {
            this.packed = settings.packing().into(new IntoFile());
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
        if (settings.digest()) {
            out.int64(tail.zxid());
            out.int32(Digest.VERSION);
            out.int64(tail.digest());
            seal();
        }
        if (settings.zxid()) {
            out.int64(zxid);
            seal();
        }
        flush();
        packed.close();
        file.force();
        file.close();
        String name = FileNames.of(FileNames.SNAPSHOT, zxid) + settings.packing().ending();
        disk.rename(unfinished, name);
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
        packed.write(out.array(), 0, out.length());
        adler.update(out.array(), 0, out.length());
        out.reset();
    }

    /** Where the file's bytes come from; it is closed only when they are durable. */
    private final class IntoFile extends OutputStream {
        private long position;

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int count) throws IOException {
            file.write(position, source, offset, count);
            position += count;
        }
    }
}
