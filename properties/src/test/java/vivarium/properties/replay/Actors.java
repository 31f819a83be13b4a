package vivarium.properties.replay;

import java.util.List;
import java.util.Set;

/** Parts of the core to which only that happens which a schedule says. */
interface Actors {
    /** How each of them is, in order, as the specification has it. */
    List<String> seen();

    /** What is around them, likewise. */
    String around();

    /** Which steps could be taken now. */
    Set<String> enabled();

    /** Whether they can take a step that was meant for others. */
    default boolean admits(String step) {
        return enabled().contains(step);
    }

    /** Takes a step of the module, in words. */
    void take(String step);

    /**
     * To be called behind each step.
     *
     * @throws AssertionError if something does not hold that the specification promises
     */
    void check();
}
