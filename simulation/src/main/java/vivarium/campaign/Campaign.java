package vivarium.campaign;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import vivarium.simulation.Outcome;
import vivarium.simulation.Plan;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Violation;

/**
 * A range of seeds, run on several threads. A seed that fails stops no other; each runs wholly on
 * one thread and knows nothing of the others. One that hangs is reported and its thread left
 * behind, as threads can't be ended from outside; another takes the place of it.
 */
final class Campaign {
    private final Task task;
    private final Duration patience;
    private final long endNanos;
    private final int mostHanging;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    // Guarded by the lock:
    private final Ledger ledger;
    private final TreeMap<Long, Running> running = new TreeMap<>();
    private final Patience.Clock clock = new Patience.Clock();
    private long nextSeed;
    private boolean stopped;
    private int hanging;
    private int workers;

    /** A seed that is being run, by whom, and since when by {@link #clock}. */
    private record Running(Thread thread, long sinceNanos) {}

    /**
     * @param ledger what was done before; what is done now is added to it
     * @param patience after how long a run is said to hang
     * @param endNanos when to begin no more seeds, by {@link System#nanoTime}
     * @param mostHanging after so many hanging seeds no more are begun, since each of them keeps a
     *     processor busy
     */
    Campaign(Ledger ledger, Duration patience, long endNanos, int mostHanging) {
        this.task = ledger.task();
        this.ledger = ledger;
        this.patience = patience;
        this.endNanos = endNanos;
        this.mostHanging = mostHanging;
        this.nextSeed = task.own().from();
    }

    /** Starts so many threads, which end when there is no seed left. */
    void start(int jobs) {
        lock.lock();
        try {
            for (int i = 0; i < jobs; i++) {
                startWorker();
            }
        } finally {
            lock.unlock();
        }
    }

    private void startWorker() {
        workers++;
        Thread.ofPlatform().name("seeds-" + workers).daemon().start(this::work);
    }

    private void work() {
        Long seed = take();
        while (seed != null) {
            Outcome outcome = run(seed);
            seed = add(seed, outcome) ? take() : null;
        }
    }

    /** The next seed, null if this thread has nothing more to do. */
    private @Nullable Long take() {
        lock.lock();
        try {
            while (nextSeed <= task.own().last() && ledger.ran().contains(nextSeed)) {
                nextSeed++;
            }
            boolean over = stopped || nextSeed > task.own().last();
            if (over || hanging >= mostHanging || System.nanoTime() - endNanos >= 0) {
                workers--;
                ended.signalAll();
                return null;
            }
            running.put(nextSeed, new Running(Thread.currentThread(), clock.nanos()));
            return nextSeed++;
        } finally {
            lock.unlock();
        }
    }

    /** Begins no more seeds. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits a while for the end. Who follows calls this several times a second: it is also how the
     * campaign tells time that passes from time for which the process was stopped.
     *
     * @return whether all seeds have been run, or given up
     */
    boolean await(long millis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (workers > 0 && left > 0) {
                left = ended.awaitNanos(left);
            }
            giveUpHanging();
            return workers == 0;
        } finally {
            lock.unlock();
        }
    }

    private void giveUpHanging() {
        long nowNanos = clock.nanos();
        for (long seed : List.copyOf(running.keySet())) {
            Running run = running.get(seed);
            if (run != null && nowNanos - run.sinceNanos() > patience.toNanos()) {
                running.remove(seed);
                String message = Patience.complaint(patience, run.thread());
                ledger.addHanging(seed, new Failure(seed, Patience.INVARIANT, message));
                hanging++;
                workers--;
                startWorker();
            }
        }
    }

    private Outcome run(long seed) {
        Plan plan = Swarm.draw(seed, task.options());
        try {
            Outcome outcome = World.run(plan, 0);
            return task.twice() ? compared(outcome, World.run(plan, 0)) : outcome;
        } catch (Error e) {
            // Of the memory or of the stack: this seed's fault, and not the end of the others.
            return failed(plan, new Violation("NothingIsThrown", String.valueOf(e), e));
        }
    }

    /** The outcome, if a second run of the same seed was the same. */
    static Outcome compared(Outcome outcome, Outcome again) {
        if (again.hash() == outcome.hash()) {
            return outcome;
        }
        return new Outcome(
                outcome.plan(),
                new Violation("OneSeedIsOneRun", "two runs of it differ"),
                outcome.hash(),
                outcome.events(),
                outcome.micros(),
                outcome.operations(),
                outcome.marks(),
                outcome.asked(),
                outcome.entries());
    }

    static Outcome failed(Plan plan, Violation violation) {
        return new Outcome(plan, violation, 0, 0, 0, 0, new Marks(), List.of(), List.of());
    }

    /** False if the seed was given up meanwhile, and the thread with it. */
    private boolean add(long seed, Outcome outcome) {
        lock.lock();
        try {
            if (running.remove(seed) == null) {
                return false;
            }
            ledger.add(outcome);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What has been done so far. */
    Ledger ledger() {
        lock.lock();
        try {
            return ledger.copy();
        } finally {
            lock.unlock();
        }
    }

    /** The seeds that are being run. */
    List<Long> running() {
        lock.lock();
        try {
            return new ArrayList<>(running.keySet());
        } finally {
            lock.unlock();
        }
    }
}
