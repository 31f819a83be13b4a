package vivarium.simulation.network;

import vivarium.core.Input;

/** A server, as the network sees it. */
public interface Endpoint {
    /** Its id. */
    long sid();

    /** Whether its process runs. */
    boolean isUp();

    /** Gives it something to step, when it comes to it. */
    void offer(Input input);
}
