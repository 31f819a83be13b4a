package vivarium.storage;

import vivarium.wire.JuteWriter;

/** The bytes of a log file: a header, then records without a gap, then zeros or nothing. */
final class LogFormat {
    /** "ZKLG", a version, and a number that is always zero. */
    static final int HEADER_BYTES = 16;

    private static final int MAGIC = 0x5a4b_4c47;
    private static final int VERSION = 2;

    /** Checksum and length stand before the entry. */
    static final int CHECKSUM_BYTES = Long.BYTES;

    static final int PREFIX_BYTES = CHECKSUM_BYTES + Integer.BYTES;

    /** Behind the entry stands the mark {@code B}. */
    static final byte MARK = 'B';

    /** All that a record has besides its entry. */
    static final int FRAME_BYTES = PREFIX_BYTES + 1;

    /** Session, cxid, zxid, time and type: what every entry begins with. */
    static final int LEAST_ENTRY_BYTES = 32;

    /** Where in an entry the zxid stands. */
    static final int ZXID_OFFSET = 12;

    private LogFormat() {}

    static void header(JuteWriter out) {
        out.int32(MAGIC);
        out.int32(VERSION);
        out.int64(0);
    }

    static int int32(byte[] array, int at) {
        return (array[at] & 0xff) << 24
                | (array[at + 1] & 0xff) << 16
                | (array[at + 2] & 0xff) << 8
                | (array[at + 3] & 0xff);
    }

    static long int64(byte[] array, int at) {
        return ((long) int32(array, at) << 32) | Integer.toUnsignedLong(int32(array, at + 4));
    }
}
