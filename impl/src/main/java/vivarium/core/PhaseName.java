package vivarium.core;

/** The phases of Zab, as this implementation divides them. */
public enum PhaseName {
    LOOKING(false),
    LEADER_DISCOVERY(false),
    LEADER_SYNCHRONIZATION(false),
    LEADER_BROADCAST(true),
    LEARNER_DISCOVERY(false),
    LEARNER_SYNCHRONIZATION(false),
    LEARNER_BROADCAST(true);

    private final boolean serving;

    PhaseName(boolean serving) {
        this.serving = serving;
    }

    /** Whether clients are served in this phase. */
    public boolean isServing() {
        return serving;
    }
}
