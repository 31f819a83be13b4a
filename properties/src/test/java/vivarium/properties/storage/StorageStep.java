package vivarium.properties.storage;

import vivarium.properties.storage.MemoryDisk.Leaves;

/** What a server does with its disk, or what happens to it. */
sealed interface StorageStep {
    /** Into so many places a file is divided. */
    int PLACES = 1_000;

    record Append(int count, int flavour) implements StorageStep {}

    record Force() implements StorageStep {}

    record FailToForce(boolean isFull) implements StorageStep {}

    record Roll() implements StorageStep {}

    record Snapshot() implements StorageStep {}

    record NextEpoch() implements StorageStep {}

    /** The newest {@code back} proposals go, as far as they may. */
    record Truncate(int back) implements StorageStep {}

    /** A leader sends all, without the newest {@code back} of this server's, and some more. */
    record Replace(int back, int more) implements StorageStep {}

    record Purge() implements StorageStep {}

    record Kill() implements StorageStep {}

    /** The power goes so many changes of the disk after the beginning of a step, or behind it. */
    record PowerCut(StorageStep during, int changes, Leaves leaves, int seed)
            implements StorageStep {}

    /** A bit turns, and is mended again. */
    record Flip(int file, int place, int bit) implements StorageStep {}

    /** The log is read back from beside a proposal, in portions. */
    record ReadBack(int place, int beside, int portionBytes) implements StorageStep {}
}
