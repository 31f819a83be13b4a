package vivarium.simulation.engine;

/** Something that must hold does not: the end of a run. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String invariant;

    /**
     * @param invariant its name, as in the specification where that has it
     * @param detail who, and by what
     */
    public Violation(String invariant, String detail) {
        super(invariant + ": " + detail);
        this.invariant = invariant;
    }

    /** As above, where something was thrown. */
    public Violation(String invariant, String detail, Throwable cause) {
        super(invariant + ": " + detail, cause);
        this.invariant = invariant;
    }

    /** The name of what does not hold. */
    public String invariant() {
        return invariant;
    }
}
