package vivarium.simulation.server;

import java.util.ArrayList;
import java.util.List;
import vivarium.core.txn.Proposal;

/**
 * What a turn brings for the disk of the log, in order; proposals that follow each other go as one.
 */
final class Errands {
    private List<DiskTask> tasks = new ArrayList<>();
    private List<Proposal> batch = new ArrayList<>();

    void append(Proposal proposal) {
        batch.add(proposal);
    }

    void add(DiskTask task) {
        closeBatch();
        tasks.add(task);
    }

    private void closeBatch() {
        if (!batch.isEmpty()) {
            tasks.add(new DiskTask.Append(batch));
            batch = new ArrayList<>();
        }
    }

    /** All that the turn has brought; the next one begins with nothing. */
    List<DiskTask> take() {
        closeBatch();
        List<DiskTask> taken = tasks;
        tasks = new ArrayList<>();
        return taken;
    }
}
