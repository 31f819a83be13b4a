package vivarium.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * What a search has found.
 *
 * @param answer whether the history is linearizable
 * @param stuck where it is not: the operation that no order found a place for by its end, in the
 *     attempt that came farthest
 * @param ordered how many operations that attempt had put in order
 * @param configurations how many configurations the search went through
 */
public record Verdict<O>(
        Answer answer, @Nullable Operation<O> stuck, int ordered, long configurations) {

    /** The answers. */
    public enum Answer {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        /** The search was given up because it had become too large. */
        UNDECIDED
    }

    /** Whether an order was found. */
    public boolean isLinearizable() {
        return answer == Answer.LINEARIZABLE;
    }
}
