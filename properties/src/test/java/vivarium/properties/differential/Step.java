package vivarium.properties.differential;

import java.util.List;

/** One step of a conversation; clients are counted from 0. */
sealed interface Step {

    int client();

    /** All requests are sent before the first reply is read. */
    record Send(int client, List<Request> requests) implements Step {}

    /** A new connection; the client's former session, if it had one, lives on without it. */
    record NewSession(int client, int timeoutMillis, boolean longForm) implements Step {}

    /** A new connection that names the client's session. */
    record Return(int client, Claim claim) implements Step {}

    /** The socket is closed without a word. */
    record Drop(int client) implements Step {}

    /**
     * The client opens the shortest session there can be, makes an ephemeral, and is not heard of
     * again; the next client sees the ephemeral go.
     */
    record Expire(int client) implements Step {}

    /** What a returning client claims. */
    enum Claim {
        RIGHT_PASSWORD,
        /** Sent only when the session has no connection: Apache would close it unasked. */
        WRONG_PASSWORD,
        /** It has seen a zxid that this server has not. */
        ZXID_FROM_THE_FUTURE
    }
}
