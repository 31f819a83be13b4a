package vivarium.wire;

import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;

/**
 * The first frame of a connection.
 *
 * @param lastZxidSeen the newest state that the client has seen, 0 for none
 * @param timeoutMillis the session time-out that it would like
 * @param sessionId the session that it wants to go on with, 0 for a new one
 * @param knowsReadOnly whether the field {@code readOnly} was there; the response has it just then
 * @param readOnly whether the client would put up with a server that has lost its ensemble
 */
public record ConnectRequest(
        int protocolVersion,
        long lastZxidSeen,
        int timeoutMillis,
        long sessionId,
        @Nullable Bytes password,
        boolean knowsReadOnly,
        boolean readOnly) {}
