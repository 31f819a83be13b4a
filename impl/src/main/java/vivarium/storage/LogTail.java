package vivarium.storage;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;
import vivarium.core.Zxid;

/**
 * What stands behind the last whole record of a log file, and whether it may be cut off.
 *
 * <p>It is either a torn write, which nobody was told of, or rot in what was once durable, which
 * must never be cut. A batch goes into zeros with one write. What a power cut leaves of it may have
 * lost its end, at any byte, and any of its sectors; zeros are in their place. From this follows
 * what is taken for what:
 *
 * <ul>
 *   <li>Only zeros: the clean end of the log.
 *   <li>A broken record and no whole one behind it: torn if it has lost its end or one of its
 *       sectors; else rot, such as a wrong checksum over a record that is all there.
 *   <li>A whole record stands behind the broken one: torn if a sector between the last good record
 *       and that one is lost, since all of it can then be one batch; else rot.
 *   <li>More bytes than one batch can have: rot.
 * </ul>
 *
 * <p>What can't be told from a torn write: rot that has turned a whole sector, or the very end, of
 * what was written last into zeros; and rot in a record that has a whole sector of zeros by nature.
 */
final class LogTail {
    /** The least that disks write at once. */
    private static final int SECTOR_BYTES = 512;

    /** A batch and a record that can't be split; Apache's batches have up to 1000 records. */
    private static final int MAX_TORN_BYTES = 4 * TxnLog.MAX_BATCH_BYTES;

    /** The first bytes of a checksum are zero in every record. */
    private static final int NATURAL_ZEROS = 4;

    private static final int CHUNK_BYTES = 256 << 10;

    /** No more transactions than this can lie in one batch. */
    private static final long MAX_ZXIDS_AHEAD = MAX_TORN_BYTES / LogFormat.LEAST_ENTRY_BYTES;

    private final long position;
    private final byte[] tail;
    private final Adler32 adler = new Adler32();

    private LogTail(long position, byte[] tail) {
        this.position = position;
        this.tail = tail;
    }

    /** What a tail is: torn and to be cut, or damaged for this reason. */
    record Verdict(@Nullable String damage) {
        static final Verdict TORN = new Verdict(null);

        boolean isTorn() {
            return damage == null;
        }
    }

    /** The position of the last byte in {@code [from, to)} that is not zero, -1 if all are. */
    static long lastNonZero(DiskFile file, long from, long to) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        byte[] zeros = new byte[CHUNK_BYTES];
        long last = -1;
        long at = from;
        while (at < to) {
            int read = file.read(at, chunk, 0, (int) Math.min(chunk.length, to - at));
            if (read <= 0) {
                break;
            }
            if (!Arrays.equals(chunk, 0, read, zeros, 0, read)) {
                int i = read - 1;
                while (chunk[i] == 0) {
                    i--;
                }
                last = at + i;
            }
            at += read;
        }
        return last;
    }

    /**
     * Writes what one batch may have left at the file's end over itself. A force that has failed
     * may have left it in memory only, to be read and never to be written: the next force does
     * nothing then, and says that all is well.
     */
    static void writeAgain(DiskFile file) throws IOException {
        long end = lastNonZero(file, 0, file.length()) + 1;
        byte[] chunk = new byte[CHUNK_BYTES];
        long at = Math.max(0, end - MAX_TORN_BYTES);
        while (at < end) {
            int read = file.read(at, chunk, 0, (int) Math.min(chunk.length, end - at));
            if (read <= 0) {
                throw new IOException("the file has shrunk");
            }
            file.write(at, chunk, 0, read);
            at += read;
        }
    }

    /**
     * Judges what stands from {@code position} on, where a whole record does not.
     *
     * @param lastZxid the last good record's
     * @return null if there is nothing but zeros
     */
    static @Nullable Verdict judge(DiskFile file, long position, long lastZxid) throws IOException {
        long length = file.length();
        long last = lastNonZero(file, position, length);
        if (last < 0) {
            return null;
        }
        if (last + 1 - position > MAX_TORN_BYTES) {
            return new Verdict((last + 1 - position) + " bytes, more than one write can have");
        }
        byte[] tail = new byte[(int) (last + 1 - position)];
        int have = 0;
        while (have < tail.length) {
            int read = file.read(position + have, tail, have, tail.length - have);
            if (read <= 0) {
                throw new IOException("the file has shrunk");
            }
            have += read;
        }
        return new LogTail(position, tail).judge(lastZxid);
    }

    private Verdict judge(long lastZxid) {
        if (position < LogFormat.HEADER_BYTES) {
            return hasZeroSector(tail.length) || tail.length < LogFormat.HEADER_BYTES
                    ? Verdict.TORN
                    : new Verdict("records without the file's header");
        }
        int whole = nextWhole(lastZxid);
        if (whole >= 0) {
            return hasZeroSector(whole)
                    ? Verdict.TORN
                    : new Verdict(
                            "a broken record, and a whole one behind it at offset "
                                    + (position + whole)
                                    + " with zxid 0x"
                                    + Long.toHexString(zxidAt(whole)));
        }
        if (tail.length < LogFormat.PREFIX_BYTES || hasZeroSector(tail.length)) {
            return Verdict.TORN;
        }
        return judgeLast();
    }

    /** No whole record follows, and all sectors of this one have something in them. */
    private Verdict judgeLast() {
        long checksum = LogFormat.int64(tail, 0);
        int length = LogFormat.int32(tail, LogFormat.CHECKSUM_BYTES);
        int filled = tail.length - LogFormat.FRAME_BYTES;
        if (length < 0) {
            return new Verdict("a record of negative length");
        }
        boolean marked = tail[tail.length - 1] == LogFormat.MARK;
        if (marked && filled >= LogFormat.LEAST_ENTRY_BYTES && checksum == adler(filled)) {
            return new Verdict("a whole record but for its length, " + length);
        }
        if (length == filled && marked) {
            return new Verdict("a record whose checksum is wrong");
        }
        if (length == filled && checksum == adler(filled)) {
            return new Verdict("a whole record but for its mark");
        }
        // A write that has lost its end is shorter than its length says.
        return length > filled
                ? Verdict.TORN
                : new Verdict("bytes that are no record and no torn one");
    }

    private long adler(int length) {
        adler.reset();
        adler.update(tail, LogFormat.PREFIX_BYTES, length);
        return adler.getValue();
    }

    /** Where behind the start a whole record stands that could be a later one; -1 if none does. */
    private int nextWhole(long lastZxid) {
        int last = tail.length - LogFormat.FRAME_BYTES - LogFormat.LEAST_ENTRY_BYTES;
        for (int at = 1; at <= last; at++) {
            int length = LogFormat.int32(tail, at + LogFormat.CHECKSUM_BYTES);
            int mark = at + LogFormat.PREFIX_BYTES + length;
            if (length < LogFormat.LEAST_ENTRY_BYTES
                    || length > tail.length - at - LogFormat.FRAME_BYTES
                    || tail[mark] != LogFormat.MARK
                    || LogFormat.int32(tail, at) != 0
                    || !couldFollow(lastZxid, zxidAt(at))) {
                continue;
            }
            adler.reset();
            adler.update(tail, at + LogFormat.PREFIX_BYTES, length);
            if (adler.getValue() == LogFormat.int64(tail, at)) {
                return at;
            }
        }
        return -1;
    }

    private long zxidAt(int record) {
        return LogFormat.int64(tail, record + LogFormat.PREFIX_BYTES + LogFormat.ZXID_OFFSET);
    }

    private static boolean couldFollow(long lastZxid, long zxid) {
        if (Zxid.epoch(zxid) == Zxid.epoch(lastZxid)) {
            return zxid > lastZxid && zxid - lastZxid <= MAX_ZXIDS_AHEAD;
        }
        return zxid > lastZxid;
    }

    /** Whether one of the sectors that the first {@code length} bytes lie in has only zeros. */
    private boolean hasZeroSector(int length) {
        int start = 0;
        while (start < length) {
            long sectorEnd = ((position + start) / SECTOR_BYTES + 1) * SECTOR_BYTES;
            int end = (int) Math.min(length, sectorEnd - position);
            if (end - start > NATURAL_ZEROS && isZero(start, end)) {
                return true;
            }
            start = end;
        }
        return false;
    }

    private boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (tail[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
