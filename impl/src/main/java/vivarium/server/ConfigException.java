package vivarium.server;

import org.jspecify.annotations.Nullable;

/** A configuration that can't be meant; the message says where it is wrong, and what is right. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
