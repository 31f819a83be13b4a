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

    /** A link ends of which its peer has not heard yet: nothing that came over it will be. */
    void forget(Input.LinkUp news);
}
