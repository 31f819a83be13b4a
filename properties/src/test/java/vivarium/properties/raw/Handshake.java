package vivarium.properties.raw;

/**
 * The server's answer to a connect request.
 *
 * @param frameBytes length of the answer's frame: 37 with the read-only byte, 36 without
 * @param timeoutMillis negotiated; 0 is a refusal
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of the wire; never compared as records
public record Handshake(
        int frameBytes, int protocolVersion, int timeoutMillis, long sessionId, byte[] password) {

    public static Handshake parse(byte[] payload) {
        var in = new JuteIn(payload);
        int protocolVersion = in.int32();
        int timeoutMillis = in.int32();
        long sessionId = in.int64();
        byte[] password = in.buffer();
        if (password == null) {
            throw new AssertionError("a connect response without a password");
        }
        return new Handshake(payload.length, protocolVersion, timeoutMillis, sessionId, password);
    }
}
