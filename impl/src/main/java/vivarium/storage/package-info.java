/**
 * The log, the snapshots and the epochs on a disk, in ZooKeeper's formats, and what is made of them
 * at a start. Plain blocking code over the {@link vivarium.storage.Disk} port: no threads, no
 * clock.
 *
 * <p>What is durable when: a proposal when {@link vivarium.storage.TxnLog#force} has returned, a
 * snapshot when {@link vivarium.storage.SnapshotWriter#end} has, an epoch when its save has. Before
 * that, a power cut may leave all, some or nothing of it, and recovery takes it back whole.
 */
@NullMarked
package vivarium.storage;

import org.jspecify.annotations.NullMarked;
