package vivarium.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import vivarium.storage.Disk;

/** The directories of a server, with ZooKeeper's own in each. */
final class Directories {
    private Directories() {}

    /** Where the files of the current format are. */
    static Path versioned(Path dir) {
        return dir.resolve("version-2");
    }

    /** The bytes of all files in there that are there while it is looked. */
    static long sizeOf(Path dir) {
        try (Stream<Path> files = Files.list(versioned(dir))) {
            return files.mapToLong(Directories::sizeOfFile).sum();
        } catch (IOException _) {
            return 0; // gone, or not ours to read: it is of no size that one could name
        }
    }

    private static long sizeOfFile(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException _) {
            return 0; // purged between the listing and now
        }
    }

    /**
     * ZooKeeper's directory in {@code dir}, as a disk.
     *
     * @param creates whether it is made, durably, where it is not there
     * @param key what configures it, for people
     * @throws IOException if it is not there and can't or may not be made
     */
    static Disk prepare(Path dir, boolean creates, String key) throws IOException {
        Path versioned = versioned(dir);
        if (!creates && !Files.isDirectory(versioned)) {
            throw new IOException(
                    key + "=" + dir + ": no " + versioned + ", and datadir.autocreate is off");
        }
        try {
            return new FileDisk(versioned);
        } catch (IOException e) {
            throw new IOException(key + "=" + dir + ": can't be used: " + e, e);
        }
    }
}
