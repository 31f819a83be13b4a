package vivarium.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;
import vivarium.core.Check;
import vivarium.core.txn.Proposal;
import vivarium.wire.JuteWriter;
import vivarium.wire.TxnCodec;

/**
 * The transaction log, as it is written. Proposals are gathered by {@link #append} and go to the
 * disk in one write and one force by {@link #force}; only then are they durable.
 *
 * <p>After an {@link IOException} the batch is still there, and the next {@link #force} writes all
 * of it again from where it began. That is needed even if only the force had failed: an operating
 * system may forget that it could not write a page.
 *
 * <p>A new file begins with the first append after a start or a {@link #roll}. The file before it
 * was forced by then, so only the last file can have a torn end.
 */
public final class TxnLog implements Closeable {
    /**
     * A batch that has grown to this goes to the disk without waiting for {@link #force}. No torn
     * write is much longer, which recovery relies upon.
     */
    static final int MAX_BATCH_BYTES = 8 << 20;

    /** The batch's array is given back when it has grown beyond this. */
    private static final int KEPT_BATCH_BYTES = 1 << 20;

    /** A file is extended when so little is left of it. */
    private static final int SLACK_BYTES = 4096;

    /** How far ahead of the records zeros are written, and in which pieces. */
    private static final int ZEROS_AHEAD_BYTES = 1 << 20;

    private static final int ZEROS_BYTES = 64 << 10;

    /** A batch of this size needs no zeros ahead. */
    private static final int LARGE_BATCH_BYTES = 64 << 10;

    private final Disk disk;
    private final LogSettings settings;
    private final JuteWriter batch = new JuteWriter(64 << 10);
    private final Adler32 adler = new Adler32();

    private @Nullable DiskFile file;

    /** Whether the current file's name is durable. */
    private boolean named;

    /** Where the batch begins in the file. */
    private long end;

    private long allocated;

    /** Up to where the disk has found room for the file, and not only promised it. */
    private long zeroed;

    /** Its first record's zxid names the next file. */
    private long firstOfBatch;

    private long lastAppended;
    private long lastForced;
    private long bytesSinceRoll;

    /**
     * A log that goes on behind {@code lastZxid}, the last one that recovery has found.
     *
     * @param disk dataLogDir/version-2
     */
    public TxnLog(Disk disk, LogSettings settings, long lastZxid) {
        this.disk = disk;
        this.settings = settings;
        this.lastAppended = lastZxid;
        this.lastForced = lastZxid;
    }

    /**
     * Adds a proposal to the batch. If the batch is full it is written and forced first.
     *
     * @throws IOException if a full batch could not be written; the proposal has not been added
     */
    public void append(Proposal proposal) throws IOException {
        Check.less(lastAppended, proposal.zxid(), "LoggedZxidsGrow");
        if (batch.length() >= MAX_BATCH_BYTES) {
            force();
        }
        if (batch.length() == 0) {
            firstOfBatch = proposal.zxid();
        }
        int start = batch.length();
        batch.zeros(LogFormat.PREFIX_BYTES);
        TxnCodec.write(batch, proposal);
        int entry = start + LogFormat.PREFIX_BYTES;
        int length = batch.length() - entry;
        adler.reset();
        adler.update(batch.array(), entry, length);
        batch.patchInt64(start, adler.getValue());
        batch.patchInt32(start + LogFormat.CHECKSUM_BYTES, length);
        batch.int8(LogFormat.MARK);
        lastAppended = proposal.zxid();
    }

    /** Whether there is something to force. */
    public boolean isPending() {
        return batch.length() > 0;
    }

    /** The newest zxid that would survive a power cut. */
    public long lastForced() {
        return lastForced;
    }

    /** The newest zxid that was appended. */
    public long lastAppended() {
        return lastAppended;
    }

    /** How many bytes were appended since the log was last rolled. */
    public long bytesSinceRoll() {
        return bytesSinceRoll + batch.length();
    }

    /**
     * Makes all that was appended durable.
     *
     * @return the zxid up to which everything would survive a power cut
     * @throws IOException if it could not be made so, and the batch is kept for the next call; or
     *     if the file, which is long enough, can't be closed
     */
    public long force() throws IOException {
        if (batch.length() == 0) {
            return lastForced;
        }
        DiskFile open = file == null ? openNew() : file;
        if (!named) {
            // Together with the batch, so that it is written again if the force fails.
            JuteWriter header = new JuteWriter(LogFormat.HEADER_BYTES);
            LogFormat.header(header);
            open.write(0, header.array(), 0, header.length());
        }
        allocate(open, end + batch.length());
        open.write(end, batch.array(), 0, batch.length());
        if (settings.forceSync()) {
            open.force();
            if (!named) {
                disk.forceNames();
            }
        }
        named = true;
        end += batch.length();
        bytesSinceRoll += batch.length();
        batch.reset(KEPT_BATCH_BYTES);
        lastForced = lastAppended;
        if (settings.longFileBytes() > 0 && end > settings.longFileBytes()) {
            closeFile();
        }
        return lastForced;
    }

    private DiskFile openNew() throws IOException {
        DiskFile created = disk.create(FileNames.of(FileNames.LOG, firstOfBatch));
        file = created;
        named = false;
        end = LogFormat.HEADER_BYTES;
        allocated = LogFormat.HEADER_BYTES;
        zeroed = LogFormat.HEADER_BYTES;
        return created;
    }

    /**
     * Room ahead keeps the file's length, which has to be forced too, from changing each time.
     * Zeros written into it keep the file system from having to find blocks, and to write down
     * where they are, in each force; docs/performance.md has what that saves, and it costs each
     * byte twice. A large batch finds its blocks itself, for many proposals at a time.
     */
    private void allocate(DiskFile open, long needed) throws IOException {
        long step = settings.preAllocBytes();
        if (step <= 0) {
            return;
        }
        if (needed + SLACK_BYTES >= allocated) {
            long wanted = allocated;
            while (needed + SLACK_BYTES >= wanted) {
                wanted += step;
            }
            open.extend(wanted);
            allocated = wanted;
        }
        if (batch.length() < LARGE_BATCH_BYTES && needed + SLACK_BYTES >= zeroed) {
            long until = Math.min(allocated, needed + ZEROS_AHEAD_BYTES);
            byte[] zeros = new byte[ZEROS_BYTES];
            for (long at = Math.max(zeroed, needed); at < until; at += ZEROS_BYTES) {
                open.write(at, zeros, 0, (int) Math.min(ZEROS_BYTES, until - at));
            }
            zeroed = until;
        }
    }

    /** Ends the current file once its last batch is durable; the next append begins another. */
    public void roll() throws IOException {
        force();
        closeFile();
        bytesSinceRoll = 0;
    }

    private void closeFile() throws IOException {
        DiskFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    /**
     * Removes every record behind {@code zxid}, durably. The newest go first, so that what a power
     * cut leaves of the log never has a hole.
     *
     * @param snapshotZxid the newest whole snapshot that is not behind {@code zxid}, -1 for none:
     *     where all log files begin behind {@code zxid}, what is left is the snapshot
     * @throws IOException if there are log files but neither one that could hold {@code zxid} nor
     *     such a snapshot; nothing has been removed then
     */
    public void truncate(long zxid, long snapshotZxid) throws IOException {
        force();
        closeFile();
        List<FileNames.Named> files = LogFiles.list(disk);
        int keep = LogFiles.holding(files, zxid);
        if (keep < 0 && snapshotZxid < 0 && !files.isEmpty()) {
            throw new DamageException(
                    "No log file in "
                            + disk.place()
                            + " reaches back to zxid 0x"
                            + Long.toHexString(zxid)
                            + ", so the log can't be cut there.");
        }
        for (int i = files.size() - 1; i > keep; i--) {
            disk.delete(files.get(i).name());
            disk.forceNames();
        }
        if (keep >= 0) {
            cutBehind(files.get(keep).name(), zxid);
        }
        lastAppended = Math.min(lastAppended, zxid);
        lastForced = lastAppended;
    }

    /**
     * Removes every record, durably: a snapshot called {@code zxid}, which must be durable by now,
     * has replaced all that this server had. The log goes on behind it. What was appended and not
     * forced is forgotten.
     *
     * <p>The newest records go first, so that whatever a power cut leaves, recovery finds what the
     * snapshot says or this server's own history up to a point behind it.
     */
    public void restartBehind(long zxid) throws IOException {
        batch.reset(KEPT_BATCH_BYTES);
        closeFile();
        List<FileNames.Named> files = LogFiles.list(disk);
        for (int i = files.size() - 1; i >= 0; i--) {
            disk.delete(files.get(i).name());
            disk.forceNames();
        }
        lastAppended = zxid;
        lastForced = zxid;
        bytesSinceRoll = 0;
    }

    private void cutBehind(String name, long zxid) throws IOException {
        try (DiskFile open = disk.open(name, true)) {
            LogReader reader = new LogReader(open, name);
            long position = LogFormat.HEADER_BYTES;
            long last = -1;
            while (last < zxid && reader.next()) {
                if (reader.zxid() > zxid) {
                    break;
                }
                last = reader.zxid();
                position = reader.nextPosition();
            }
            if (last < zxid && reader.end() == LogReader.End.BROKEN) {
                throw new DamageException(
                        name
                                + " is damaged at offset "
                                + reader.position()
                                + ", so it can't be cut behind zxid 0x"
                                + Long.toHexString(zxid)
                                + ": more would be lost.");
            }
            open.truncate(position);
            open.force();
        }
    }

    /** Makes what is pending durable and closes the file. */
    @Override
    public void close() throws IOException {
        try {
            force();
        } finally {
            closeFile();
        }
    }
}
