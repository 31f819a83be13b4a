package vivarium.storage;

/**
 * How snapshots are written.
 *
 * @param digest whether they end with the tree's digest, as ZooKeeper's do since 3.6
 * @param zxid whether they end with their own zxid too, as ZooKeeper's do since 3.9
 */
public record SnapshotSettings(boolean digest, boolean zxid, Packing packing) {
    /** ZooKeeper's defaults. */
    public static final SnapshotSettings DEFAULT = new SnapshotSettings(true, true, Packing.NONE);
}
