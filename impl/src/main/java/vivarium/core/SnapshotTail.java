package vivarium.core;

/**
 * What stands in a snapshot behind its znodes.
 *
 * @param zxid the same as in the head
 * @param digest the digest of the tree at that transaction
 */
public record SnapshotTail(long zxid, long digest) {}
