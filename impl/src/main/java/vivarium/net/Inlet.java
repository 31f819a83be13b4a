package vivarium.net;

import vivarium.core.Input;

/** Where inputs go; on the loop's thread only. */
public interface Inlet {
    /** The time of this turn in milliseconds, as the peer sees it: monotonic, of any origin. */
    long nowMillis();

    /** Gives {@code input} to the peer at once. Effects may come before this returns. */
    void step(Input input);
}
