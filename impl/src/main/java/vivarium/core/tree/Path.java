package vivarium.core.tree;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;

/**
 * A path, as a client wrote it: not necessarily a valid one, nor that of a znode that exists.
 *
 * <p>It is kept as UTF-8, the form it has on the wire, in the log and in the digest, so that the
 * hot path neither decodes nor encodes it.
 */
public final class Path implements Comparable<Path> {
    /** {@code /}, the only znode without a parent. */
    public static final Path ROOT = of("/");

    private static final byte SLASH = '/';

    private final byte[] utf8;
    private final int hash;

    private Path(byte[] utf8) {
        this.utf8 = utf8;
        this.hash = hash(utf8, utf8.length);
    }

    /** The path written as {@code text}. */
    public static Path of(String text) {
        return new Path(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The path with these well-formed UTF-8 bytes, which nobody may change any more. */
    public static Path wrap(byte[] utf8) {
        return new Path(utf8);
    }

    /** Spread well over the high bits too, since whoever chooses names can choose them badly. */
    private static int hash(byte[] utf8, int end) {
        long hash = 0x9e37_79b9_7f4a_7c15L;
        for (int i = 0; i < end; i++) {
            hash = (hash ^ utf8[i]) * 0xff51_afd7_ed55_8ccdL;
            hash ^= hash >>> 32;
        }
        return (int) (hash ^ hash >>> 29);
    }

    /** Whether this is {@code /}, or the empty path, which means the same in a read. */
    public boolean isRoot() {
        return utf8.length == 0 || (utf8.length == 1 && utf8[0] == SLASH);
    }

    /** The length in bytes. */
    public int length() {
        return utf8.length;
    }

    /** The byte at {@code index}. */
    public byte at(int index) {
        return utf8[index];
    }

    /** Where the last slash stands, -1 for none. */
    public int lastSlash() {
        int at = utf8.length - 1;
        while (at >= 0 && utf8[at] != SLASH) {
            at--;
        }
        return at;
    }

    /** The path up to the last slash, {@code /} for a child of the root, null without a slash. */
    public @Nullable Path parent() {
        int slash = lastSlash();
        if (slash < 0) {
            return null;
        }
        return slash == 0 ? ROOT : new Path(Arrays.copyOf(utf8, slash));
    }

    /** What comes after the last slash. */
    public Bytes name() {
        int start = lastSlash() + 1;
        return Bytes.wrap(utf8, start, utf8.length - start);
    }

    /** The path of the child called {@code name}. */
    public Path child(Bytes name) {
        int prefix = isRoot() ? 0 : utf8.length;
        byte[] joined = Arrays.copyOf(utf8, prefix + 1 + name.length());
        joined[prefix] = SLASH;
        name.copyTo(joined, prefix + 1);
        return new Path(joined);
    }

    /** The path of the child called {@code name}. */
    public Path child(String name) {
        return child(Bytes.utf8(name));
    }

    /** This path followed by a counter in ten digits, as sequential znodes are called. */
    public Path withSequence(int counter) {
        byte[] suffix = suffix(counter).getBytes(StandardCharsets.UTF_8);
        byte[] joined = Arrays.copyOf(utf8, utf8.length + suffix.length);
        System.arraycopy(suffix, 0, joined, utf8.length, suffix.length);
        return new Path(joined);
    }

    /** Ten characters with leading zeros, the sign taking the place of one of them. */
    private static String suffix(int counter) {
        long magnitude = Math.abs((long) counter);
        String digits = Long.toString(magnitude);
        int width = counter < 0 ? 9 : 10;
        String padded = "0".repeat(Math.max(0, width - digits.length())) + digits;
        return counter < 0 ? "-" + padded : padded;
    }

    /** Whether {@code ancestor} is this path or one above it. */
    public boolean isAtOrBelow(Path ancestor) {
        if (ancestor.isRoot()) {
            return true;
        }
        int end = ancestor.utf8.length;
        return utf8.length >= end
                && Arrays.equals(utf8, 0, end, ancestor.utf8, 0, end)
                && (utf8.length == end || utf8[end] == SLASH);
    }

    /** Whether it has a NUL in it, which no request may. */
    public boolean hasNul() {
        for (byte b : utf8) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether the bytes from {@code from} to {@code to} are those of {@code name}. */
    boolean regionIs(int from, int to, byte[] name, int nameLength) {
        return Arrays.equals(utf8, from, to, name, 0, nameLength);
    }

    /** Hands the UTF-8 bytes to {@code sink} without a copy; the sink must not keep them. */
    public void writeTo(Bytes.Sink sink) {
        sink.write(utf8, 0, utf8.length);
    }

    /** Feeds the bytes to a checksum. */
    void digestInto(java.util.zip.CRC32 crc) {
        crc.update(utf8, 0, utf8.length);
    }

    /** Why this can't be the path of a znode that is to be created, or null if it can. */
    public @Nullable String fault() {
        return PathRules.fault(utf8);
    }

    @Override
    public int compareTo(Path other) {
        return Arrays.compareUnsigned(utf8, other.utf8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Path that && hash == that.hash && Arrays.equals(utf8, that.utf8);
    }

    /** Depends on the bytes alone, so it is the same in every run. */
    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
