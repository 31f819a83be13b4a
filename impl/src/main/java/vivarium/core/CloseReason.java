package vivarium.core;

/** Why the core closes a client's connection. */
public enum CloseReason {
    SESSION_CLOSED("the session was closed"),
    SESSION_EXPIRED("the session expired"),
    SESSION_MOVED("the session goes on over another connection"),
    AHEAD_OF_SERVER("the client has seen newer data than this server has"),
    UNKNOWN_REQUEST("the request is not known"),
    READ_ONLY("this server has no quorum, and serves none but new sessions that only read"),
    NOT_SERVING("this server does not serve clients now"),
    AUTH_REQUIRED("the client has not proven who it is");

    private final String text;

    CloseReason(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
