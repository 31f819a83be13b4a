package vivarium.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vivarium.core.Input;
import vivarium.core.Zxid;
import vivarium.core.txn.Proposal;
import vivarium.measures.Summary;
import vivarium.storage.Epochs;
import vivarium.storage.PastLog;
import vivarium.storage.TxnLog;

/**
 * The thread that makes things durable. Whatever has come while it was waiting for the disk goes
 * there together, in one write with one force; nobody waits to fill a batch. A write that is alone
 * on a quiet server need not come here: see {@link #performHere}.
 *
 * <p>When the disk is full nothing more is acknowledged, and the thread tries again until there is
 * room. Any other failure of the disk ends the server: what it holds can't be known any more.
 */
final class LogThread {
    private static final Logger LOG = LoggerFactory.getLogger(LogThread.class);
    private static final long RETRY_MILLIS = 500;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private TxnLog log;
    private final Reload reload;
    private final Epochs epochs;
    private final PastLog past;
    private final Limits limits;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Consumer<Input> done;
    private final Consumer<Throwable> failed;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<LogTask> waiting = new ArrayList<>();
    private boolean stopping;

    /** Whether the log is this thread's; while it is not, it is whose {@link #lock} is. */
    private boolean busy = true;

    private volatile boolean abandoned;
    private final Lull lull = new Lull();

    private final Summary forceMillis = new Summary();
    private final Summary batchSizes = new Summary();

    /** How many proposals are in the log's batch, not forced yet. */
    private int pending;

    /** Whether the last force was of more than one proposal. */
    private boolean together;

    /** Behind how many bytes the peer is told that the log is long; whether it has been told. */
    private long snapshotBytes;

    private boolean saidLong;

    /**
     * What is worth a word.
     *
     * @param slowForceMillis a force that takes longer is worth a warning
     * @param snapshotBytes so many bytes of log, or up to half as many, are worth a snapshot; 0 for
     *     any number
     */
    record Limits(int slowForceMillis, long snapshotBytes) {}

    /**
     * @param reload reads the disk again when the log was cut
     * @param past reads the log back
     * @param done takes what the peer is to be told; called by this thread
     * @param failed takes the failure that ends the server
     */
    LogThread(
            String name,
            TxnLog log,
            Epochs epochs,
            Reload reload,
            PastLog past,
            Limits limits,
            Consumer<Input> done,
            Consumer<Throwable> failed) {
        this.log = log;
        this.epochs = epochs;
        this.reload = reload;
        this.past = past;
        this.limits = limits;
        this.snapshotBytes = draw();
        this.done = done;
        this.failed = failed;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** How long forcing took, in milliseconds. */
    Summary forceMillis() {
        return forceMillis;
    }

    /** How many proposals were forced together. */
    Summary batchSizes() {
        return batchSizes;
    }

    /** Asks for {@code tasks}, after all that was asked before. */
    void submit(List<LogTask> tasks) {
        lock.lock();
        try {
            waiting.addAll(tasks);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Logs one proposal and forces it on the caller's thread, which then waits for the disk: two
     * hand-overs less, each of which costs a wake-up. Only where the last forces were quick, of one
     * proposal each and close to each other ({@link Lull}), and this thread has nothing to do.
     *
     * @return whether that was done, or tried; otherwise it is to be submitted
     */
    boolean performHere(Proposal proposal) {
        if (!lull.lasts()) {
            return false;
        }
        IOException failure = null;
        lock.lock();
        try {
            if (busy || stopping || !waiting.isEmpty()) {
                return false;
            }
            log.append(proposal);
            pending++;
            long startNanos = System.nanoTime();
            log.force();
            onForced(startNanos, System.nanoTime());
        } catch (IOException e) {
            if (isFull(e)) {
                // It is in the log's batch, and goes to the disk as soon as there is room.
                waiting.add(new LogTask.Force());
                changed.signal();
            } else {
                failure = e;
            }
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            failed.accept(failure);
        }
        return true;
    }

    /** Finishes what was asked for, closes the log, and ends; waits for that. */
    boolean stop(long timeoutMillis) {
        lock.lock();
        try {
            stopping = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        return join(timeoutMillis);
    }

    /** Ends as soon as it can; what was not forced by then may be lost. */
    void abandon(long timeoutMillis) {
        abandoned = true;
        stop(timeoutMillis);
    }

    private boolean join(long timeoutMillis) {
        if (Thread.currentThread().equals(thread)) {
            return true;
        }
        try {
            return thread.join(java.time.Duration.ofMillis(timeoutMillis));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try {
            List<LogTask> tasks = take();
            while (!tasks.isEmpty() && !abandoned) {
                for (LogTask task : tasks) {
                    perform(task);
                }
                force();
                tasks = take();
            }
            past.close();
            if (!abandoned) {
                log.close();
            }
        } catch (IOException | RuntimeException | Error e) {
            failed.accept(e);
        }
    }

    /** All that waits; empty when this thread is to end. */
    private List<LogTask> take() {
        await();
        letOthersGoFirst();
        lock.lock();
        try {
            List<LogTask> tasks = waiting;
            waiting = new ArrayList<>();
            return tasks;
        } finally {
            lock.unlock();
        }
    }

    private void await() {
        lock.lock();
        try {
            busy = false;
            while (waiting.isEmpty() && !stopping) {
                changed.awaitUninterruptibly();
            }
            busy = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Where all cores are taken, one who waits for this one may be the loop, with more for the same
     * force: a force costs as much for one proposal as for ten. Where one is free, this returns at
     * once. Nothing depends on it but how many go together (docs/performance.md), so where they
     * come one by one nobody is let wait.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private void letOthersGoFirst() {
        if (together) {
            Thread.yield();
        }
    }

    private void perform(LogTask task) throws IOException {
        switch (task) {
            case LogTask.Append(List<Proposal> proposals) -> {
                for (int i = 0; i < proposals.size(); i++) {
                    Proposal proposal = proposals.get(i);
                    untilThereIsRoom(() -> log.append(proposal));
                    pending++;
                }
            }
            case LogTask.Force _ -> force();
            case LogTask.Roll _ -> {
                force();
                untilThereIsRoom(log::roll);
                saidLong = false;
                snapshotBytes = draw();
            }
            // An epoch promises a history, so the history is forced before it.
            case LogTask.SaveAcceptedEpoch(long epoch) -> {
                force();
                untilThereIsRoom(() -> epochs.saveAccepted(epoch));
                done.accept(new Input.AcceptedEpochSaved(epoch));
            }
            case LogTask.SaveCurrentEpoch(long epoch) -> {
                force();
                untilThereIsRoom(() -> epochs.saveCurrent(epoch));
                done.accept(new Input.CurrentEpochSaved(epoch));
            }
            case LogTask.Read(long zxid) -> {
                force();
                done.accept(read(zxid));
            }
            case LogTask.Truncate(long zxid) -> {
                force();
                past.forget();
                Reload.Reloaded reloaded = reload.cut(log, zxid);
                log = reloaded.log();
                done.accept(new Input.Reloaded(reloaded.recovered()));
            }
            case LogTask.Replace(long zxid, Runnable then) -> {
                force();
                past.forget();
                log.restartBehind(zxid);
                then.run();
            }
        }
    }

    /** Damage in what is past stops nobody: the learner gets a snapshot instead. */
    private Input.LogRead read(long zxid) {
        try {
            PastLog.Portion portion = past.read(zxid, log.lastForced());
            return new Input.LogRead(zxid, portion.foundZxid(), portion.proposals());
        } catch (IOException e) {
            LOG.warn("the log can't be read back behind {}: {}", Zxid.text(zxid), "" + e);
            return new Input.LogRead(zxid, -1, List.of());
        }
    }

    private void force() throws IOException {
        if (pending == 0 || abandoned) {
            return;
        }
        long startNanos = System.nanoTime();
        untilThereIsRoom(log::force);
        if (!abandoned) {
            onForced(startNanos, System.nanoTime());
        }
    }

    private void onForced(long startNanos, long endNanos) {
        long millis = (endNanos - startNanos) / NANOS_PER_MILLI;
        lull.forced(pending, startNanos, endNanos);
        forceMillis.add(millis);
        batchSizes.add(pending);
        together = pending > 1;
        if (millis > limits.slowForceMillis()) {
            LOG.warn("forcing the log took {} ms; a slow disk makes every write slow", millis);
        }
        pending = 0;
        done.accept(new Input.Durable(log.lastForced()));
        if (!saidLong && log.bytesSinceRoll() > snapshotBytes) {
            saidLong = true;
            done.accept(new Input.LogIsLong());
        }
    }

    /** As with their number, servers take turns by chance. */
    private long draw() {
        long half = limits.snapshotBytes() / 2;
        return half == 0 ? Long.MAX_VALUE : half + random.nextLong(half);
    }

    private void untilThereIsRoom(Step step) throws IOException {
        boolean said = false;
        while (!abandoned) {
            try {
                step.perform();
                if (said) {
                    LOG.info("there is room on the disk again; writes go on");
                }
                return;
            } catch (IOException e) {
                if (!isFull(e) || isStopping()) {
                    throw e;
                }
                if (!said) {
                    said = true;
                    LOG.error("the disk is full ({}); no write is acknowledged", e.getMessage());
                }
                pause();
            }
        }
    }

    /** The JDK has no exception of its own for it. */
    static boolean isFull(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left on device")
                || message.contains("Disk quota exceeded");
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
            while (leftNanos > 0 && !stopping) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } catch (InterruptedException _) {
            abandoned = true;
        } finally {
            lock.unlock();
        }
    }

    /** Something that can be tried again after it failed. */
    @FunctionalInterface
    private interface Step {
        void perform() throws IOException;
    }
}
