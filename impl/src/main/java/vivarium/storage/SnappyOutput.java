package vivarium.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Packs into what snappy-java's input stream, and {@link SnappyStream}, unpack: a header, then
 * blocks of 32 KiB, each packed for itself with its length before it (Google's description of the
 * format). What came before within its block is looked for by the hash of its next four bytes.
 */
final class SnappyOutput extends OutputStream {
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 16;
    private static final int BLOCK_BYTES = 32 << 10;

    private static final int HASH_BITS = 13;
    private static final int HASH_MULTIPLIER = 0x9e37_79b1;

    /** Shorter ones are not worth a copy. */
    private static final int LEAST_COPY = 4;

    private static final int LONGEST_COPY = 64;
    private static final int SHORT_LITERAL = 60;
    private static final int ONE_BYTE_LITERAL = 256;
    private static final int LITERAL_BY_ONE_BYTE = 60;
    private static final int LITERAL_BY_TWO_BYTES = 61;
    private static final int COPY_TAG = 2;

    private final OutputStream out;
    private final byte[] block = new byte[BLOCK_BYTES];
    private int length;

    /** Where in the block four bytes with this hash were met last, and one more; 0 for nowhere. */
    private final short[] places = new short[1 << HASH_BITS];

    /** At worst a block of one literal: its tag, its length, and the length of the block. */
    private final byte[] packed = new byte[Integer.BYTES + BLOCK_BYTES + BLOCK_BYTES / 6 + 32];

    private int at;

    SnappyOutput(OutputStream out) throws IOException {
        this.out = out;
        byte[] header = new byte[HEADER_BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            header[i] = (byte) (SnappyStream.MAGIC >>> (8 * (Long.BYTES - 1 - i)));
        }
        header[11] = VERSION;
        header[15] = VERSION;
        out.write(header);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
        int from = offset;
        int left = count;
        while (left > 0) {
            int taken = Math.min(left, BLOCK_BYTES - length);
            System.arraycopy(source, from, block, length, taken);
            length += taken;
            from += taken;
            left -= taken;
            if (length == BLOCK_BYTES) {
                endBlock();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (length > 0) {
            endBlock();
        }
        out.close();
    }

    private void endBlock() throws IOException {
        at = Integer.BYTES;
        varint(length);
        pack();
        int bytes = at - Integer.BYTES;
        at = 0;
        for (int shift = 24; shift >= 0; shift -= 8) {
            packed[at++] = (byte) (bytes >>> shift);
        }
        out.write(packed, 0, Integer.BYTES + bytes);
        length = 0;
    }

    private void pack() {
        Arrays.fill(places, (short) 0);
        int unsaid = 0;
        int next = 0;
        while (next + LEAST_COPY <= length) {
            int hash = (int32(next) * HASH_MULTIPLIER) >>> (Integer.SIZE - HASH_BITS);
            int earlier = Short.toUnsignedInt(places[hash]) - 1;
            places[hash] = (short) (next + 1);
            if (earlier < 0 || int32(earlier) != int32(next)) {
                next++;
                continue;
            }
            int end = next + LEAST_COPY;
            while (end < length && block[end] == block[earlier + end - next]) {
                end++;
            }
            literal(unsaid, next);
            copy(next - earlier, end - next);
            next = end;
            unsaid = end;
        }
        literal(unsaid, length);
    }

    private int int32(int index) {
        return LogFormat.int32(block, index);
    }

    private void literal(int from, int to) {
        int bytes = to - from;
        if (bytes == 0) {
            return;
        }
        if (bytes <= SHORT_LITERAL) {
            packed[at++] = (byte) ((bytes - 1) << 2);
        } else if (bytes <= ONE_BYTE_LITERAL) {
            packed[at++] = (byte) (LITERAL_BY_ONE_BYTE << 2);
            packed[at++] = (byte) (bytes - 1);
        } else {
            packed[at++] = (byte) (LITERAL_BY_TWO_BYTES << 2);
            packed[at++] = (byte) (bytes - 1);
            packed[at++] = (byte) ((bytes - 1) >>> 8);
        }
        System.arraycopy(block, from, packed, at, bytes);
        at += bytes;
    }

    /** A copy has at most 64 bytes; a longer one is said in pieces from the same distance. */
    private void copy(int distance, int bytes) {
        int left = bytes;
        while (left > 0) {
            int piece = Math.min(left, LONGEST_COPY);
            packed[at++] = (byte) ((piece - 1) << 2 | COPY_TAG);
            packed[at++] = (byte) distance;
            packed[at++] = (byte) (distance >>> 8);
            left -= piece;
        }
    }

    private void varint(int value) {
        int left = value;
        while (left >= 0x80) {
            packed[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        packed[at++] = (byte) left;
    }
}
