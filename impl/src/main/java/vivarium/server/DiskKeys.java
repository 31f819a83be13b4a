package vivarium.server;

import java.util.Locale;
import vivarium.core.ContainerCheck;
import vivarium.storage.LogSettings;
import vivarium.storage.Packing;
import vivarium.storage.SnapshotSettings;

/** Those keys of {@code zoo.cfg} that say how the disk is written, and what is removed. */
final class DiskKeys {
    private static final long KILOBYTE = 1024;
    private static final int MOST = Integer.MAX_VALUE;

    private DiskKeys() {}

    /**
     * @param maxRecordBytes the longest record that Apache's server would read again
     */
    static LogSettings log(ConfigValues values, int maxRecordBytes) throws ConfigException {
        boolean forces = values.flag("forceSync", true);
        if (!forces) {
            values.warn("forceSync=no: a power cut can take back what was acknowledged");
        }
        return new LogSettings(
                values.integer("preAllocSize", 64 * 1024, 0, 2 * 1024 * 1024) * KILOBYTE,
                forces,
                maxRecordBytes,
                kilobytes(values, "txnLogSizeLimitInKb", -1));
    }

    /** After how many bytes of log, at most, a snapshot is due; 0 for any number. */
    static long snapshotLogBytes(ConfigValues values) throws ConfigException {
        return kilobytes(values, "snapSizeLimitInKb", 4 * 1024 * 1024);
    }

    /** As with ZooKeeper, what is not above 0 is no limit. */
    private static long kilobytes(ConfigValues values, String key, int preset)
            throws ConfigException {
        return Math.max(0, values.integer(key, preset, Integer.MIN_VALUE, MOST) * KILOBYTE);
    }

    static boolean digests(ConfigValues values) throws ConfigException {
        return values.flag("digest.enabled", true);
    }

    /**
     * Apache's server, where its digests are switched on, takes what is behind the znodes for a
     * digest, whatever it is; so without one there is nothing.
     */
    static SnapshotSettings snapshots(ConfigValues values) throws ConfigException {
        boolean digests = digests(values);
        boolean zxids = values.flag("serializeLastProcessedZxid.enabled", true);
        return new SnapshotSettings(digests, digests && zxids, packing(values));
    }

    private static Packing packing(ConfigValues values) throws ConfigException {
        String key = "snapshot.compression.method";
        ConfigValues.Value value = values.find(key);
        if (value == null) {
            return Packing.NONE;
        }
        return switch (value.text().toLowerCase(Locale.ROOT)) {
            case "" -> Packing.NONE;
            case "gz" -> Packing.GZIP;
            case "snappy" -> Packing.SNAPPY;
            default -> throw ConfigValues.wrong(key, value, "gz, snappy or nothing is expected");
        };
    }

    static ContainerCheck containers(ConfigValues values) throws ConfigException {
        return new ContainerCheck(
                values.integer("znode.container.checkIntervalMs", 60_000, 1, MOST),
                values.integer("znode.container.maxPerMinute", 10_000, 1, MOST),
                values.integer("znode.container.maxNeverUsedIntervalMs", 0, 0, MOST));
    }
}
