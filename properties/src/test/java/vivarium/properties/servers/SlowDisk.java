package vivarium.properties.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Slows down what a process writes to the disk, by a control group of its own: few writes a second
 * are let through, so that a force takes a tenth of a second or more.
 */
public final class SlowDisk implements AutoCloseable {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup/blkio");
    private static final int WRITES_PER_SECOND = 40;

    private final Path group;

    /** For files below {@code directory}. */
    public SlowDisk(Path directory) throws IOException {
        this.group = GROUPS.resolve("vivarium-" + ProcessHandle.current().pid());
        Files.createDirectory(group);
        try {
            Files.writeString(
                    group.resolve("blkio.throttle.write_iops_device"),
                    device(directory) + " " + WRITES_PER_SECOND);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static String device(Path directory) throws IOException {
        long number = (Long) Files.getAttribute(directory, "unix:dev");
        long major = (number >>> 8) & 0xfff;
        long minor = (number & 0xff) | ((number >>> 12) & 0xfff00);
        return major + ":" + minor;
    }

    /** Whether this machine lets this user do it, for files below {@code directory}. */
    public static boolean isPossible(Path directory) {
        if (!Files.isWritable(GROUPS)) {
            return false;
        }
        try (var _ = new SlowDisk(directory)) {
            return true;
        } catch (IOException | UnsupportedOperationException _) {
            return false; // this file system is on no disk that can be slowed down
        }
    }

    /** From now on this server's disk is slow. */
    public void slow(MemberProcess member) throws IOException {
        move(group, member.pid());
    }

    /** It is as fast as ever. */
    public void release(MemberProcess member) throws IOException {
        move(GROUPS, member.pid());
    }

    private static void move(Path to, long pid) throws IOException {
        Files.writeString(to.resolve("cgroup.procs"), "" + pid);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(group);
    }
}
