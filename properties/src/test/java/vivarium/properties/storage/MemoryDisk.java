package vivarium.properties.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import vivarium.storage.Disk;
import vivarium.storage.DiskFile;

/**
 * A disk that knows what was forced. A power cut leaves what was, and of the rest all, nothing, or
 * any choice of names and sectors.
 */
final class MemoryDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    /** What a power cut leaves of what was not forced. */
    enum Leaves {
        NOTHING,
        EVERYTHING,
        ANY_CHOICE
    }

    /** The power is gone: thrown out of whatever was being done. */
    static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PowerCut() {
            super("power cut", null, false, false);
        }
    }

    private static final class Content {
        byte[] written = new byte[0];
        byte[] forced = new byte[0];

        /** Which bytes were written since the last force; a force that fails forgets them all. */
        BitSet dirty = new BitSet();

        Content(byte[] both) {
            written = both;
            forced = both.clone();
        }
    }

    private final Map<String, Content> names = new TreeMap<>();
    private final Map<String, Content> forcedNames = new TreeMap<>();

    private final Power power;

    /** How many more writes fail with an error; they leave half of what they should write. */
    private int failingWrites;

    private int failingForces;

    /** What keeps disks running that stand side by side. */
    private static final class Power {
        /** How many more changes there are before it goes; negative for never. */
        int changesLeft = -1;

        int changes;

        void use() {
            if (changesLeft == 0) {
                throw new PowerCut();
            }
            changesLeft--;
            changes++;
        }
    }

    MemoryDisk() {
        this(new Power());
    }

    private MemoryDisk(Power power) {
        this.power = power;
    }

    /** Another disk, empty, whose power goes when that of this one does. */
    MemoryDisk sibling() {
        return new MemoryDisk(power);
    }

    /** The power goes just before the change that comes after {@code changes} more. */
    void cutPowerAfter(int changes) {
        power.changesLeft = changes;
    }

    /** How many changes there were so far. */
    int changes() {
        return power.changes;
    }

    void failWrites(int count) {
        failingWrites = count;
    }

    /** The next forces fail, and what was written is lost although it can still be read. */
    void failForces(int count) {
        failingForces = count;
    }

    private void change() {
        power.use();
    }

    /** The disk as it is found when the power is back. */
    MemoryDisk afterPowerCut(Leaves leaves, RandomGenerator random) {
        return afterPowerCut(leaves, random, new MemoryDisk());
    }

    /** The same, found as {@code found}, which is empty. */
    MemoryDisk afterPowerCut(Leaves leaves, RandomGenerator random, MemoryDisk found) {
        Map<String, Content> left = new TreeMap<>(forcedNames);
        for (String name : union(names, forcedNames)) {
            boolean newer =
                    leaves == Leaves.EVERYTHING
                            || (leaves == Leaves.ANY_CHOICE && random.nextBoolean());
            Content now = names.get(name);
            if (newer && now == null) {
                left.remove(name);
            } else if (newer && now != null) {
                left.put(name, now);
            }
        }
        left.forEach((name, content) -> {
            Content copy = new Content(leftOf(content, leaves, random));
            found.names.put(name, copy);
            found.forcedNames.put(name, copy);
        });
        return found;
    }

    private static List<String> union(Map<String, Content> one, Map<String, Content> other) {
        Map<String, Content> all = new TreeMap<>(one);
        all.putAll(other);
        return List.copyOf(all.keySet());
    }

    private static byte[] leftOf(Content content, Leaves leaves, RandomGenerator random) {
        return switch (leaves) {
            case NOTHING -> content.forced.clone();
            case EVERYTHING -> content.written.clone();
            case ANY_CHOICE -> someSectors(content, random);
        };
    }

    private static byte[] someSectors(Content content, RandomGenerator random) {
        byte[] length = random.nextBoolean() ? content.written : content.forced;
        byte[] left = new byte[length.length];
        for (int at = 0; at < left.length; at += SECTOR_BYTES) {
            byte[] from = random.nextBoolean() ? content.written : content.forced;
            int end = Math.min(Math.min(at + SECTOR_BYTES, left.length), from.length);
            if (end > at) {
                System.arraycopy(from, at, left, at, end - at);
            }
        }
        return left;
    }

    /** A disk with the same files, all forced. */
    MemoryDisk copy() {
        return afterPowerCut(Leaves.EVERYTHING, RandomGenerator.of("L64X128MixRandom"));
    }

    /** The bytes of a file. */
    byte[] bytes(String name) {
        return content(name).written.clone();
    }

    /** Puts a file there, forced. */
    void put(String name, byte[] bytes) {
        Content content = new Content(bytes.clone());
        names.put(name, content);
        forcedNames.put(name, content);
    }

    private Content content(String name) {
        Content content = names.get(name);
        if (content == null) {
            throw new AssertionError("no file " + name + " among " + names.keySet());
        }
        return content;
    }

    @Override
    public List<String> list() {
        return new ArrayList<>(names.keySet());
    }

    @Override
    public boolean exists(String name) {
        return names.containsKey(name);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        change();
        Content content = new Content(new byte[0]);
        names.put(name, content);
        return new Open(content, true);
    }

    @Override
    public DiskFile open(String name, boolean toWrite) throws IOException {
        Content content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new Open(content, toWrite);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        change();
        Content content = names.remove(from);
        if (content == null) {
            throw new FileNotFoundException(from);
        }
        names.put(to, content);
    }

    @Override
    public void delete(String name) throws IOException {
        change();
        if (names.remove(name) == null) {
            throw new FileNotFoundException(name);
        }
    }

    @Override
    public void forceNames() {
        change();
        forcedNames.clear();
        forcedNames.putAll(names);
    }

    @Override
    public String place() {
        return "memory";
    }

    private final class Open implements DiskFile {
        private final Content content;
        private final boolean toWrite;

        Open(Content content, boolean toWrite) {
            this.content = content;
            this.toWrite = toWrite;
        }

        @Override
        public long length() {
            return content.written.length;
        }

        @Override
        public int read(long position, byte[] target, int offset, int count) {
            int available = (int) Math.max(0, content.written.length - position);
            int taken = Math.min(count, available);
            if (taken == 0 && count > 0) {
                return -1;
            }
            System.arraycopy(content.written, (int) position, target, offset, taken);
            return taken;
        }

        @Override
        public void write(long position, byte[] source, int offset, int count) throws IOException {
            mayWrite();
            boolean fails = failingWrites > 0;
            int written = fails ? count / 2 : count;
            byte[] next =
                    Arrays.copyOf(
                            content.written,
                            Math.max(content.written.length, (int) position + written));
            System.arraycopy(source, offset, next, (int) position, written);
            content.written = next;
            content.dirty.set((int) position, (int) position + written);
            if (fails) {
                failingWrites--;
                throw new IOException("no space left");
            }
        }

        private void mayWrite() {
            if (!toWrite) {
                throw new AssertionError("opened to be read only");
            }
            change();
        }

        @Override
        public void extend(long length) {
            mayWrite();
            content.written =
                    Arrays.copyOf(content.written, Math.max((int) length, content.written.length));
        }

        @Override
        public void truncate(long length) {
            mayWrite();
            content.written =
                    Arrays.copyOf(content.written, Math.min((int) length, content.written.length));
            content.dirty.clear((int) length, Math.max((int) length, content.dirty.length()));
        }

        /** After a failure, what could not be written is never written, unless it is again. */
        @Override
        public void force() throws IOException {
            mayWrite();
            BitSet written = content.dirty;
            content.dirty = new BitSet();
            if (failingForces > 0) {
                failingForces--;
                throw new IOException("input/output error");
            }
            content.forced = Arrays.copyOf(content.forced, content.written.length);
            for (int i = written.nextSetBit(0); i >= 0; i = written.nextSetBit(i + 1)) {
                content.forced[i] = content.written[i];
            }
        }

        @Override
        public void close() {}
    }
}
