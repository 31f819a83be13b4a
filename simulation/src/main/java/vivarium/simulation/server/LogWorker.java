package vivarium.simulation.server;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.core.Input;
import vivarium.core.Recovered;
import vivarium.core.Zxid;
import vivarium.core.txn.Proposal;
import vivarium.simulation.disk.SimDisk;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Trace;
import vivarium.storage.DamageException;
import vivarium.storage.Epochs;
import vivarium.storage.PastLog;
import vivarium.storage.Recovery;
import vivarium.storage.SnapshotSettings;
import vivarium.storage.Snapshots;
import vivarium.storage.TxnLog;

/**
 * Does what the log's thread of a real server does, with the same storage: whatever has come while
 * it waited for the disk goes there together, with one force. Each piece of work is done at the end
 * of the time that it takes; a power cut in between does a part of it.
 */
final class LogWorker {
    private static final long RETRY_MICROS = 500_000;

    private final SimServer server;
    private final SimDisk disk;
    private final Epochs epochs;
    private final ArrayDeque<DiskTask> waiting = new ArrayDeque<>();
    private final PastLog past;
    private TxnLog log;

    /** What is being done, empty for nothing; appends are taken together. */
    private List<DiskTask> unit = new ArrayList<>();

    private @Nullable Runnable afterReplaced;

    LogWorker(SimServer server, SimDisk disk, long lastZxid) {
        this.server = server;
        this.disk = disk;
        this.epochs = new Epochs(disk);
        ServerTraits traits = server.traits();
        this.log = new TxnLog(disk, traits.log(), lastZxid);
        this.past =
                new PastLog(
                        disk,
                        disk,
                        traits.log(),
                        traits.snapshotSizeFactor(),
                        traits.portionBytes());
    }

    /** Reads the disk, as a server does at its start. */
    static Recovery.Result recover(SimDisk disk, ServerTraits traits, Marks marks, Mistake mistake)
            throws IOException {
        if (mistake == Mistake.RECOVERY_FORCES_NOTHING && !disk.list().isEmpty()) {
            disk.forgetful(true);
            try {
                return recover(disk, traits, marks, Mistake.NONE);
            } finally {
                disk.forgetful(false);
            }
        }
        boolean extended = traits.settings().extendedTypes();
        Recovery.Options options =
                new Recovery.Options(traits.log(), true, extended, false, SnapshotSettings.DEFAULT);
        Recovery.Result result = new Recovery(disk, disk, options).recover();
        for (String finding : result.findings()) {
            if (finding.startsWith("Cut ")) {
                marks.see("torn log cut");
            }
        }
        Recovered recovered = result.recovered();
        boolean sent = recovered.snapshotZxid() > 0 && Zxid.counter(recovered.snapshotZxid()) == 0;
        if (sent && recovered.txnsSinceSnapshot() == 0 && disk.hasLog()) {
            marks.see("logs left that a snapshot replaces");
        }
        return result;
    }

    /** The newest zxid that really is safe. */
    long forcedZxid() {
        return log.lastForced();
    }

    void submit(List<DiskTask> tasks) {
        waiting.addAll(tasks);
        if (unit.isEmpty()) {
            begin();
        }
    }

    /** Removes whatever a snapshot has replaced, then runs {@code then}. */
    void replaced(long zxid, Runnable then) {
        afterReplaced = then;
        submit(List.of(new DiskTask.Replaced(zxid)));
    }

    private void begin() {
        DiskTask first = waiting.poll();
        if (first == null) {
            return;
        }
        unit.add(first);
        while (first instanceof DiskTask.Append && waiting.peek() instanceof DiskTask.Append more) {
            unit.add(more);
            waiting.remove();
        }
        if (server.has(Mistake.DURABLE_BEFORE_FORCE)
                && unit.getLast() instanceof DiskTask.Append last) {
            server.offer(new Input.Durable(last.proposals().getLast().zxid()));
        }
        if (server.has(Mistake.EPOCH_BEFORE_SAVE)) {
            tellEpoch(first);
        }
        server.afterDisk(true, this::end);
    }

    private void tellEpoch(DiskTask task) {
        if (task instanceof DiskTask.SaveAcceptedEpoch accepted) {
            server.acceptedEpochSaved(accepted.epoch());
        } else if (task instanceof DiskTask.SaveCurrentEpoch current) {
            server.currentEpochSaved(current.epoch());
        }
    }

    private void end() {
        try {
            for (DiskTask task : unit) {
                perform(task);
            }
            if (unit.getFirst() instanceof DiskTask.Append) {
                log.force();
                tell();
            }
        } catch (IOException e) {
            onFailure(e);
            return;
        }
        unit = new ArrayList<>();
        begin();
    }

    private void onFailure(IOException e) {
        if (e instanceof DamageException) {
            server.marks().see("log too damaged to be cut");
        }
        if (String.valueOf(e.getMessage()).contains("No space left")) {
            server.marks().see("disk full while writing");
            server.later(RETRY_MICROS, this::end);
        } else {
            server.failed(e);
        }
    }

    private void tell() {
        server.trace().add(Trace.Kind.FORCED, server.sid(), log.lastForced(), unit.size());
        server.offer(new Input.Durable(log.lastForced()));
    }

    private void perform(DiskTask task) throws IOException {
        switch (task) {
            case DiskTask.Append append -> {
                List<Proposal> proposals = append.proposals();
                for (Proposal proposal : proposals) {
                    // A unit that is tried again has some of them in the log's batch already.
                    if (proposal.zxid() > log.lastAppended()) {
                        log.append(proposal);
                    }
                }
            }
            case DiskTask.Roll _ -> log.roll();
            case DiskTask.Truncate truncate -> truncate(truncate.zxid());
            case DiskTask.Read read -> server.offer(read(read.zxid()));
            case DiskTask.SaveAcceptedEpoch accepted -> {
                epochs.saveAccepted(accepted.epoch());
                server.acceptedEpochSaved(accepted.epoch());
            }
            case DiskTask.SaveCurrentEpoch current -> {
                epochs.saveCurrent(current.epoch());
                server.currentEpochSaved(current.epoch());
            }
            case DiskTask.Replaced replaced -> replace(replaced.zxid());
        }
    }

    private Input.LogRead read(long zxid) {
        try {
            PastLog.Portion portion = past.read(zxid, log.lastForced());
            List<Proposal> proposals = portion.proposals();
            if (server.has(Mistake.READ_BACK_WITH_GAPS) && proposals.size() > 1) {
                proposals = proposals.subList(1, proposals.size());
            }
            return new Input.LogRead(zxid, portion.foundZxid(), proposals);
        } catch (IOException _) {
            server.marks().see("log not to be read back");
            return new Input.LogRead(zxid, -1, List.of());
        }
    }

    private void truncate(long zxid) throws IOException {
        past.forget();
        log.truncate(zxid, new Snapshots(disk).discardBehind(zxid));
        Recovery.Result result = recover(disk, server.traits(), server.marks(), Mistake.NONE);
        log =
                new TxnLog(
                        disk,
                        server.traits().log(),
                        result.recovered().replica().lastProcessedZxid());
        server.reloaded(result.recovered());
    }

    private void replace(long zxid) throws IOException {
        past.forget();
        log.close();
        removeAllBut(zxid);
        log = new TxnLog(disk, server.traits().log(), zxid);
        Runnable then = afterReplaced;
        afterReplaced = null;
        if (then != null) {
            then.run();
        }
    }

    /** Removes every log and every snapshot but one, which is on disk: they may contradict it. */
    private void removeAllBut(long zxid) throws IOException {
        String kept = "snapshot." + Long.toHexString(zxid);
        List<String> names = disk.list();
        for (int i = names.size() - 1; i >= 0; i--) {
            String name = names.get(i);
            boolean old = name.startsWith("log.") || name.startsWith("snapshot.");
            if (old && !name.equals(kept)) {
                disk.delete(name);
            }
        }
        disk.forceNames();
    }

    /** The server dies: a part of what it was doing is done. */
    void die() throws IOException {
        for (DiskTask task : unit) {
            switch (task) {
                case DiskTask.Append append -> {
                    perform(append);
                    log.force();
                }
                case DiskTask.Roll _ -> log.roll();
                case DiskTask.Read _ -> {}
                case DiskTask.Truncate truncate -> {
                    long stays = new Snapshots(disk).discardBehind(truncate.zxid());
                    log.truncate(truncate.zxid(), stays);
                }
                case DiskTask.SaveAcceptedEpoch accepted -> epochs.saveAccepted(accepted.epoch());
                case DiskTask.SaveCurrentEpoch current -> epochs.saveCurrent(current.epoch());
                case DiskTask.Replaced replaced -> removeAllBut(replaced.zxid());
            }
        }
    }
}
