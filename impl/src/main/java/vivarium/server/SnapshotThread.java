package vivarium.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Bytes;
import vivarium.core.Input;
import vivarium.core.SnapshotHead;
import vivarium.core.SnapshotTail;
import vivarium.core.Zxid;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.measures.Summary;
import vivarium.storage.SnapshotWriter;
import vivarium.storage.Snapshots;

/**
 * The thread that writes snapshots and removes old files, so that forcing the log never waits for
 * either. The loop hands over a few hundred znodes a turn, and more only when those are written.
 */
final class SnapshotThread {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotThread.class);

    /** How many znodes one turn of the loop may take from the tree: well below a millisecond. */
    private static final int ROOM_ZNODES = 500;

    /** How many znodes, and how many of their bytes, may wait for this thread. */
    private static final int MOST_WAITING_ZNODES = 2 * ROOM_ZNODES;

    /** A snapshot that has to be, and can't be written, is tried again after this time. */
    private static final long RETRY_MILLIS = 500;

    private static final long MOST_WAITING_BYTES = 16L << 20;

    private final Snapshots snapshots;
    private final Consumer<Input> done;
    private final Consumer<Runnable> onLoop;
    private final Consumer<Throwable> failed;
    private final Replacing replacing;
    private final Thread thread;
    private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final Summary millis = new Summary();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean stopping;

    // Of the loop:
    private List<Znode> chunk = new ArrayList<>();
    private int waitingZnodes;
    private long waitingBytes;
    private long seenZnodes;
    private long seenBytes;

    // Of this thread:
    private @Nullable SnapshotWriter writer;
    private long zxid;
    private boolean replaces;
    private long startNanos;
    private long written;

    private record Znode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {
        int bytes() {
            return path.length() + (data == null ? 0 : data.length());
        }
    }

    private sealed interface Task {
        record Begin(SnapshotHead head) implements Task {}

        record Znodes(List<Znode> znodes) implements Task {}

        record End(SnapshotTail tail) implements Task {}

        record Other(Runnable work) implements Task {}

        record Stop() implements Task {}
    }

    /** What is to be done with the log when a snapshot replaces all that this server had. */
    @FunctionalInterface
    interface Replacing {
        /** Has the log begin anew behind {@code zxid}, and then runs {@code then}. */
        void replace(long zxid, Runnable then);
    }

    /**
     * @param replacing has the log begin anew; called by this thread
     * @param done takes what the peer is to be told; called on the loop's thread only
     * @param onLoop runs a task on the loop's thread
     * @param failed takes a failure that is not the disk's, which ends the server
     */
    SnapshotThread(
            String name,
            Snapshots snapshots,
            Replacing replacing,
            Consumer<Input> done,
            Consumer<Runnable> onLoop,
            Consumer<Throwable> failed) {
        this.snapshots = snapshots;
        this.replacing = replacing;
        this.done = done;
        this.onLoop = onLoop;
        this.failed = failed;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** How long snapshots took, in milliseconds. */
    Summary millis() {
        return millis;
    }

    /** How many snapshots could not be written. */
    long failures() {
        return failures.get();
    }

    /** Runs {@code work} here, behind whatever was asked for before. */
    void execute(Runnable work) {
        queue.add(new Task.Other(work));
    }

    /**
     * Gives up the snapshot that is being written, if there is one, and then runs {@code then}
     * here.
     */
    void abandon(Runnable then) {
        queue.add(
                new Task.Other(() -> {
                    giveUp();
                    then.run();
                }));
    }

    /** Ends; a snapshot that is not complete is given up. */
    void stop(long timeoutMillis) {
        stopping = true;
        queue.add(new Task.Stop());
        try {
            if (!thread.join(java.time.Duration.ofMillis(timeoutMillis))) {
                LOG.warn("the snapshot that is being written is left unfinished");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- on the loop's thread

    void begin(SnapshotHead head) {
        seenZnodes = 0;
        seenBytes = 0;
        queue.add(new Task.Begin(head));
    }

    void znode(Path path, @Nullable Bytes data, long aclId, StatPersisted stat) {
        Znode znode = new Znode(path, data, aclId, stat);
        chunk.add(znode);
        waitingZnodes++;
        waitingBytes += znode.bytes();
        seenZnodes++;
        seenBytes += znode.bytes();
    }

    void end(SnapshotTail tail) {
        endTurn();
        queue.add(new Task.End(tail));
    }

    /** Hands over what the turn has brought. */
    void endTurn() {
        if (!chunk.isEmpty()) {
            queue.add(new Task.Znodes(chunk));
            chunk = new ArrayList<>();
        }
    }

    private void onWritten(int znodes, long bytes) {
        waitingZnodes -= znodes;
        waitingBytes -= bytes;
        long mean = Math.max(1, seenBytes / Math.max(1, seenZnodes));
        long room =
                Math.min(
                        MOST_WAITING_ZNODES - waitingZnodes,
                        (MOST_WAITING_BYTES - waitingBytes) / mean);
        if (waitingZnodes == 0) {
            room = Math.max(1, room);
        }
        if (room > 0) {
            done.accept(new Input.SnapshotRoom((int) Math.min(ROOM_ZNODES, room)));
        }
    }

    // ---- on this thread

    private void run() {
        try {
            Task task = queue.take();
            while (!(task instanceof Task.Stop) && !stopping) {
                perform(task);
                task = queue.take();
            }
            giveUp();
        } catch (InterruptedException _) {
            giveUp();
        } catch (RuntimeException | Error e) {
            failed.accept(e);
        }
    }

    private void perform(Task task) {
        try {
            switch (task) {
                case Task.Begin(SnapshotHead head) -> open(head);
                case Task.Znodes(List<Znode> znodes) -> write(znodes);
                case Task.End(SnapshotTail tail) -> close(tail);
                case Task.Other(Runnable work) -> runOther(work);
                case Task.Stop _ -> {}
            }
        } catch (IOException e) {
            LOG.error("snapshot {} can't be written", Zxid.text(zxid), e);
            giveUp();
            onFailure();
        }
    }

    /** Where the server can't go on without it, it is tried again, but not as fast as it fails. */
    private void onFailure() {
        long failedZxid = zxid;
        if (replaces) {
            try {
                Thread.sleep(RETRY_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        failures.incrementAndGet();
        onLoop.accept(() -> done.accept(new Input.SnapshotFailed(failedZxid)));
    }

    private static void runOther(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("a task of the disk failed", e);
        }
    }

    private void open(SnapshotHead head) throws IOException {
        giveUp();
        zxid = head.zxid();
        replaces = head.replaces();
        startNanos = System.nanoTime();
        written = 0;
        writer = snapshots.begin(head);
    }

    private void write(List<Znode> znodes) throws IOException {
        long bytes = 0;
        SnapshotWriter to = writer;
        for (Znode znode : znodes) {
            if (to != null && !stopping) {
                to.znode(znode.path(), znode.data(), znode.aclId(), znode.stat());
            }
            bytes += znode.bytes();
        }
        written += znodes.size();
        long counted = bytes;
        onLoop.accept(() -> onWritten(znodes.size(), counted));
    }

    private void close(SnapshotTail tail) throws IOException {
        SnapshotWriter to = writer;
        if (to == null) {
            return; // it has failed before
        }
        to.end(tail);
        writer = null;
        long took = (System.nanoTime() - startNanos) / 1_000_000;
        millis.add(took);
        LOG.info("snapshot {}: {} znodes in {} ms", Zxid.text(zxid), written, took);
        long saved = zxid;
        if (replaces) {
            replacing.replace(saved, () -> execute(() -> discardAllBut(saved)));
        } else {
            tellSaved(saved);
        }
    }

    private void tellSaved(long saved) {
        onLoop.accept(() -> done.accept(new Input.SnapshotSaved(saved)));
    }

    /** The log has begun anew; now older snapshots go, since they may contradict this one. */
    private void discardAllBut(long saved) {
        try {
            snapshots.discardAllBut(saved);
            tellSaved(saved);
        } catch (IOException e) {
            failed.accept(e);
        }
    }

    private void giveUp() {
        SnapshotWriter to = writer;
        writer = null;
        if (to != null) {
            try {
                to.abandon();
            } catch (IOException e) {
                LOG.warn("the rest of snapshot {} can't be removed: {}", Zxid.text(zxid), "" + e);
            }
        }
    }
}
