package vivarium.core.tree;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;

/**
 * ZooKeeper's digest of a znode: a CRC-32 over its path, data and persisted stat. The digest of a
 * tree is the sum over its znodes, so it can be kept up to date change by change, and two replicas
 * with equal digests at one zxid have, but for chance, the same tree. Access lists are not in it.
 */
public final class Digest {
    /** The version of this algorithm, as logs and snapshots name it. */
    public static final int VERSION = 2;

    private static final int STAT_LENGTH = 60;
    private static final Path SYSTEM = Path.of("/zookeeper");

    private final CRC32 crc = new CRC32();
    private final Bytes.Sink intoCrc = crc::update;
    private final byte[] stat = new byte[STAT_LENGTH];

    /** The digest of the znode at {@code path}, 0 for what differs between servers on purpose. */
    public int of(Path path, @Nullable Bytes data, PersistedStat persisted) {
        if (path.length() > SYSTEM.length() && path.isAtOrBelow(SYSTEM)) {
            return 0;
        }
        crc.reset();
        if (!path.isRoot()) {
            path.digestInto(crc);
        }
        if (data != null) {
            data.writeTo(intoCrc);
        }
        put(0, persisted.czxid());
        put(8, persisted.mzxid());
        put(16, persisted.pzxid());
        put(24, persisted.ctimeMillis());
        put(32, persisted.mtimeMillis());
        putInt(40, persisted.version());
        putInt(44, persisted.cversion());
        putInt(48, persisted.aversion());
        put(52, persisted.ephemeralOwner());
        crc.update(stat, 0, STAT_LENGTH);
        return (int) crc.getValue();
    }

    /** The digest as a summand: it is unsigned. */
    public static long summand(int digest) {
        return Integer.toUnsignedLong(digest);
    }

    private void put(int at, long value) {
        putInt(at, (int) (value >>> 32));
        putInt(at + 4, (int) value);
    }

    private void putInt(int at, int value) {
        stat[at] = (byte) (value >>> 24);
        stat[at + 1] = (byte) (value >>> 16);
        stat[at + 2] = (byte) (value >>> 8);
        stat[at + 3] = (byte) value;
    }
}
