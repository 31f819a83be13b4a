package vivarium.server;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Recovered;
import vivarium.core.Zxid;
import vivarium.storage.Disk;
import vivarium.storage.LogSettings;
import vivarium.storage.Recovery;
import vivarium.storage.Snapshots;
import vivarium.storage.TxnLog;

/** Reads what the disk holds: at the start, and again when the leader has had the log cut. */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final Disk dataDisk;
    private final Disk logDisk;
    private final LogSettings logSettings;
    private final Recovery.Options options;

    Reload(Disk dataDisk, Disk logDisk, LogSettings logSettings, Config config) {
        this.dataDisk = dataDisk;
        this.logDisk = logDisk;
        this.logSettings = logSettings;
        this.options =
                new Recovery.Options(
                        logSettings,
                        config.dataDir().equals(config.dataLogDir()),
                        config.settings().extendedTypes(),
                        config.trustsEmpty(),
                        config.snapshots());
    }

    /** What the disk holds, and the log that goes on behind it. */
    record Reloaded(Recovered recovered, TxnLog log) {}

    /** Reads the disk. */
    Reloaded read() throws IOException {
        Recovery.Result result = new Recovery(dataDisk, logDisk, options).recover();
        for (String finding : result.findings()) {
            LOG.warn("{}", finding);
        }
        long last = result.recovered().replica().lastProcessedZxid();
        return new Reloaded(result.recovered(), new TxnLog(logDisk, logSettings, last));
    }

    /**
     * Removes what is behind {@code zxid}, and reads what is left. Snapshots of it go first: what
     * was never agreed must not come back.
     */
    Reloaded cut(TxnLog log, long zxid) throws IOException {
        LOG.info("the log is cut behind {}, since the leader does not know it", Zxid.text(zxid));
        log.truncate(zxid, new Snapshots(dataDisk).discardBehind(zxid));
        return read();
    }
}
