package vivarium.properties.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own, so small that it can be filled: in memory, mounted for a while. */
public final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "size=32m";
    private static final int BLOCK_BYTES = 1024;

    private final Path directory;
    private final Path ballast;

    /** Mounts it at {@code directory}. */
    public SmallDisk(Path directory) throws IOException {
        Files.createDirectories(directory);
        this.directory = directory;
        this.ballast = directory.resolve("ballast");
        SystemCommands.must("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", directory.toString());
    }

    /** Whether this user may mount one, below {@code directory}. */
    public static boolean isPossible(Path directory) throws IOException {
        Path tried = Files.createDirectories(directory.resolve("tried"));
        return SystemCommands.succeeds(
                        "mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", tried.toString())
                && SystemCommands.succeeds("umount", tried.toString());
    }

    /** Not a byte more fits in. */
    public void fill() throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("No space left")) {
                throw e;
            }
        }
    }

    /** There is room again. */
    public void empty() throws IOException {
        Files.deleteIfExists(ballast);
    }

    @Override
    public void close() {
        SystemCommands.must("umount", "-l", directory.toString());
    }
}
