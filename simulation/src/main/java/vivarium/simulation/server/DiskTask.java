package vivarium.simulation.server;

import java.util.List;
import vivarium.core.txn.Proposal;

/** What the log's worker is asked to do; in this order, and durably. */
sealed interface DiskTask {
    /** Proposals in the order of their zxids; not empty. */
    record Append(List<Proposal> proposals) implements DiskTask {}

    /** The log goes on in a new file. */
    record Roll() implements DiskTask {}

    record Truncate(long zxid) implements DiskTask {}

    /** A portion of what is behind {@code zxid} is read back. */
    record Read(long zxid) implements DiskTask {}

    record SaveAcceptedEpoch(long epoch) implements DiskTask {}

    record SaveCurrentEpoch(long epoch) implements DiskTask {}

    /** A snapshot that replaces everything else is on disk: everything else goes. */
    record Replaced(long zxid) implements DiskTask {}
}
