package vivarium.benchmarks.load;

import java.io.IOException;

/**
 * The server has answered, but not what was asked for: nothing measured since is worth anything.
 */
public final class WrongReplyException extends IOException {
    private static final long serialVersionUID = 1L;

    WrongReplyException(String message) {
        super(message);
    }
}
