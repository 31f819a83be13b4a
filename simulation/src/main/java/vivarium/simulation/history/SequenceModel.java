package vivarium.simulation.history;

import org.jspecify.annotations.Nullable;
import vivarium.simulation.linearizability.Model;

/**
 * What sequential creates below one parent promise: each gets a larger number than all before it.
 * An operation is the number that a create was given, null where nobody knows it.
 */
public final class SequenceModel implements Model<Long, SequenceModel.Drawn> {

    /**
     * @param number what the create was given, null if nobody knows
     */
    public record Drawn(@Nullable Long number) {}

    @Override
    public Long initial() {
        return -1L;
    }

    @Override
    public @Nullable Long step(Long last, Drawn drawn) {
        Long number = drawn.number();
        if (number == null) {
            return last;
        }
        return number > last ? number : null;
    }

    @Override
    public long hash(Long last) {
        return last;
    }
}
