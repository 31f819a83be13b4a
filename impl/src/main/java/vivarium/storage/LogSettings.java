package vivarium.storage;

/**
 * How the log is written.
 *
 * @param preAllocBytes by how much a log file grows at a time; 0 for just what is needed
 * @param forceSync whether a batch is forced to the disk at all; without it a power cut may take
 *     back what was acknowledged
 * @param maxRecordBytes the longest record that an Apache server would read again: jute.maxbuffer
 *     and its extra size. A longer one is written and read here all the same, and reported.
 * @param longFileBytes the batch that makes a file longer is its last one; 0 for files of any
 *     length
 */
public record LogSettings(
        long preAllocBytes, boolean forceSync, int maxRecordBytes, long longFileBytes) {
    /** ZooKeeper's defaults: files grow by 64 MiB, records have up to 2 MiB. */
    public static final LogSettings DEFAULT = new LogSettings(64L << 20, true, 2 * 0xfffff);

    /** Files of any length. */
    public LogSettings(long preAllocBytes, boolean forceSync, int maxRecordBytes) {
        this(preAllocBytes, forceSync, maxRecordBytes, 0);
    }
}
