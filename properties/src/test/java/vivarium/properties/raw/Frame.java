package vivarium.properties.raw;

import java.util.Arrays;

/**
 * One frame from the server behind the handshake: a reply, or an event if the xid is -1.
 *
 * @param zxid the server's newest zxid when it answered; of an event, the zxid that caused it
 * @param body what follows the header; empty on errors
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of the wire; never compared as records
public record Frame(int xid, long zxid, int err, byte[] body) {

    private static final int HEADER_BYTES = 16;

    static Frame parse(byte[] payload) {
        if (payload.length < HEADER_BYTES) {
            throw new AssertionError("a frame of " + payload.length + " bytes has no header");
        }
        var in = new JuteIn(payload);
        return new Frame(
                in.int32(),
                in.int64(),
                in.int32(),
                Arrays.copyOfRange(payload, HEADER_BYTES, payload.length));
    }

    public boolean isEvent() {
        return xid == Op.NOTIFICATION_XID;
    }

    public JuteIn in() {
        return new JuteIn(body);
    }

    /** The event in this frame. */
    public Event event() {
        var in = in();
        var event = new Event(in.int32(), in.int32(), String.valueOf(in.text()));
        in.expectEnd();
        return event;
    }

    /** Type, state and path of a watch event; the server always sends state 3. */
    public record Event(int type, int state, String path) {
        public static final int CREATED = 1;
        public static final int DELETED = 2;
        public static final int DATA_CHANGED = 3;
        public static final int CHILDREN_CHANGED = 4;

        public static Event of(int type, String path) {
            return new Event(type, 3, path);
        }
    }
}
