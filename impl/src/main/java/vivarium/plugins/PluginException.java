package vivarium.plugins;

/** A plug-in that can't be used; the message says which, why, and what to do. */
public final class PluginException extends Exception {
    private static final long serialVersionUID = 1;

    private final String explanation;

    PluginException(String message, Throwable cause) {
        super(message, cause);
        this.explanation = message;
    }

    /** What is wrong with it, and what to do. */
    public String explanation() {
        return explanation;
    }
}
