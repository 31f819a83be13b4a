package vivarium.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Zxid;
import vivarium.core.txn.Proposal;
import vivarium.wire.MalformedException;
import vivarium.wire.TxnCodec;

/**
 * The proposals of the log behind a zxid, in order, over all files. It holds one record and a
 * window of one file in memory.
 *
 * <p>Nothing may be missing: within an epoch each zxid is one more than the last, and the first of
 * an epoch has the counter 1. Where that does not hold, a part of the log is lost and the cursor
 * refuses to go on.
 */
public final class LogCursor implements Closeable {
    private final Disk disk;
    private final List<FileNames.Named> files;
    private final LogSettings settings;
    private final TxnCodec codec = new TxnCodec(Integer.MAX_VALUE);
    private final List<String> findings = new ArrayList<>();
    private final long after;

    private int index;
    private @Nullable DiskFile file;
    private @Nullable LogReader reader;

    /** The last zxid read, wanted or not; the order is checked against it. */
    private long lastRead = -1;

    /** The last zxid read that is not wanted. */
    private long lastUnwanted = -1;

    /** The last zxid returned. */
    private long lastReturned;

    /** How a file before the current one ended, if not cleanly. */
    private @Nullable BrokenEnd brokenEnd;

    private @Nullable Proposal current;

    /** Where whole records end in the last file. */
    private @Nullable TornEnd tornEnd;

    /** What stands behind the last whole record of a file. */
    private record BrokenEnd(String file, long position, LogTail.Verdict verdict) {}

    /**
     * Where a torn write begins.
     *
     * @param position the file's length once it is cut off
     */
    record TornEnd(String file, long position) {}

    /**
     * A cursor before the first proposal behind {@code after}.
     *
     * @param disk dataLogDir/version-2
     */
    public LogCursor(Disk disk, LogSettings settings, long after) throws IOException {
        this(disk, settings, after, after + 1);
    }

    /** The same, which begins to read in the last file that may hold {@code from}. */
    LogCursor(Disk disk, LogSettings settings, long after, long from) throws IOException {
        this.disk = disk;
        this.settings = settings;
        this.after = after;
        this.lastReturned = after;
        this.files = LogFiles.list(disk);
        this.index = Math.max(0, LogFiles.holding(files, from));
    }

    /**
     * Goes to the next proposal.
     *
     * @return null behind the last
     * @throws DamageException if a part of the log is damaged or missing
     */
    public @Nullable Proposal next() throws IOException {
        while (index < files.size()) {
            LogReader open = reader == null ? openFile() : reader;
            if (!open.next()) {
                endOfFile(open);
            } else if (isWanted(open)) {
                current = decode(open);
                return current;
            }
        }
        current = null;
        refuseIfBroken();
        return null;
    }

    private LogReader openFile() throws IOException {
        String name = files.get(index).name();
        DiskFile opened = disk.open(name, false);
        file = opened;
        LogReader created = new LogReader(opened, name);
        reader = created;
        return created;
    }

    /** The order is that of zxids, and nothing is left out. */
    private boolean isWanted(LogReader open) throws DamageException {
        long zxid = open.zxid();
        if (lastRead != -1 && zxid <= lastRead) {
            throw damage(open, "zxid 0x" + hex(zxid) + " stands behind 0x" + hex(lastRead));
        }
        lastRead = zxid;
        if (zxid <= after) {
            lastUnwanted = zxid;
            return false;
        }
        if (!follows(lastReturned, zxid)) {
            refuseIfBroken();
            throw damage(
                    open,
                    "zxid 0x"
                            + hex(zxid)
                            + " can't follow 0x"
                            + hex(lastReturned)
                            + ": the transactions between them are missing");
        }
        BrokenEnd broken = brokenEnd;
        if (broken != null && Zxid.epoch(zxid) != Zxid.epoch(lastReturned)) {
            if (!broken.verdict().isTorn()) {
                refuseIfBroken();
            }
        }
        brokenEnd = null;
        lastReturned = zxid;
        return true;
    }

    /** Whether there can be no transaction between the two. */
    static boolean follows(long before, long zxid) {
        return Zxid.epoch(before) == Zxid.epoch(zxid)
                ? zxid == before + 1
                : zxid > before && Zxid.counter(zxid) == 1;
    }

    private Proposal decode(LogReader open) throws DamageException {
        if (open.entryLength() > settings.maxRecordBytes()) {
            findings.add(
                    place(open)
                            + ": the record of zxid 0x"
                            + hex(open.zxid())
                            + " has "
                            + open.entryLength()
                            + " bytes, more than an Apache server would read with this"
                            + " jute.maxbuffer.");
        }
        try {
            return codec.read(open.array(), open.entryAt(), open.entryLength());
        } catch (MalformedException e) {
            throw damage(
                    open,
                    "zxid 0x"
                            + hex(open.zxid())
                            + " has a right checksum and no known meaning ("
                            + e.reason()
                            + "); was it written by a newer version?");
        }
    }

    private void endOfFile(LogReader open) throws IOException {
        DiskFile opened = file;
        String name = files.get(index).name();
        LogTail.Verdict verdict = null;
        if (opened != null) {
            verdict = LogTail.judge(opened, open.position(), Math.max(lastRead, 0));
        }
        if (verdict != null) {
            BrokenEnd before = brokenEnd;
            if (before == null || before.verdict().isTorn()) {
                // Damage is not forgotten over what comes behind it, unless that follows on.
                brokenEnd = new BrokenEnd(name, open.position(), verdict);
            }
            findings.add(
                    name
                            + " at offset "
                            + open.position()
                            + ", behind zxid 0x"
                            + hex(Math.max(lastRead, 0))
                            + ": "
                            + (verdict.isTorn() ? "a torn write." : verdict.damage() + "."));
        }
        boolean isLast = index == files.size() - 1;
        boolean isEmpty = open.position() <= LogFormat.HEADER_BYTES;
        boolean isTorn = verdict != null && verdict.isTorn();
        if (isLast && (isEmpty || isTorn)) {
            tornEnd = new TornEnd(name, open.position());
        }
        close();
        index++;
    }

    private void refuseIfBroken() throws DamageException {
        BrokenEnd broken = brokenEnd;
        if (broken == null || broken.verdict().isTorn()) {
            return;
        }
        throw new DamageException(
                disk.place()
                        + "/"
                        + broken.file()
                        + " is damaged at offset "
                        + broken.position()
                        + ", behind zxid 0x"
                        + hex(Math.max(lastRead, 0))
                        + ": "
                        + broken.verdict().damage()
                        + ". It was durable once, so it is not cut off. Restore the file, or empty"
                        + " this server's data directory if others of its ensemble have the data.");
    }

    private DamageException damage(LogReader open, String what) {
        return new DamageException(disk.place() + "/" + place(open) + ": " + what + ".");
    }

    private String place(LogReader open) {
        return files.get(index).name() + " at offset " + open.position();
    }

    private static String hex(long zxid) {
        return Long.toHexString(zxid);
    }

    /** The proposal that {@link #next} returned last. */
    public @Nullable Proposal current() {
        return current;
    }

    /** The last zxid before the wanted ones, -1 if none was seen. */
    long lastUnwanted() {
        return lastUnwanted;
    }

    /** How many bytes the current proposal takes in the file. */
    int entryBytes() {
        LogReader open = reader;
        return open == null ? 0 : open.entryLength();
    }

    /** Where the current proposal stands, for people. */
    public String place() {
        LogReader open = reader;
        return open == null ? disk.place() : place(open);
    }

    /** What was noticed on the way, for people. */
    public List<String> findings() {
        return List.copyOf(findings);
    }

    /** What is to be cut off the last file, once {@link #next} has returned null. */
    @Nullable TornEnd tornEnd() {
        return tornEnd;
    }

    @Override
    public void close() throws IOException {
        DiskFile opened = file;
        file = null;
        reader = null;
        if (opened != null) {
            opened.close();
        }
    }
}
