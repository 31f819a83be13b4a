package vivarium.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.wire.SnapshotCodec;

/** The snapshots of one directory: writing them, reading the newest good one, purging. */
public final class Snapshots {
    /** What the name of a snapshot begins with while it is being written. */
    static final String UNFINISHED = "unfinished.";

    private static final List<String> ENDINGS =
            Stream.of(Packing.values()).map(Packing::ending).toList();

    /** What ZooKeeper takes for the least that a snapshot can have. */
    private static final int LEAST_BYTES = 10;

    /** No purge leaves fewer snapshots than this. */
    public static final int LEAST_KEPT = 3;

    private final Disk disk;
    private final SnapshotSettings settings;

    /**
     * @param disk dataDir/version-2
     */
    public Snapshots(Disk disk, SnapshotSettings settings) {
        this.disk = disk;
        this.settings = settings;
    }

    /** Those that are written as ZooKeeper writes them unless it is told otherwise. */
    public Snapshots(Disk disk) {
        this(disk, SnapshotSettings.DEFAULT);
    }

    /** Begins a snapshot; znodes follow. */
    public SnapshotWriter begin(SnapshotHead head) throws IOException {
        return new SnapshotWriter(disk, settings, head);
    }

    /** All snapshots, good or not, by ascending zxid. */
    static List<FileNames.Named> list(Disk disk) throws IOException {
        return FileNames.select(disk.list(), FileNames.SNAPSHOT, ENDINGS);
    }

    /** Removes what a snapshot left that was never finished; their number. */
    public int sweep() throws IOException {
        int swept = 0;
        for (String name : disk.list()) {
            if (name.startsWith(UNFINISHED + FileNames.SNAPSHOT + ".")) {
                disk.delete(name);
                swept++;
            }
        }
        return swept;
    }

    /**
     * Reads a snapshot, which takes its zxid from its name.
     *
     * @throws DamageException if it is not whole, and says why
     */
    static LoadedSnapshot load(Disk disk, FileNames.Named named, boolean extendedTypes)
            throws IOException {
        try (DiskFile file = disk.open(named.name(), false)) {
            return SnapshotLoader.load(source(file, named.name()), named, extendedTypes);
        } catch (UncheckedIOException e) {
            throw new DamageException(named.name() + " can't be read: " + e.getMessage(), e);
        }
    }

    private static SnapshotInput.Source source(DiskFile file, String name) throws IOException {
        DiskStream stream = new DiskStream(file);
        if (name.endsWith(Packing.GZIP.ending())) {
            try {
                GZIPInputStream unzipped = new GZIPInputStream(stream, 64 << 10);
                return unzipped::read;
            } catch (IOException e) {
                throw new DamageException(name + " is no gzip file: " + e.getMessage(), e);
            }
        }
        if (name.endsWith(Packing.SNAPPY.ending())) {
            return new SnappyStream(stream, name)::read;
        }
        return stream::read;
    }

    /** Whether a snapshot looks whole, as far as can be told without reading all of it. */
    static boolean looksWhole(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(name, false)) {
            long length = file.length();
            if (name.endsWith(Packing.GZIP.ending()) || name.endsWith(Packing.SNAPPY.ending())) {
                return length >= LEAST_BYTES;
            }
            byte[] ending = new byte[SnapshotCodec.ENDING.length()];
            return length >= LEAST_BYTES
                    && file.read(length - ending.length, ending, 0, ending.length) == ending.length
                    && Bytes.wrap(ending).equals(SnapshotCodec.ENDING);
        }
    }

    /**
     * Deletes old snapshots and the logs that none of those kept needs.
     *
     * @param logs dataLogDir/version-2
     * @param keep how many good snapshots to keep, at least {@link #LEAST_KEPT}
     * @return the names of the deleted files
     */
    public List<String> purge(Disk logs, int keep) throws IOException {
        List<FileNames.Named> snapshots = list(disk);
        int wanted = Math.max(keep, LEAST_KEPT);
        long oldestKept = -1;
        for (int i = snapshots.size() - 1; i >= 0 && wanted > 0; i--) {
            if (looksWhole(disk, snapshots.get(i).name())) {
                wanted--;
                oldestKept = snapshots.get(i).zxid();
            }
        }
        List<String> deleted = new ArrayList<>();
        if (wanted > 0) {
            return deleted;
        }
        for (FileNames.Named snapshot : snapshots) {
            if (snapshot.zxid() < oldestKept) {
                disk.delete(snapshot.name());
                deleted.add(snapshot.name());
            }
        }
        disk.forceNames();
        List<FileNames.Named> files = LogFiles.list(logs);
        int firstKept = LogFiles.holding(files, oldestKept);
        for (int i = 0; i < firstKept; i++) {
            logs.delete(files.get(i).name());
            deleted.add(files.get(i).name());
        }
        logs.forceNames();
        return deleted;
    }

    /**
     * Removes, durably, every snapshot behind {@code zxid}, before the log is cut there: a snapshot
     * of what was never agreed must not come back.
     *
     * @return the newest whole snapshot that is left, -1 if there is no snapshot at all
     * @throws DamageException if none would be left; nothing has been removed then
     */
    public long discardBehind(long zxid) throws IOException {
        List<FileNames.Named> snapshots = list(disk);
        long stays = -1;
        for (FileNames.Named snapshot : snapshots) {
            if (snapshot.zxid() <= zxid && looksWhole(disk, snapshot.name())) {
                stays = snapshot.zxid();
            }
        }
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            FileNames.Named snapshot = snapshots.get(i);
            if (snapshot.zxid() > zxid) {
                if (stays < 0) {
                    throw new DamageException(
                            disk.place()
                                    + " has no snapshot from before zxid 0x"
                                    + Long.toHexString(zxid)
                                    + " to go back to.");
                }
                disk.delete(snapshot.name());
                disk.forceNames();
            }
        }
        return stays;
    }

    /**
     * Removes, durably, every snapshot but the one called {@code zxid}, which has replaced all that
     * this server had. It comes after {@link TxnLog#restartBehind}.
     */
    public void discardAllBut(long zxid) throws IOException {
        List<FileNames.Named> snapshots = list(disk);
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            if (snapshots.get(i).zxid() != zxid) {
                disk.delete(snapshots.get(i).name());
                disk.forceNames();
            }
        }
    }

    /** A file read from its start to its end. */
    private static final class DiskStream extends InputStream {
        private final DiskFile file;
        private long position;

        DiskStream(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            int read = file.read(position, target, offset, count);
            if (read > 0) {
                position += read;
            }
            return read;
        }
    }
}
