package vivarium.simulation.disk;

import java.io.IOException;

/** The power has gone in the middle of an operation, and with it whoever asked for it. */
public final class PowerCutException extends IOException {
    private static final long serialVersionUID = 1L;

    PowerCutException() {
        super("the power is cut");
    }
}
