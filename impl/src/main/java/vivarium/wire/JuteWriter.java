package vivarium.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;

/**
 * Writes ZooKeeper's jute encoding (big-endian, no tags) into an array that grows and is used again
 * after a {@link #reset}.
 */
public final class JuteWriter implements Bytes.Sink {
    /** The length that stands for null, in place of a string's, a buffer's or a vector's. */
    static final int NULL_LENGTH = -1;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final int mostBytes;
    private byte[] array;
    private int length;

    /** A writer that first grows when it holds {@code capacityBytes}. */
    public JuteWriter(int capacityBytes) {
        this(capacityBytes, LARGEST_ARRAY);
    }

    /** A writer that takes {@code mostBytes} between two resets, and no more. */
    public JuteWriter(int capacityBytes, int mostBytes) {
        this.mostBytes = mostBytes;
        array = new byte[Math.max(capacityBytes, 64)];
    }

    /** Forgets what was written and keeps the array. */
    public void reset() {
        length = 0;
    }

    /** As {@link #reset}, and gives the array back if it has grown beyond {@code maxBytes}. */
    public void reset(int maxBytes) {
        length = 0;
        if (array.length > maxBytes) {
            array = new byte[Math.max(maxBytes, 64)];
        }
    }

    /** Forgets what was written behind {@code position}. */
    public void rewind(int position) {
        if (position < 0 || position > length) {
            throw new IndexOutOfBoundsException(position + " of " + length);
        }
        length = position;
    }

    /** The array itself, of which the first {@link #length} bytes count; lent, not given. */
    public byte[] array() {
        return array;
    }

    /** The number of bytes written since the last reset. */
    public int length() {
        return length;
    }

    /** A copy of what was written. */
    public byte[] toArray() {
        return Arrays.copyOf(array, length);
    }

    public void int8(int value) {
        room(1);
        array[length++] = (byte) value;
    }

    public void bool(boolean value) {
        int8(value ? 1 : 0);
    }

    public void int32(int value) {
        room(Integer.BYTES);
        INT.set(array, length, value);
        length += Integer.BYTES;
    }

    public void int64(long value) {
        room(Long.BYTES);
        LONG.set(array, length, value);
        length += Long.BYTES;
    }

    /** Writes over the int at {@code position}, such as the length of what has come since. */
    public void patchInt32(int position, int value) {
        INT.set(array, checked(position, Integer.BYTES), value);
    }

    /** Writes over the long at {@code position}, such as the checksum of what has come since. */
    public void patchInt64(int position, long value) {
        LONG.set(array, checked(position, Long.BYTES), value);
    }

    private int checked(int position, int size) {
        if (position < 0 || position > length - size) {
            throw new IndexOutOfBoundsException(position + " of " + length);
        }
        return position;
    }

    /** The bytes as they are, without a length. */
    @Override
    public void write(byte[] source, int offset, int count) {
        room(count);
        System.arraycopy(source, offset, array, length, count);
        length += count;
    }

    /** {@code count} zero bytes. */
    public void zeros(int count) {
        room(count);
        Arrays.fill(array, length, length + count, (byte) 0);
        length += count;
    }

    /** A buffer; null and empty are different. */
    public void buffer(@Nullable Bytes value) {
        if (value == null) {
            int32(NULL_LENGTH);
            return;
        }
        int32(value.length());
        value.writeTo(this);
    }

    /**
     * A string, in UTF-8. ZooKeeper writes the two halves of a character beyond U+FFFF one by one,
     * and reads that as six marks of damage, so that what a leader has in memory is not what its
     * log and its followers have. All readers, its own too, take the four bytes for what they are.
     */
    public void text(@Nullable String value) {
        if (value == null) {
            int32(NULL_LENGTH);
            return;
        }
        int start = length;
        int32(0);
        room(Math.multiplyExact(3, value.length()));
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                character(value.codePointAt(i++));
            } else {
                unit(c);
            }
        }
        patchInt32(start, length - start - Integer.BYTES);
    }

    /** A string for a client, in the bytes that ZooKeeper sends: the halves one by one. */
    void echo(String value) {
        int start = length;
        int32(0);
        room(Math.multiplyExact(3, value.length()));
        for (int i = 0; i < value.length(); i++) {
            unit(value.charAt(i));
        }
        patchInt32(start, length - start - Integer.BYTES);
    }

    private void unit(char c) {
        byte[] target = array;
        int at = length;
        if (c < 0x80) {
            target[at++] = (byte) c;
        } else if (c < 0x800) {
            target[at++] = (byte) (0xc0 | (c >> 6));
            target[at++] = (byte) (0x80 | (c & 0x3f));
        } else {
            target[at++] = (byte) (0xe0 | (c >> 12));
            target[at++] = (byte) (0x80 | ((c >> 6) & 0x3f));
            target[at++] = (byte) (0x80 | (c & 0x3f));
        }
        length = at;
    }

    /** One of four bytes. */
    private void character(int point) {
        array[length++] = (byte) (0xf0 | (point >> 18));
        array[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        array[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        array[length++] = (byte) (0x80 | (point & 0x3f));
    }

    /** A path; the same bytes as {@link #text} of it. */
    public void path(Path path) {
        int32(path.length());
        path.writeTo(this);
    }

    /** A path for a client; the same bytes as {@link #echo(String)} of it. */
    void echo(Path path) {
        int start = length;
        path(path);
        for (int i = start + Integer.BYTES; i < length; i++) {
            if ((array[i] & 0xf8) == 0xf0) {
                // A character of four bytes: rare, since no znode's path may have one.
                length = start;
                echo(path.toString());
                return;
            }
        }
    }

    /** A name of UTF-8 bytes that is known to have no character beyond U+FFFF. */
    public void name(Bytes name) {
        buffer(name);
    }

    /** A vector of paths. */
    public void paths(List<Path> paths) {
        int32(paths.size());
        for (int i = 0; i < paths.size(); i++) {
            path(paths.get(i));
        }
    }

    /** A vector of paths for a client. */
    void echo(List<Path> paths) {
        int32(paths.size());
        for (int i = 0; i < paths.size(); i++) {
            echo(paths.get(i));
        }
    }

    /** An access list, which may be null. */
    public void acl(@Nullable List<Acl> acl) {
        if (acl == null) {
            int32(NULL_LENGTH);
            return;
        }
        int32(acl.size());
        for (int i = 0; i < acl.size(); i++) {
            Acl entry = acl.get(i);
            int32(entry.perms());
            text(entry.scheme());
            text(entry.id());
        }
    }

    private void room(int count) {
        if (array.length - length < count) {
            grow(count);
        }
    }

    private void grow(int count) {
        long needed = (long) length + count;
        if (needed > mostBytes) {
            throw new FullException(needed + " bytes, " + mostBytes + " are the most");
        }
        long doubled = Math.min(2L * array.length, mostBytes);
        array = Arrays.copyOf(array, (int) Math.max(needed, doubled));
    }

    /** There is no room for what should be written; what was written before is still there. */
    static final class FullException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        FullException(String message) {
            super(message);
        }
    }
}
