package vivarium.campaign;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where a campaign keeps what it has done. Its state is replaced as a whole and forced first: a
 * process that is killed, or a host that loses its power, leaves an older state or a newer one.
 */
final class ReportFolder implements Closeable {
    private static final String STATE = "campaign.state";
    private static final long MOST_BYTES = 256L << 20;

    private final Path folder;
    private final FileChannel lockChannel;
    private final FileLock lock;

    private ReportFolder(Path folder, FileChannel lockChannel, FileLock lock) {
        this.folder = folder;
        this.lockChannel = lockChannel;
        this.lock = lock;
    }

    /** Makes the folder if need be; nobody else may write into it until it is closed. */
    static ReportFolder open(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(
                        folder.resolve("campaign.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException _) {
            // Somebody in this process has it: as good as somebody else.
        }
        if (lock == null) {
            channel.close();
            throw new IOException(folder + ": another campaign is writing there");
        }
        return new ReportFolder(folder, channel, lock);
    }

    /** What the folder holds of a campaign, null if it holds none. */
    static @Nullable Ledger read(Path folder) throws IOException {
        Path state = folder.resolve(STATE);
        if (!Files.exists(state)) {
            return null;
        }
        if (Files.size(state) > MOST_BYTES) {
            throw new IOException(state + ": longer than " + MOST_BYTES + " bytes, so no state");
        }
        try {
            return LedgerText.read(Files.readString(state), state.toString());
        } catch (CharacterCodingException e) {
            throw new IOException(state + ":1: expected UTF-8 text", e);
        } catch (LedgerText.MalformedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    Path path() {
        return folder;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(file(name));
    }

    void save(Ledger ledger) throws IOException {
        write(STATE, LedgerText.write(ledger));
    }

    /** Writes a file as a whole or not at all. */
    void write(String name, String text) throws IOException {
        Path written = file(name + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        written,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            var bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                written,
                file(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        lock.release();
        lockChannel.close();
    }
}
