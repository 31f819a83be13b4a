package vivarium.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * What the operations of a history mean: a sequential machine whose states are immutable values.
 *
 * @param <S> the states, which say by {@code equals} whether they are the same
 * @param <O> the operations, with what came of them where that is known
 */
public interface Model<S, O> {
    /** The state before the first operation. */
    S initial();

    /**
     * The state after {@code operation}, or null if it could not have ended as it did from here.
     * Where it is not known how it ended, it fits every state.
     */
    @Nullable S step(S state, O operation);

    /** A hash of a state, the same for equal ones. */
    long hash(S state);
}
