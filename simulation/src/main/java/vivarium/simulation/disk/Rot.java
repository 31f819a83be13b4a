package vivarium.simulation.disk;

import java.nio.ByteBuffer;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.simulation.engine.Chance;

/**
 * Where a bit may turn over on a platter so that it can be told: in a snapshot anywhere, in a log
 * before its last record. The last record of all looks like one that a power cut has torn, and the
 * files of the epochs have no checksum: rot there is out of what these formats can notice.
 */
final class Rot {
    private static final int HEADER_BYTES = 16;
    private static final int CHECKSUM_BYTES = 8;
    private static final int PREFIX_BYTES = 12;

    private Rot() {}

    /**
     * How many bytes of a log, from its beginning, may rot.
     *
     * @param newest whether no other log comes behind it
     */
    static int extent(byte[] log, int length, boolean newest) {
        ByteBuffer bytes = ByteBuffer.wrap(log, 0, length);
        int at = HEADER_BYTES;
        int last = 0;
        while (at + PREFIX_BYTES <= length) {
            int entry = bytes.getInt(at + CHECKSUM_BYTES);
            long next = (long) at + PREFIX_BYTES + entry + 1;
            if (entry <= 0 || next > length) {
                break;
            }
            last = at;
            at = (int) next;
        }
        if (last == 0) {
            return 0;
        }
        if (!newest) {
            return at;
        }
        return last == HEADER_BYTES ? 0 : last;
    }

    /**
     * Turns a bit in one of the last records and gives it the checksum that fits, as no disk does.
     *
     * @return the bytes from {@code at} on that have changed, null if there is no record
     */
    static @Nullable Forged forge(byte[] log, int extent, Chance chance) {
        ByteBuffer bytes = ByteBuffer.wrap(log);
        int at = HEADER_BYTES;
        Forged forged = null;
        while (at + PREFIX_BYTES < extent) {
            int entry = bytes.getInt(at + CHECKSUM_BYTES);
            if (chance.happens(0.8)) {
                byte[] record = new byte[PREFIX_BYTES + entry];
                System.arraycopy(log, at, record, 0, record.length);
                int place = PREFIX_BYTES + chance.between(HEADER_BYTES, entry - 1);
                record[place] ^= (byte) (1 << chance.between(0, 7));
                Adler32 sum = new Adler32();
                sum.update(record, PREFIX_BYTES, entry);
                ByteBuffer.wrap(record).putLong(0, sum.getValue());
                forged = new Forged(at, Bytes.wrap(record));
            }
            at += PREFIX_BYTES + entry + 1;
        }
        return forged;
    }

    /** What stands where once it has changed. */
    record Forged(int at, Bytes bytes) {}
}
