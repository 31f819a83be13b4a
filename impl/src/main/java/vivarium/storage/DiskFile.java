package vivarium.storage;

import java.io.Closeable;
import java.io.IOException;

/** An open file. Positions are in bytes from its start. */
public interface DiskFile extends Closeable {

    /** Its length. */
    long length() throws IOException;

    /**
     * Reads up to {@code count} bytes.
     *
     * @return how many there were, -1 at or behind the end
     */
    int read(long position, byte[] target, int offset, int count) throws IOException;

    /** Writes all {@code count} bytes or fails, in which case any of them may have been written. */
    void write(long position, byte[] source, int offset, int count) throws IOException;

    /**
     * Makes the file {@code length} bytes long; new bytes are zero. A disk may take its time to
     * find room for them until they are written.
     */
    void extend(long length) throws IOException;

    /** Cuts the file behind {@code length} bytes. */
    void truncate(long length) throws IOException;

    /**
     * Makes all that was written so far, and the length that is needed to find it again, durable.
     * Where it fails, nothing written since the last success may be taken for durable, not even
     * after a later success, unless it is written again.
     */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
