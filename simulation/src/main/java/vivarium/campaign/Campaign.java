package vivarium.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import vivarium.simulation.Options;
import vivarium.simulation.Outcome;
import vivarium.simulation.Swarm;
import vivarium.simulation.World;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Violation;

/**
 * A range of seeds, run on several threads. A seed that fails stops no other; each runs wholly on
 * one thread and knows nothing of the others.
 */
final class Campaign {
    private static final int MOST_KEPT = 1_000;

    private final Options options;
    private final boolean twice;
    private final long endNanos;
    private final long lastSeed;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock:
    private long nextSeed;
    private boolean stopped;
    private final Marks marks = new Marks();
    private final List<Outcome> failures = new ArrayList<>();
    private long failed;
    private long done;
    private long events;
    private long micros;
    private long operations;

    /** What has been done so far. */
    record Tally(
            long done,
            long failed,
            long events,
            long micros,
            long operations,
            long nextSeed,
            List<Outcome> failures,
            Marks marks) {}

    /**
     * @param twice whether each seed is run twice, to see that it is the same run
     * @param endNanos when to begin no more seeds, by {@link System#nanoTime}
     */
    Campaign(Options options, long firstSeed, long count, boolean twice, long endNanos) {
        this.options = options;
        this.nextSeed = firstSeed;
        this.lastSeed = firstSeed + count - 1;
        this.twice = twice;
        this.endNanos = endNanos;
    }

    /** Starts so many threads, which end when there is no seed left. */
    List<Thread> start(int jobs) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            threads.add(Thread.ofPlatform().name("seeds-" + i).daemon().start(this::work));
        }
        return threads;
    }

    private void work() {
        Long seed = take();
        while (seed != null) {
            add(run(seed));
            seed = take();
        }
    }

    private @Nullable Long take() {
        lock.lock();
        try {
            boolean over = stopped || nextSeed > lastSeed || System.nanoTime() - endNanos >= 0;
            return over ? null : nextSeed++;
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

    private Outcome run(long seed) {
        Outcome outcome = World.run(Swarm.draw(seed, options), 0);
        if (!twice) {
            return outcome;
        }
        Outcome again = World.run(Swarm.draw(seed, options), 0);
        if (again.hash() == outcome.hash()) {
            return outcome;
        }
        Violation differs = new Violation("OneSeedIsOneRun", "two runs of it differ");
        return new Outcome(
                outcome.plan(),
                differs,
                outcome.hash(),
                outcome.events(),
                outcome.micros(),
                outcome.operations(),
                outcome.marks(),
                outcome.entries());
    }

    private void add(Outcome outcome) {
        lock.lock();
        try {
            done++;
            events += outcome.events();
            micros += outcome.micros();
            operations += outcome.operations();
            marks.addAll(outcome.marks());
            if (!outcome.isGood()) {
                failed++;
                if (failures.size() < MOST_KEPT) {
                    failures.add(outcome);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    Tally tally() {
        lock.lock();
        try {
            Marks seen = new Marks();
            seen.addAll(marks);
            return new Tally(
                    done,
                    failed,
                    events,
                    micros,
                    operations,
                    nextSeed,
                    List.copyOf(failures),
                    seen);
        } finally {
            lock.unlock();
        }
    }
}
