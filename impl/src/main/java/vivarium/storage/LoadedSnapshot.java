package vivarium.storage;

import java.util.List;
import vivarium.core.Replica;

/**
 * A snapshot in memory.
 *
 * @param replica its tree and sessions
 * @param digestZxid the transaction at which the tree had {@code digest}, -1 where the snapshot
 *     does not say. Apache's may have effects of transactions behind the one in its name: up to
 *     this.
 * @param findings what was noticed, for people
 */
record LoadedSnapshot(Replica replica, long digestZxid, long digest, List<String> findings) {}
