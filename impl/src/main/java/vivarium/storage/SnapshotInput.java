package vivarium.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.Adler32;
import vivarium.wire.JuteReader;
import vivarium.wire.MalformedException;

/**
 * Reads a snapshot as it streams by, and the checksum of all that was read. Memory grows with the
 * longest string or buffer that is really there, never with one that is only announced.
 */
final class SnapshotInput extends JuteReader {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Source source;
    private final Adler32 adler = new Adler32();

    /** Up to here the window's bytes are in the checksum. */
    private int summed;

    /** Where the bytes come from. */
    @FunctionalInterface
    interface Source {
        /** How many bytes there were, -1 at the end. */
        int read(byte[] target, int offset, int count) throws IOException;
    }

    SnapshotInput(Source source) {
        super(LARGEST_ARRAY);
        this.source = source;
        this.array = new byte[WINDOW_BYTES];
    }

    /** The checksum of all bytes read so far. */
    long checksum() {
        adler.update(array, summed, at - summed);
        summed = at;
        return adler.getValue();
    }

    /** Whether nothing more comes. */
    boolean isAtEnd() {
        if (remaining() > 0) {
            return false;
        }
        try {
            refill(1);
            return false;
        } catch (MalformedException _) {
            return true;
        }
    }

    /**
     * Brings more bytes into the window.
     *
     * @throws UncheckedIOException if the source fails
     */
    @Override
    protected void refill(int count) throws MalformedException {
        checksum();
        System.arraycopy(array, at, array, 0, limit - at);
        limit -= at;
        at = 0;
        summed = 0;
        try {
            while (limit < count) {
                if (limit == array.length) {
                    long doubled = Math.min(2L * array.length, LARGEST_ARRAY);
                    array = Arrays.copyOf(array, (int) Math.min(doubled, Math.max(count, limit)));
                }
                int read = source.read(array, limit, array.length - limit);
                if (read < 0) {
                    throw new MalformedException("it ends too early");
                }
                limit += read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody knows how much will come; what is announced is believed when it is there. */
    @Override
    protected long available() {
        return Long.MAX_VALUE;
    }
}
