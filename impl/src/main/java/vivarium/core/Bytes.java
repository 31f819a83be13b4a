package vivarium.core;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable run of bytes: the value of a znode, the body of an identity, a part of a frame.
 *
 * <p>It may be a window on a larger array that whoever made it has promised never to change, so
 * that a read of a znode is answered from the tree's own storage without a copy.
 */
public final class Bytes {
    /** No bytes at all; a znode whose data is {@code null} is another thing. */
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** The whole of {@code array}, which the caller gives away and must not change any more. */
    public static Bytes wrap(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /** A window on {@code array}, which nobody may change any more. */
    public static Bytes wrap(byte[] array, int offset, int length) {
        if (offset < 0 || length < 0 || offset > array.length - length) {
            throw new IndexOutOfBoundsException(offset + "+" + length + " of " + array.length);
        }
        return new Bytes(array, offset, length);
    }

    /** The UTF-8 form of {@code text}. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The number of bytes. */
    public int length() {
        return length;
    }

    /** The byte at {@code index}, counted from the start of this window. */
    public byte at(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException(index + " of " + length);
        }
        return array[offset + index];
    }

    /** Hands the bytes to {@code sink} in one call, without a copy; the sink must not keep them. */
    public void writeTo(Sink sink) {
        sink.write(array, offset, length);
    }

    /** Copies all bytes into {@code target}, from {@code at} on. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, offset, target, at, length);
    }

    /** A fresh copy. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** The bytes read as UTF-8, for people and for texts that are defined as UTF-8. */
    public String utf8() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(
                        array,
                        offset,
                        offset + length,
                        that.array,
                        that.offset,
                        that.offset + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return length + " bytes";
    }

    /** Takes bytes by the range; what it is given is only lent. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] array, int offset, int length);
    }
}
