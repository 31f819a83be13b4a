package vivarium.storage;

import java.io.IOException;

/**
 * What the disk holds can't be trusted, and to go on would be to serve or to lose doubtful data.
 * The message names the file, and where it is known the offset and the zxid, and says what can be
 * done.
 */
public final class DamageException extends IOException {
    private static final long serialVersionUID = 1L;

    public DamageException(String message) {
        super(message);
    }

    public DamageException(String message, Throwable cause) {
        super(message, cause);
    }
}
