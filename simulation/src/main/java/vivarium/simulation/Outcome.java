package vivarium.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.simulation.engine.Marks;
import vivarium.simulation.engine.Trace;
import vivarium.simulation.engine.Violation;

/**
 * How a run ended.
 *
 * @param violation what did not hold, null if all did
 * @param hash of all that happened; two runs of one plan must have the same
 * @param events how many events there were
 * @param micros how much time went by in the world
 * @param operations how many operations the clients had answers to
 * @param asked how many ideas each client had, those included that it kept to itself
 * @param entries the last things that happened, if they were kept
 */
public record Outcome(
        Plan plan,
        @Nullable Violation violation,
        long hash,
        long events,
        long micros,
        long operations,
        Marks marks,
        List<Long> asked,
        List<Trace.Entry> entries) {
    /** Whether everything held. */
    public boolean isGood() {
        return violation == null;
    }
}
