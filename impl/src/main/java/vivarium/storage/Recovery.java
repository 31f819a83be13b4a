package vivarium.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vivarium.core.Recovered;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.txn.Proposal;

/**
 * What a server does with its disk before anything else: it reads the newest good snapshot, applies
 * the log behind it, cuts off a torn end, and makes sure that all that it has read is durable.
 *
 * <p>It deletes nothing but what a power cut has left unfinished, and only when everything else was
 * found to be in order.
 */
public final class Recovery {
    /** As many snapshots are tried, the newest first. */
    private static final int MAX_TRIED = 100;

    private final Disk snapshots;
    private final Disk logs;
    private final Options options;
    private final List<String> findings = new ArrayList<>();

    /**
     * Snapshots that can't be read, with what the log must make up for. This server gives none its
     * name before it is whole; whether an Apache server was interrupted or the end has rotted, the
     * bytes don't tell.
     */
    private final TreeMap<Long, String> lost = new TreeMap<>();

    /**
     * How to recover.
     *
     * @param sameDirectory whether snapshots and logs lie in one directory
     * @param extendedTypes whether znodes with a time to live exist
     * @param trustEmpty whether logs without any snapshot are taken for the whole history
     * @param written how a snapshot that has to be written is
     */
    public record Options(
            LogSettings log,
            boolean sameDirectory,
            boolean extendedTypes,
            boolean trustEmpty,
            SnapshotSettings written) {}

    /**
     * What was found.
     *
     * @param findings what people should know: what was skipped, cut off, or does not fit
     */
    public record Result(Recovered recovered, List<String> findings) {}

    /**
     * @param snapshots dataDir/version-2
     * @param logs dataLogDir/version-2
     */
    public Recovery(Disk snapshots, Disk logs, Options options) {
        this.snapshots = snapshots;
        this.logs = logs;
        this.options = options;
    }

    /**
     * Recovers.
     *
     * @throws DamageException if what the disk holds can't be trusted; nothing was changed then
     */
    public Result recover() throws IOException {
        refuseMixedDirectories();
        LoadedSnapshot snapshot = newestSnapshot();
        LoadedSnapshot start = snapshot == null ? withoutSnapshot() : snapshot;
        findings.addAll(start.findings());
        Replica replica = start.replica();
        long snapshotZxid = replica.lastProcessedZxid();
        int txns = 0;
        LogCursor.@Nullable TornEnd torn;
        try (LogCursor cursor = new LogCursor(logs, options.log(), replica.lastProcessedZxid())) {
            DigestCheck digests = new DigestCheck(start);
            for (Proposal next = cursor.next(); next != null; next = cursor.next()) {
                replica.apply(next);
                lost.remove(next.zxid());
                digests.compare(next, replica, cursor);
                txns++;
            }
            findings.addAll(cursor.findings());
            digests.report(findings);
            torn = cursor.tornEnd();
        }
        refuseIfLost();
        Epochs.Loaded epochs = new Epochs(snapshots).load(replica.lastProcessedZxid());
        findings.addAll(epochs.findings());
        cut(torn);
        makeDurable();
        if (snapshot == null) {
            saveFirst();
        }
        return new Result(
                new Recovered(replica, epochs.accepted(), epochs.current(), snapshotZxid, txns),
                List.copyOf(findings));
    }

    private void refuseMixedDirectories() throws IOException {
        if (options.sameDirectory()) {
            return;
        }
        if (!LogFiles.list(snapshots).isEmpty()) {
            throw new DamageException(
                    snapshots.place()
                            + " is for snapshots but has log files, which belong into "
                            + logs.place()
                            + ". Move them there, or set dataLogDir to what it was.");
        }
        if (!Snapshots.list(logs).isEmpty()) {
            throw new DamageException(
                    logs.place()
                            + " is for logs but has snapshots, which belong into "
                            + snapshots.place()
                            + ". Move them there, or set dataDir to what it was.");
        }
    }

    /** Null if there is no snapshot at all. */
    private @Nullable LoadedSnapshot newestSnapshot() throws IOException {
        List<FileNames.Named> all = Snapshots.list(snapshots);
        List<String> skipped = new ArrayList<>();
        int oldest = Math.max(0, all.size() - MAX_TRIED);
        for (int i = all.size() - 1; i >= oldest; i--) {
            try {
                LoadedSnapshot loaded =
                        Snapshots.load(snapshots, all.get(i), options.extendedTypes());
                findings.addAll(skipped);
                return loaded;
            } catch (DamageException e) {
                skipped.add("Skipped a snapshot: " + e.getMessage() + ".");
                lost.put(all.get(i).zxid(), e.getMessage());
            }
        }
        if (skipped.isEmpty()) {
            return null;
        }
        throw new DamageException(
                "None of the snapshots in "
                        + snapshots.place()
                        + " is whole. "
                        + String.join(" ", skipped)
                        + " Restore one, or empty this server's data directories if others of its"
                        + " ensemble have the data.");
    }

    /**
     * An older snapshot does for a newer one if the log goes through the newer one's zxid. It need
     * not: a snapshot may have been sent by the leader, or be ahead of a log whose end a power cut
     * took. This server has had all of it, and must not vote as if it had not.
     */
    private void refuseIfLost() throws DamageException {
        if (lost.isEmpty()) {
            return;
        }
        throw new DamageException(
                "A snapshot in "
                        + snapshots.place()
                        + " can't be read ("
                        + lost.lastEntry().getValue()
                        + "), and the logs in "
                        + logs.place()
                        + " have no transaction 0x"
                        + Long.toHexString(lost.lastKey())
                        + " that would make up for it. Restore it, or empty this server's data"
                        + " directories if others of its ensemble have the data.");
    }

    /** Nothing at all is a new server; a log that does not say where it begins is not. */
    private LoadedSnapshot withoutSnapshot() throws IOException {
        Replica fresh = Replica.fresh(options.extendedTypes());
        if (!options.trustEmpty() && hasTransactions()) {
            throw new DamageException(
                    "There are transactions in "
                            + logs.place()
                            + " but no snapshot in "
                            + snapshots.place()
                            + ", so what came before them is not known. Restore a snapshot; or, if"
                            + " this server never took one, set snapshot.trust.empty=true once.");
        }
        return new LoadedSnapshot(fresh, -1, 0, List.of());
    }

    private boolean hasTransactions() throws IOException {
        for (FileNames.Named named : LogFiles.list(logs)) {
            try (DiskFile file = logs.open(named.name(), false)) {
                LogReader reader = new LogReader(file, named.name());
                if (reader.next() || reader.end() == LogReader.End.BROKEN) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A file that would be left without a record goes, so that its name is free again. */
    private void cut(LogCursor.@Nullable TornEnd torn) throws IOException {
        if (torn == null) {
            return;
        }
        if (torn.position() <= LogFormat.HEADER_BYTES) {
            logs.delete(torn.file());
            findings.add("Deleted " + torn.file() + ", in which there was no transaction.");
            return;
        }
        try (DiskFile file = logs.open(torn.file(), true)) {
            file.truncate(torn.position());
            file.force();
        }
        findings.add("Cut " + torn.file() + " off at offset " + torn.position() + ".");
    }

    /**
     * What a killed process has written is there to be read, but a power cut could still take it
     * back; whoever acts on it must not let that happen.
     */
    private void makeDurable() throws IOException {
        int swept = new Snapshots(snapshots).sweep();
        if (swept > 0) {
            findings.add("Deleted " + swept + " unfinished snapshots.");
        }
        List<FileNames.Named> files = LogFiles.list(logs);
        if (!files.isEmpty()) {
            try (DiskFile file = logs.open(files.getLast().name(), true)) {
                LogTail.writeAgain(file);
                file.force();
            }
        }
        logs.forceNames();
        snapshots.forceNames();
    }

    /**
     * The snapshot of a server that has done nothing yet. It is there before the first transaction
     * is, since a log without any snapshot does not say where it begins.
     */
    private void saveFirst() throws IOException {
        Replica fresh = Replica.fresh(options.extendedTypes());
        SnapshotHead head =
                new SnapshotHead(
                        fresh.lastProcessedZxid(), false, fresh.sessions(), fresh.tree().acls());
        SnapshotWriter writer = new Snapshots(snapshots, options.written()).begin(head);
        try {
            fresh.tree()
                    .capture((path, data, aclId, stat) -> {
                        try {
                            writer.znode(path, data, aclId, stat);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .advance(Integer.MAX_VALUE);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        writer.end(new SnapshotTail(fresh.lastProcessedZxid(), fresh.digest()));
    }

    /**
     * Compares the tree's digest with what the log says of it. A difference is reported and no
     * more: Apache's own servers write a wrong digest at times.
     */
    private static final class DigestCheck {
        private final LoadedSnapshot start;
        private int compared;
        private int different;
        private long firstDifferent;
        private String firstPlace = "";
        private boolean lastDiffers;

        DigestCheck(LoadedSnapshot start) {
            this.start = start;
        }

        void compare(Proposal proposal, Replica replica, LogCursor cursor) {
            long zxid = proposal.zxid();
            if (zxid < start.digestZxid()) {
                // The snapshot has effects of later transactions already.
                return;
            }
            if (zxid == start.digestZxid()) {
                note(zxid, start.digest() == replica.digest(), cursor);
            }
            if (proposal.digested()) {
                note(zxid, proposal.digest() == replica.digest(), cursor);
            }
        }

        private void note(long zxid, boolean equal, LogCursor cursor) {
            compared++;
            lastDiffers = !equal;
            if (!equal && different++ == 0) {
                firstDifferent = zxid;
                firstPlace = cursor.place();
            }
        }

        void report(List<String> findings) {
            if (different > 0) {
                findings.add(
                        "The tree's digest differs from the log's at "
                                + different
                                + " of "
                                + compared
                                + " transactions, first at zxid 0x"
                                + Long.toHexString(firstDifferent)
                                + " ("
                                + firstPlace
                                + "); at the last one "
                                + (lastDiffers ? "it still differs." : "it is equal again."));
            }
        }
    }
}
