package vivarium.simulation.history;

/**
 * One thing that an operation does to one of the znodes that belong together.
 *
 * @param cell which of them
 * @param value what is written; no two writes of a history write the same, and none writes 0
 * @param version the version that the znode must have, -1 for any
 */
public record Act(Kind kind, int cell, long value, int version) {
    /** What can be done. */
    public enum Kind {
        CREATE,
        SET,
        DELETE,
        CHECK,
        READ
    }
}
