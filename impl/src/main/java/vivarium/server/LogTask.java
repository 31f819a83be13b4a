package vivarium.server;

import java.util.List;
import vivarium.core.txn.Proposal;

/** What the log's thread is asked to do; in this order, and durably. */
sealed interface LogTask {
    /** Proposals in the order of their zxids; not empty. */
    record Append(List<Proposal> proposals) implements LogTask {}

    /** What is in the log's batch is forced. */
    record Force() implements LogTask {}

    /** The log goes on in a new file. */
    record Roll() implements LogTask {}

    record SaveAcceptedEpoch(long epoch) implements LogTask {}

    record SaveCurrentEpoch(long epoch) implements LogTask {}

    /** A portion of what is behind {@code zxid} is read back, for a learner. */
    record Read(long zxid) implements LogTask {}

    /** All behind {@code zxid} goes, from the log and of snapshots, and the disk is read again. */
    record Truncate(long zxid) implements LogTask {}

    /** A snapshot called {@code zxid}, which is on the disk, replaces all that the log has. */
    record Replace(long zxid, Runnable then) implements LogTask {}
}
