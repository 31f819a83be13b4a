package vivarium.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second server out of a data directory: two that write to one log destroy it. The lock
 * goes with the process, however that ends; the file stays, and means nothing.
 */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE = "vivarium.lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks {@code dir}, which exists.
     *
     * @throws IOException if another server has it, or the directory can't be written to
     */
    static DirectoryLock of(Path dir) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        dir.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException _) {
            // Another server of this very process has it, which is no better.
        }
        channel.close();
        throw new IOException("another server is running on " + dir);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
