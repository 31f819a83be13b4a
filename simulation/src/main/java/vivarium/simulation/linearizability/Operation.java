package vivarium.simulation.linearizability;

/**
 * One operation of a history.
 *
 * @param calledAt when it was asked, in any unit that grows
 * @param returnedAt when its end was known; {@link #NEVER} for one of which nobody knows whether it
 *     took effect: it may have, at any time after the call, or not at all
 * @param hint its place in the order that the system itself believes in. Orders near this one are
 *     tried first, so it decides how long the search takes, but never what it finds
 * @param what was asked, and what came of it
 */
public record Operation<O>(long calledAt, long returnedAt, long hint, O what) {
    /** The end of an operation whose end nobody knows. */
    public static final long NEVER = Long.MAX_VALUE;

    /** An operation of whose place nothing is known: those that ended first are tried first. */
    public Operation(long calledAt, long returnedAt, O what) {
        this(calledAt, returnedAt, returnedAt, what);
    }

    /** Whether its end is known. */
    public boolean isComplete() {
        return returnedAt != NEVER;
    }
}
