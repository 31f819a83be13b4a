package vivarium.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks for a shorter schedule of faults with which a run still breaks the same invariant. Halves
 * are left out first, then ever smaller parts, until no single fault can be missed.
 */
public final class Shrinking {
    private final String invariant;
    private int left;
    private Outcome best;

    private Shrinking(Outcome failed, int mostRuns) {
        this.best = failed;
        this.left = mostRuns;
        this.invariant = failed.violation() == null ? "" : failed.violation().invariant();
    }

    /**
     * The shortest that was found.
     *
     * @param failed a run that broke something
     * @param mostRuns how many runs it may take
     */
    public static Outcome shrink(Outcome failed, int mostRuns) {
        Shrinking shrinking = new Shrinking(failed, mostRuns);
        shrinking.run();
        return shrinking.best;
    }

    private void run() {
        int parts = 1;
        while (left > 0 && !best.plan().faults().isEmpty()) {
            int size = best.plan().faults().size();
            if (tryWithoutParts(size, Math.min(parts, size))) {
                parts = Math.max(1, parts - 1);
            } else if (parts >= size) {
                return;
            } else {
                parts = Math.min(2 * parts, size);
            }
        }
    }

    private boolean tryWithoutParts(int size, int parts) {
        for (int part = 0; part < parts && left > 0; part++) {
            int from = (int) ((long) size * part / parts);
            int to = (int) ((long) size * (part + 1) / parts);
            List<TimedFault> fewer = new ArrayList<>(best.plan().faults());
            fewer.subList(from, to).clear();
            left--;
            Outcome outcome = World.run(best.plan().with(fewer), 0);
            if (outcome.violation() != null && outcome.violation().invariant().equals(invariant)) {
                best = outcome;
                return true;
            }
        }
        return false;
    }
}
