package vivarium.wire;

import org.jspecify.annotations.Nullable;
import vivarium.core.Bytes;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;

/**
 * The frames between a client and a server. Those that come in are given without their length
 * prefix, those that go out are written with it.
 *
 * <p>An instance holds a reader that it uses again and again, so it belongs to one thread at a
 * time. Nothing that it decodes keeps hold of the array that it was decoded from.
 */
public final class ClientCodec {
    /** The xid of a notification. */
    public static final int NOTIFICATION_XID = -1;

    /** The xid of a ping. */
    public static final int PING_XID = -2;

    /** The xid of an auth packet. */
    public static final int AUTH_XID = -4;

    private static final int REPLY_HEADER_BYTES = 2 * Integer.BYTES + Long.BYTES;
    private static final int SYNC_CONNECTED = 3;
    private static final Bytes NO_PASSWORD = Bytes.wrap(new byte[SessionPassword.LENGTH]);

    private final JuteReader reader;
    private final RequestBodies bodies;

    /**
     * @param maxLengthBytes the longest string or buffer that is taken, jute.maxbuffer and some
     *     more
     */
    public ClientCodec(int maxLengthBytes) {
        reader = new JuteReader(maxLengthBytes);
        bodies = new RequestBodies(reader);
    }

    /**
     * Reads the first frame of a connection.
     *
     * @throws MalformedException if it is none; the connection is to be closed
     */
    public ConnectRequest connectRequest(byte[] array, int offset, int length)
            throws MalformedException {
        reader.over(array, offset, length);
        int protocolVersion = reader.int32();
        long lastZxidSeen = reader.int64();
        int timeoutMillis = reader.int32();
        long sessionId = reader.int64();
        Bytes password = reader.buffer();
        boolean knowsReadOnly = reader.remaining() > 0;
        boolean readOnly = knowsReadOnly && reader.bool();
        return new ConnectRequest(
                protocolVersion,
                lastZxidSeen,
                timeoutMillis,
                sessionId,
                password,
                knowsReadOnly,
                readOnly);
    }

    /**
     * Reads a frame of an established connection. A request whose body can't be read is an
     * operation too, one that is answered with an error.
     *
     * @throws MalformedException if not even its header can be read; the connection is to be closed
     */
    public ClientFrame frame(byte[] array, int offset, int length) throws MalformedException {
        reader.over(array, offset, length);
        int xid = reader.int32();
        int opcode = reader.int32();
        if (opcode == Opcode.AUTH) {
            int type = reader.int32();
            String scheme = reader.text();
            return new ClientFrame.Auth(xid, type, scheme == null ? "" : scheme, reader.buffer());
        }
        if (opcode == Opcode.SASL) {
            return new ClientFrame.Sasl(xid, reader.buffer());
        }
        return new ClientFrame.Request(xid, bodies.operation(opcode));
    }

    /** Writes the answer to a connect request: the session is there. */
    public static void welcome(
            JuteWriter out,
            long sessionId,
            int timeoutMillis,
            boolean knowsReadOnly,
            boolean readOnly) {
        connectResponse(
                out,
                sessionId,
                timeoutMillis,
                SessionPassword.of(sessionId),
                knowsReadOnly,
                readOnly);
    }

    /** Writes the answer to a connect request: there is no such session. */
    public static void reject(JuteWriter out, boolean knowsReadOnly) {
        connectResponse(out, 0, 0, NO_PASSWORD, knowsReadOnly, false);
    }

    private static void connectResponse(
            JuteWriter out,
            long sessionId,
            int timeoutMillis,
            Bytes password,
            boolean knowsReadOnly,
            boolean readOnly) {
        int start = begin(out);
        out.int32(0);
        out.int32(timeoutMillis);
        out.int64(sessionId);
        out.buffer(password);
        if (knowsReadOnly) {
            out.bool(readOnly);
        }
        end(out, start);
    }

    /**
     * Writes a reply; in place of one that is longer than {@code out} takes, the error that it
     * can't be written.
     *
     * @return the frame's length without its prefix
     */
    public static int reply(JuteWriter out, int xid, long zxid, Outcome outcome) {
        int start = begin(out);
        ErrorCode error = outcome instanceof Outcome.Failed failed ? failed.error() : ErrorCode.OK;
        header(out, xid, zxid, error);
        try {
            ReplyBodies.write(out, outcome);
        } catch (JuteWriter.FullException _) {
            out.rewind(start + Integer.BYTES);
            header(out, xid, zxid, ErrorCode.MARSHALLING_ERROR);
        }
        return end(out, start);
    }

    /** Writes a reply that has no body: to an auth packet with zxid 0, or an error. */
    public static void reply(JuteWriter out, int xid, long zxid, ErrorCode error) {
        int start = begin(out);
        header(out, xid, zxid, error);
        end(out, start);
    }

    /** Writes the reply to a SASL token. */
    public static void saslReply(JuteWriter out, int xid, ErrorCode error, @Nullable Bytes token) {
        int start = begin(out);
        header(out, xid, 0, error);
        out.buffer(token);
        end(out, start);
    }

    /**
     * Writes what a watch tells its owner.
     *
     * @return the frame's length without its prefix
     */
    public static int notification(JuteWriter out, WatchEvent event) {
        int start = begin(out);
        header(out, NOTIFICATION_XID, event.zxid(), ErrorCode.OK);
        out.int32(event.type().code());
        out.int32(SYNC_CONNECTED);
        out.echo(event.path());
        return end(out, start);
    }

    private static void header(JuteWriter out, int xid, long zxid, ErrorCode error) {
        out.int32(xid);
        out.int64(zxid);
        out.int32(error.code());
    }

    private static int begin(JuteWriter out) {
        int start = out.length();
        out.int32(REPLY_HEADER_BYTES);
        return start;
    }

    private static int end(JuteWriter out, int start) {
        int length = out.length() - start - Integer.BYTES;
        out.patchInt32(start, length);
        return length;
    }
}
