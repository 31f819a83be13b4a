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

    /**
     * Why this user can't do it for files below {@code directory}; empty where that is possible.
     */
    public static String obstacle(Path directory) {
        if (!Files.isWritable(GROUPS)) {
            return "there are no blkio groups that this user may write";
        }
        try (var _ = new SlowDisk(directory)) {
            return "";
        } catch (IOException | UnsupportedOperationException e) {
            return directory + " is on no disk that can be slowed down: " + e;
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
