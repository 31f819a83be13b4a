package vivarium.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Zxid;
import vivarium.core.txn.Proposal;

/**
 * The log as it is read while it is written, for learners that are behind: in portions, between two
 * writes, by whoever writes it. It trusts nothing that recovery would not trust.
 */
public final class PastLog implements Closeable {
    /** A portion ends with the record that makes it as long as this, in bytes. */
    public static final int PORTION_BYTES = 1 << 20;

    private static final Portion NOTHING = new Portion(-1, List.of());

    private final Disk snapshots;
    private final Disk logs;
    private final LogSettings settings;
    private final double sizeFactor;
    private final int portionBytes;

    private @Nullable LogCursor cursor;

    /** Behind which the cursor goes on; what was read last, or -1. */
    private long lastZxid = -1;

    /** By ascending zxid, as they were when the cursor was opened. */
    private List<FileNames.Named> taken = List.of();

    /** Up to where the cursor may read: what is written behind it since, it would take for torn. */
    private long endZxid;

    /** Up to where the log is known to be the history that this server stands for. */
    private long vouchedZxid = -1;

    /**
     * A piece of the log.
     *
     * @param foundZxid the newest transaction in the log that is not newer than what was asked for;
     *     -1 if the log does not tell
     * @param proposals what follows it, without a gap
     */
    public record Portion(long foundZxid, List<Proposal> proposals) {}

    /**
     * @param snapshots dataDir/version-2
     * @param logs dataLogDir/version-2
     * @param sizeFactor how long the files may be from the learner's place on, as a part of the
     *     newest snapshot's length; where they are longer the snapshot is the shorter way. Below 0
     *     the log is never read. ZooKeeper's {@code snapshotSizeFactor}.
     * @param portionBytes {@link #PORTION_BYTES}, or less where a world is small
     */
    public PastLog(
            Disk snapshots, Disk logs, LogSettings settings, double sizeFactor, int portionBytes) {
        this.snapshots = snapshots;
        this.logs = logs;
        this.settings = settings;
        this.sizeFactor = sizeFactor;
        this.portionBytes = portionBytes;
    }

    /**
     * Reads what is behind {@code zxid}. One who goes on where the last portion ended gets the rest
     * however long it is.
     *
     * @param lastForced the last that is in the files now
     * @throws IOException if the log can't be read, or is damaged; the next call begins anew
     */
    public Portion read(long zxid, long lastForced) throws IOException {
        boolean goesOn = zxid == lastZxid;
        try {
            if (goesOn && cursor != null && lastZxid < endZxid) {
                return new Portion(zxid, fill(cursor, null));
            }
            return begin(zxid, lastForced, goesOn);
        } catch (IOException e) {
            forget();
            throw e;
        }
    }

    private Portion begin(long zxid, long lastForced, boolean isLengthy) throws IOException {
        forget();
        if (zxid >= lastForced) {
            return zxid == lastForced ? new Portion(zxid, List.of()) : NOTHING;
        }
        endZxid = lastForced;
        taken = Snapshots.list(snapshots);
        List<FileNames.Named> files = LogFiles.list(logs);
        int first = LogFiles.holding(files, zxid);
        int next = LogFiles.holding(files, zxid + 1);
        int start = first < 0 ? next : first;
        if (start < 0
                || isOlderThanSnapshots(files, start)
                || (!isLengthy && !isShorterThanSnapshot(files, start))) {
            return NOTHING;
        }
        long from = first < 0 ? zxid + 1 : zxid;
        LogCursor opened = new LogCursor(logs, settings, zxid, from);
        cursor = opened;
        Proposal behind = opened.next();
        if (behind == null) {
            // Something is safe that is not here, so what is here may have been replaced.
            forget();
            return NOTHING;
        }
        // Within an epoch the one that follows a transaction tells that it was there.
        boolean follows = Zxid.counter(zxid) > 0 && Zxid.epoch(behind.zxid()) == Zxid.epoch(zxid);
        long found = follows ? zxid : opened.lastUnwanted();
        boolean hasGap = !follows && isSnapshotBetween(found, behind.zxid());
        if (hasGap || !isVouchedFor(behind.zxid(), zxid, from)) {
            forget();
            return NOTHING;
        }
        return new Portion(found, fill(opened, behind));
    }

    /**
     * Whether the files may lack something between two transactions that stand side by side in
     * them: a snapshot may have come from a leader, and a crash have left logs that end before it.
     * Within an epoch that shows by the numbers, between two epochs by nothing but the snapshot.
     */
    private boolean isSnapshotBetween(long before, long behind) {
        for (FileNames.Named snapshot : taken) {
            if (before < snapshot.zxid() && snapshot.zxid() < behind) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a record of the log belongs to the history that this server stands for. The next
     * snapshot behind it does, and equal zxids mean equal histories up to there: so the log must
     * have the transaction that the snapshot is called by. It has not where a leader had sent the
     * snapshot and a crash left logs that it replaces: their end was perhaps never agreed upon.
     *
     * @param after behind which a cursor finds it that begins at {@code from}
     */
    private boolean isVouchedFor(long zxid, long after, long from) throws IOException {
        if (zxid <= vouchedZxid) {
            return true;
        }
        long voucher = Long.MAX_VALUE;
        for (FileNames.Named snapshot : taken.reversed()) {
            voucher = snapshot.zxid() >= zxid ? snapshot.zxid() : voucher;
        }
        if (voucher < Long.MAX_VALUE) {
            try (LogCursor ahead = new LogCursor(logs, settings, after, from)) {
                long at = -1;
                for (Proposal next = ahead.next(); next != null; next = ahead.next()) {
                    at = next.zxid();
                    if (at >= Math.min(voucher, endZxid)) {
                        break;
                    }
                }
                if (at != voucher) {
                    return false;
                }
            }
        }
        vouchedZxid = voucher;
        return true;
    }

    /** What no snapshot needs any more is on its way out, and so may be what tells of a gap. */
    private boolean isOlderThanSnapshots(List<FileNames.Named> files, int start) {
        return !taken.isEmpty() && start < LogFiles.holding(files, taken.getFirst().zxid());
    }

    private List<Proposal> fill(LogCursor open, @Nullable Proposal first) throws IOException {
        List<Proposal> proposals = new ArrayList<>();
        long bytes = 0;
        Proposal next = first == null ? open.next() : first;
        while (next != null) {
            boolean checked = first != null && proposals.isEmpty();
            if (!checked && !isVouchedFor(next.zxid(), lastZxid, lastZxid)) {
                throw new DamageException(
                        "The logs in "
                                + logs.place()
                                + " do not lead from 0x"
                                + Long.toHexString(lastZxid)
                                + " to the next snapshot, which stands for something else.");
            }
            proposals.add(next);
            lastZxid = next.zxid();
            bytes += open.entryBytes();
            next = bytes < portionBytes && lastZxid < endZxid ? open.next() : null;
        }
        return proposals;
    }

    private boolean isShorterThanSnapshot(List<FileNames.Named> files, int start)
            throws IOException {
        if (taken.isEmpty() || sizeFactor < 0) {
            return false;
        }
        double most = sizeFactor * length(snapshots, taken.getLast());
        long bytes = 0;
        for (int i = start; i < files.size(); i++) {
            bytes += length(logs, files.get(i));
        }
        return bytes <= most;
    }

    private static long length(Disk disk, FileNames.Named named) throws IOException {
        try (DiskFile file = disk.open(named.name(), false)) {
            return file.length();
        }
    }

    /** What was read is not what the log has any more. */
    public void forget() throws IOException {
        LogCursor open = cursor;
        cursor = null;
        lastZxid = -1;
        vouchedZxid = -1;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        forget();
    }
}
