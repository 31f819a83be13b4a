package vivarium.properties.raw;

/**
 * A connect request in the making; a new session of 20 s, in the long form, unless told otherwise.
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of the wire; never compared as records
public record ConnectBytes(
        long lastZxidSeen, int timeoutMillis, long sessionId, byte[] password, boolean longForm) {

    public static final int PASSWORD_BYTES = 16;
    private static final int TIMEOUT_MILLIS = 20_000;

    public static ConnectBytes newSession() {
        return new ConnectBytes(0, TIMEOUT_MILLIS, 0, new byte[PASSWORD_BYTES], true);
    }

    public ConnectBytes timeout(int millis) {
        return new ConnectBytes(lastZxidSeen, millis, sessionId, password, longForm);
    }

    public ConnectBytes session(long id, byte[] itsPassword) {
        return new ConnectBytes(lastZxidSeen, timeoutMillis, id, itsPassword, longForm);
    }

    public ConnectBytes lastZxidSeen(long zxid) {
        return new ConnectBytes(zxid, timeoutMillis, sessionId, password, longForm);
    }

    /** The form of clients before 3.4, without the read-only byte. */
    public ConnectBytes shortForm() {
        return new ConnectBytes(lastZxidSeen, timeoutMillis, sessionId, password, false);
    }

    public byte[] toBytes() {
        var out =
                new JuteOut()
                        .int32(0)
                        .int64(lastZxidSeen)
                        .int32(timeoutMillis)
                        .int64(sessionId)
                        .buffer(password);
        return longForm ? out.bool(false).toBytes() : out.toBytes();
    }
}
