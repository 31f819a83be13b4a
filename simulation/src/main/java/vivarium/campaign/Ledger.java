package vivarium.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import vivarium.simulation.Outcome;
import vivarium.simulation.Sometimes;

/**
 * What a campaign has done so far. Each seed that is in it was run to its end, and all that came of
 * it was added in the same step: whatever moment it is saved at, nothing is in it by halves.
 */
final class Ledger {
    /** A campaign that fails more often than this has one bug, and needs no more witnesses. */
    static final int MOST_FAILURES = 1_000;

    private static final String FAULT = "fault ";

    private final Task task;
    private final String code;
    private final SeedSet ran = new SeedSet();
    private final TreeMap<String, Long> marks = new TreeMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private final TreeMap<String, Long> numbers = new TreeMap<>();

    /** What is counted, by the words of the state file. */
    static final List<String> COUNTED =
            List.of("done", "failed", "events", "micros", "operations", "elapsed-millis");

    Ledger(Task task, String code) {
        this.task = task;
        this.code = code;
        COUNTED.forEach(name -> numbers.put(name, 0L));
    }

    /** A copy, to be read while the campaign goes on. */
    Ledger copy() {
        Ledger copy = new Ledger(task, code);
        copy.join(this);
        return copy;
    }

    /** A seed has been run to its end. */
    void add(Outcome outcome) {
        long seed = outcome.plan().seed();
        ran.add(seed);
        count("done", 1);
        count("events", outcome.events());
        count("micros", outcome.micros());
        count("operations", outcome.operations());
        outcome.marks().seen().forEach(this::mark);
        if (outcome.violation() != null) {
            fail(
                    new Failure(
                            seed,
                            outcome.violation().invariant(),
                            String.valueOf(outcome.violation().getMessage())));
        }
    }

    /** A seed came to no end. */
    void addHanging(long seed, Failure failure) {
        ran.add(seed);
        count("done", 1);
        fail(failure);
    }

    private void fail(Failure failure) {
        count("failed", 1);
        addFailure(failure);
    }

    void addFailure(Failure failure) {
        if (failures.size() < MOST_FAILURES) {
            failures.add(failure);
        }
    }

    void mark(String name, long times) {
        marks.merge(name, times, Long::sum);
    }

    void count(String name, long more) {
        numbers.merge(name, more, Long::sum);
    }

    /** Adds all that another campaign has done. */
    void join(Ledger other) {
        ran.addAll(other.ran);
        other.marks.forEach(this::mark);
        other.numbers.forEach(this::count);
        other.failures.forEach(this::addFailure);
    }

    Task task() {
        return task;
    }

    /** The code that the seeds were run with. */
    String code() {
        return code;
    }

    /** The seeds that were run. */
    SeedSet ran() {
        return ran;
    }

    /** One of {@link #COUNTED}. */
    long number(String name) {
        return numbers.getOrDefault(name, 0L);
    }

    long done() {
        return number("done");
    }

    long failed() {
        return number("failed");
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** All that was seen, the faults too. */
    Map<String, Long> marks() {
        return new TreeMap<>(marks);
    }

    /** How often each fault was injected, by its name. */
    Map<String, Long> faults() {
        TreeMap<String, Long> faults = new TreeMap<>();
        marks.forEach((mark, times) -> {
            if (mark.startsWith(FAULT)) {
                faults.put(mark.substring(FAULT.length()), times);
            }
        });
        return faults;
    }

    /** How often each rare path was taken, by its name. */
    Map<String, Long> paths() {
        TreeMap<String, Long> paths = new TreeMap<>(marks);
        paths.keySet().removeIf(mark -> mark.startsWith(FAULT));
        return paths;
    }

    /** Whether a path was taken. */
    boolean hasSeen(Sometimes path) {
        return marks.containsKey(path.name());
    }

    /** How many faults were injected. */
    long injected() {
        return faults().values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The seeds of the task that were not run; of a task without an end, those that were passed by.
     */
    SeedSet missing() {
        Seeds own = task.own();
        if (!own.isOpen()) {
            return ran.gaps(own.from(), own.last());
        }
        return ran.isEmpty() ? new SeedSet() : ran.gaps(own.from(), ran.ranges().getLast().last());
    }
}
