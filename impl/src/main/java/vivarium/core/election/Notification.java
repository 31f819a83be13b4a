package vivarium.core.election;

/**
 * What one server tells another about its vote. Links for notifications keep only the newest: each
 * supersedes the one before.
 *
 * @param state what the sender is doing
 * @param vote whom it wants, or whom it follows
 * @param round its election round; for one that follows or leads, the round that decided it
 */
public record Notification(State state, Vote vote, long round) {

    /** The states of a server as notifications tell them, in the order of their codes. */
    public enum State {
        LOOKING,
        FOLLOWING,
        LEADING,
        OBSERVING
    }
}
