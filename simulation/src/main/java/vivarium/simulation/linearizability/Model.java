package vivarium.simulation.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * What the operations of a history mean: a sequential machine whose states are immutable values.
 *
 * @param <S> the states; equal ones must have equal hash codes, and those must not depend on
 *     identities
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
}
