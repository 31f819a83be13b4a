package vivarium.properties.walls.sins.core.zab;

/** A planted sin: a phase of its own, beside the peer's. */
public final class SecondPhase {
    private Phase phase;

    SecondPhase(Phase phase) {
        this.phase = phase;
    }

    Phase change(Phase next) {
        Phase last = phase;
        phase = next;
        return last;
    }
}
