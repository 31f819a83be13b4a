package vivarium.storage;

import java.io.IOException;
import java.util.zip.Adler32;
import vivarium.wire.JuteWriter;

/** Reads the records of one log file, one after the other, up to the first that is none. */
final class LogReader {
    /** How the records ended. */
    enum End {
        /** The file ends just here, or zeros follow where the next record would begin. */
        CLEAN,
        /** Something begins that is no whole record with a right checksum. */
        BROKEN
    }

    private static final int WINDOW_BYTES = 256 << 10;

    private final DiskFile file;
    private final String name;
    private final long fileLength;
    private final Adler32 adler = new Adler32();

    private byte[] window = new byte[WINDOW_BYTES];

    /** Where in the file the window begins. */
    private long windowStart;

    private int windowLength;

    private long position;
    private long nextPosition = LogFormat.HEADER_BYTES;
    private int entryAt;
    private int entryLength;
    private End end = End.CLEAN;

    /**
     * @throws DamageException if this is no log file
     */
    LogReader(DiskFile file, String name) throws IOException {
        this.file = file;
        this.name = name;
        this.fileLength = file.length();
        checkHeader();
    }

    /** A header that was not forced may be missing, wholly or in its last bytes. */
    private void checkHeader() throws IOException {
        int have = fill(0, LogFormat.HEADER_BYTES);
        JuteWriter header = new JuteWriter(LogFormat.HEADER_BYTES);
        LogFormat.header(header);
        boolean whole = have == LogFormat.HEADER_BYTES;
        for (int i = 0; i < have; i++) {
            // The last field is a database's number, which no reader looks at.
            boolean same = window[i] == header.array()[i] || i >= 2 * Integer.BYTES;
            if (!same && window[i] != 0) {
                throw new DamageException(
                        name
                                + " is no transaction log of version 2: its byte "
                                + i
                                + " is 0x"
                                + Integer.toHexString(window[i] & 0xff)
                                + ". Move it away if it does not belong here.");
            }
            whole &= same;
        }
        if (!whole) {
            nextPosition = 0;
        }
    }

    /** Brings {@code count} bytes from {@code from} on into the window; how many there are. */
    private int fill(long from, int count) throws IOException {
        if (from >= windowStart && from + count <= windowStart + windowLength) {
            return count;
        }
        int available = (int) Math.min(count, Math.max(0, fileLength - from));
        int capacity = Math.max(available, WINDOW_BYTES);
        byte[] target = window.length >= capacity ? window : new byte[capacity];
        int have = 0;
        while (have < target.length) {
            int read = file.read(from + have, target, have, target.length - have);
            if (read <= 0) {
                break;
            }
            have += read;
        }
        window = target;
        windowStart = from;
        windowLength = have;
        return Math.min(have, count);
    }

    /**
     * Goes to the next record.
     *
     * @return false behind the last whole one; {@link #end} then says how it ended
     */
    boolean next() throws IOException {
        position = nextPosition;
        end = End.CLEAN;
        if (position < LogFormat.HEADER_BYTES) {
            end = isZeroFrom(0) ? End.CLEAN : End.BROKEN;
            return false;
        }
        if (fill(position, LogFormat.PREFIX_BYTES) < LogFormat.PREFIX_BYTES) {
            end = isZeroFrom(position) ? End.CLEAN : End.BROKEN;
            return false;
        }
        int at = (int) (position - windowStart);
        long checksum = LogFormat.int64(window, at);
        int length = LogFormat.int32(window, at + LogFormat.CHECKSUM_BYTES);
        if (checksum == 0 && length == 0) {
            return false;
        }
        end = End.BROKEN;
        if (length < LogFormat.LEAST_ENTRY_BYTES
                || length > fileLength - position - LogFormat.FRAME_BYTES
                || fill(position, length + LogFormat.FRAME_BYTES)
                        < length + LogFormat.FRAME_BYTES) {
            return false;
        }
        at = (int) (position - windowStart) + LogFormat.PREFIX_BYTES;
        adler.reset();
        adler.update(window, at, length);
        if (adler.getValue() != checksum || window[at + length] != LogFormat.MARK) {
            return false;
        }
        entryAt = at;
        entryLength = length;
        nextPosition = position + length + LogFormat.FRAME_BYTES;
        end = End.CLEAN;
        return true;
    }

    private boolean isZeroFrom(long from) throws IOException {
        return LogTail.lastNonZero(file, from, fileLength) < 0;
    }

    /** Where the current record begins, or where the one would that is none. */
    long position() {
        return position;
    }

    /** Where the record behind the current one begins. */
    long nextPosition() {
        return nextPosition;
    }

    End end() {
        return end;
    }

    /** The array that holds the current entry until the next call. */
    byte[] array() {
        return window;
    }

    int entryAt() {
        return entryAt;
    }

    int entryLength() {
        return entryLength;
    }

    /** The current record's zxid. */
    long zxid() {
        return LogFormat.int64(window, entryAt + LogFormat.ZXID_OFFSET);
    }
}
