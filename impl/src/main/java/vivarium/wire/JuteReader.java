package vivarium.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;

/**
 * Reads ZooKeeper's jute encoding from a window of an array.
 *
 * <p>Every length is checked against what is left and against a maximum before anything is made of
 * it, and a vector's count against the bytes that so many elements take at least. What is read is
 * copied, so the array may be used again. A subclass may {@link #refill} the window from a longer
 * source.
 */
public class JuteReader {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** An access list's entry: the permissions and the lengths of two strings. */
    private static final int LEAST_ACL_BYTES = 3 * Integer.BYTES;

    private final int maxLength;

    /** The window is {@code array[at .. limit)}. */
    protected byte[] array = new byte[0];

    protected int at;
    protected int limit;

    /** A reader that takes no string and no buffer of more than {@code maxLengthBytes}. */
    public JuteReader(int maxLengthBytes) {
        this.maxLength = maxLengthBytes;
    }

    /** Reads {@code source} from now on, whose bytes it only borrows. */
    public final JuteReader over(byte[] source, int offset, int length) {
        if (offset < 0 || length < 0 || offset > source.length - length) {
            throw new IndexOutOfBoundsException(offset + "+" + length + " of " + source.length);
        }
        array = source;
        at = offset;
        limit = offset + length;
        return this;
    }

    /**
     * Ends the window after {@code length} more bytes, which must be there.
     *
     * @return where it ended before, for {@link #widen}
     */
    final int narrow(int length) throws MalformedException {
        if (length < 0 || length > remaining()) {
            throw new MalformedException("length " + length + " of " + remaining());
        }
        int before = limit;
        limit = at + length;
        return before;
    }

    /** Leaves a part that {@link #narrow} had entered, with all that is left of it. */
    final void widen(int before) {
        at = limit;
        limit = before;
    }

    /** The int that comes next, without taking it; there must be one in the window. */
    final int peekInt32() {
        return (int) INT.get(array, at);
    }

    /** The number of bytes that are left in the window. */
    public final int remaining() {
        return limit - at;
    }

    /**
     * Brings at least {@code count} bytes into the window, or fails.
     *
     * @throws MalformedException if there are no more
     */
    protected void refill(int count) throws MalformedException {
        throw new MalformedException("cut short: " + count + " bytes wanted, " + remaining());
    }

    /** The most bytes that can still come, the window's included. */
    protected long available() {
        return remaining();
    }

    private void need(int count) throws MalformedException {
        if (limit - at < count) {
            refill(count);
        }
    }

    public final byte int8() throws MalformedException {
        need(1);
        return array[at++];
    }

    /** Any byte but zero is true. */
    public final boolean bool() throws MalformedException {
        return int8() != 0;
    }

    public final int int32() throws MalformedException {
        need(Integer.BYTES);
        int value = (int) INT.get(array, at);
        at += Integer.BYTES;
        return value;
    }

    public final long int64() throws MalformedException {
        need(Long.BYTES);
        long value = (long) LONG.get(array, at);
        at += Long.BYTES;
        return value;
    }

    /** The length of a string or buffer whose bytes are then in the window; -1 for null. */
    private int length() throws MalformedException {
        int length = int32();
        if (length == JuteWriter.NULL_LENGTH) {
            return length;
        }
        if (length < 0 || length > maxLength) {
            throw new MalformedException("length " + length + ", at most " + maxLength);
        }
        need(length);
        return length;
    }

    /** A buffer, copied. */
    public final @Nullable Bytes buffer() throws MalformedException {
        int length = length();
        if (length <= 0) {
            return length == 0 ? Bytes.EMPTY : null;
        }
        Bytes value = Bytes.wrap(Arrays.copyOfRange(array, at, at + length));
        at += length;
        return value;
    }

    /** A string; what is not UTF-8 in it is read as U+FFFD. */
    public final @Nullable String text() throws MalformedException {
        int length = length();
        if (length < 0) {
            return null;
        }
        String value = new String(array, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    /** A path, or null. */
    public final @Nullable Path pathOrNull() throws MalformedException {
        int length = length();
        if (length < 0) {
            return null;
        }
        int start = at;
        at += length;
        for (int i = start; i < start + length; i++) {
            if (array[i] < 0) {
                // Only well-formed UTF-8 makes equal paths of equal strings.
                return Path.of(new String(array, start, length, StandardCharsets.UTF_8));
            }
        }
        return Path.wrap(Arrays.copyOfRange(array, start, start + length));
    }

    /** A path that must not be null. */
    public final Path path() throws MalformedException {
        Path path = pathOrNull();
        if (path == null) {
            throw new MalformedException("no path");
        }
        return path;
    }

    /**
     * The number of a vector's elements, -1 for null; as ZooKeeper does, other negative counts are
     * taken as none.
     *
     * @param leastBytes the least that an element takes
     */
    public final int count(int leastBytes) throws MalformedException {
        int count = int32();
        if (count < 0) {
            return count == JuteWriter.NULL_LENGTH ? count : 0;
        }
        if ((long) count * leastBytes > available()) {
            throw new MalformedException(count + " elements in " + available() + " bytes");
        }
        return count;
    }

    /** A vector of paths, or null. */
    public final @Nullable List<Path> pathsOrNull() throws MalformedException {
        int count = count(Integer.BYTES);
        if (count < 0) {
            return null;
        }
        List<Path> paths = new ArrayList<>(Math.min(count, 1 << 10));
        for (int i = 0; i < count; i++) {
            paths.add(path());
        }
        return paths;
    }

    /** A vector of paths that must not be null. */
    public final List<Path> paths() throws MalformedException {
        List<Path> paths = pathsOrNull();
        if (paths == null) {
            throw new MalformedException("no paths");
        }
        return paths;
    }

    /**
     * An access list, or null. A missing scheme is read as an empty one, which is refused as any
     * other unknown scheme; only the scheme {@code auth} needs no id.
     */
    public final @Nullable List<Acl> aclOrNull() throws MalformedException {
        int count = count(LEAST_ACL_BYTES);
        if (count < 0) {
            return null;
        }
        List<Acl> acl = new ArrayList<>(Math.min(count, 1 << 10));
        for (int i = 0; i < count; i++) {
            acl.add(aclEntry());
        }
        return acl;
    }

    /** An entry of an access list. */
    final Acl aclEntry() throws MalformedException {
        int perms = int32();
        String scheme = text();
        String id = text();
        if (id == null && scheme != null && !scheme.equals("auth")) {
            throw new MalformedException("no id in an access list");
        }
        return new Acl(perms, scheme == null ? "" : scheme, id == null ? "" : id);
    }
}
