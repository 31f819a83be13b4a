package vivarium.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Unpacks what snappy-java's output stream has packed: a header, then blocks, each with its length
 * before it. {@link SnappyOutput} packs.
 */
final class SnappyStream {
    static final long MAGIC = 0x82_534e_4150_5059_00L;
    private static final int HEADER_BYTES = 16;

    /** Far more than the 32 KiB that are usual. */
    private static final int MAX_BLOCK_BYTES = 64 << 20;

    private static final int LITERAL = 0;
    private static final int NEAR_COPY = 1;
    private static final int COPY = 2;

    /** Longer literals have their length behind the tag, in one to four bytes. */
    private static final int SHORT_LITERALS = 60;

    private final InputStream in;
    private final String name;
    private byte[] packed = new byte[0];
    private int packedAt;
    private int packedLength;
    private byte[] block = new byte[0];
    private int blockAt;
    private int blockLength;

    /**
     * @throws IOException if it is no such stream
     */
    SnappyStream(InputStream in, String name) throws IOException {
        this.in = in;
        this.name = name;
        byte[] header = in.readNBytes(HEADER_BYTES);
        if (header.length < HEADER_BYTES || LogFormat.int64(header, 0) != MAGIC) {
            throw new DamageException(name + " is no snappy stream");
        }
    }

    int read(byte[] target, int offset, int count) throws IOException {
        while (blockAt == blockLength) {
            if (!nextBlock()) {
                return -1;
            }
        }
        int taken = Math.min(count, blockLength - blockAt);
        System.arraycopy(block, blockAt, target, offset, taken);
        blockAt += taken;
        return taken;
    }

    private boolean nextBlock() throws IOException {
        byte[] prefix = in.readNBytes(Integer.BYTES);
        if (prefix.length == 0) {
            return false;
        }
        if (prefix.length < Integer.BYTES) {
            throw new EOFException(name + " ends too early");
        }
        packedLength = checked(LogFormat.int32(prefix, 0));
        packed = in.readNBytes(packedLength);
        packedAt = 0;
        if (packed.length < packedLength) {
            throw new EOFException(name + " ends too early");
        }
        blockLength = 0;
        blockAt = 0;
        int unpacked = checked(varint());
        if (block.length < unpacked) {
            block = new byte[unpacked];
        }
        unpack(unpacked);
        return true;
    }

    private int checked(int length) throws DamageException {
        if (length < 0 || length > MAX_BLOCK_BYTES) {
            throw bad("a block of " + length + " bytes");
        }
        return length;
    }

    private DamageException bad(String what) {
        return new DamageException(name + ": " + what);
    }

    private void unpack(int unpacked) throws IOException {
        while (packedAt < packedLength) {
            int tag = take();
            switch (tag & 3) {
                case LITERAL -> literal(tag >>> 2, unpacked);
                case NEAR_COPY -> copy(4 + (tag >>> 2 & 7), (tag >>> 5) << 8 | take(), unpacked);
                case COPY -> copy((tag >>> 2) + 1, littleEndian(2), unpacked);
                default -> copy((tag >>> 2) + 1, littleEndian(4), unpacked);
            }
        }
        if (blockLength != unpacked) {
            throw bad("a block of " + blockLength + " bytes, not " + unpacked);
        }
    }

    private void literal(int code, int unpacked) throws DamageException {
        int length = code < SHORT_LITERALS ? code + 1 : littleEndian(code - SHORT_LITERALS + 1) + 1;
        if (length <= 0 || length > packedLength - packedAt || length > unpacked - blockLength) {
            throw bad("a literal of " + length + " bytes");
        }
        System.arraycopy(packed, packedAt, block, blockLength, length);
        packedAt += length;
        blockLength += length;
    }

    /** Source and target may overlap: then what was just copied is copied again. */
    private void copy(int length, int distance, int unpacked) throws DamageException {
        if (distance <= 0 || distance > blockLength || length > unpacked - blockLength) {
            throw bad("a copy of " + length + " bytes from " + distance + " before");
        }
        for (int i = 0; i < length; i++) {
            block[blockLength] = block[blockLength - distance];
            blockLength++;
        }
    }

    private int take() throws DamageException {
        if (packedAt >= packedLength) {
            throw bad("a block that ends too early");
        }
        return packed[packedAt++] & 0xff;
    }

    private int littleEndian(int bytes) throws DamageException {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= take() << (8 * i);
        }
        return value;
    }

    private int varint() throws DamageException {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            int next = take();
            value |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw bad("a length without an end");
    }
}
