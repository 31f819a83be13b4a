package vivarium.simulation.engine;

import java.util.Map;
import java.util.TreeMap;

/** Rare paths, and how often they were taken: what is never taken is never tested. */
public final class Marks {
    private final TreeMap<String, Long> seen = new TreeMap<>();

    /** The path called {@code name} has been taken. */
    public void see(String name) {
        add(name, 1);
    }

    private void add(String name, long times) {
        seen.merge(name, times, Long::sum);
    }

    /** Adds what another run has seen. */
    public void addAll(Marks other) {
        other.seen.forEach(this::add);
    }

    /** How often each path was taken, by name. */
    public Map<String, Long> seen() {
        return new TreeMap<>(seen);
    }
}
