package vivarium.net;

import java.io.IOException;

/** A port that can't be opened; the message says which, and why. */
public final class PortException extends IOException {
    private static final long serialVersionUID = 1L;

    public PortException(String message, Throwable cause) {
        super(message, cause);
    }
}
