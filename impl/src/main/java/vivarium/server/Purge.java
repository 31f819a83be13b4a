package vivarium.server;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.storage.Disk;
import vivarium.storage.Snapshots;

/** Removes old snapshots, and the logs that those that are kept do not need. */
final class Purge implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);

    private final Snapshots snapshots;
    private final Disk logs;
    private final int keep;

    Purge(Snapshots snapshots, Disk logs, int keep) {
        this.snapshots = snapshots;
        this.logs = logs;
        this.keep = keep;
    }

    @Override
    public void run() {
        try {
            List<String> deleted = snapshots.purge(logs, keep);
            if (!deleted.isEmpty()) {
                LOG.info("removed, as {} snapshots are kept: {}", keep, deleted);
            }
        } catch (IOException e) {
            LOG.error("old files can't be removed: {}", "" + e);
        }
    }
}
