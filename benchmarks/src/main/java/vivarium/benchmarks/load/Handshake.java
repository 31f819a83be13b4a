package vivarium.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** How a session begins and ends, over a channel that blocks. */
final class Handshake {
    static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int FAREWELL_TIMEOUT_MILLIS = 10_000;
    private static final int PASSWORD_BYTES = 16;
    private static final int CLOSE_SESSION = -11;
    private static final int XID_AT = Integer.BYTES;
    private static final int ERROR_AT = 2 * Integer.BYTES + Long.BYTES;
    private static final int REPLY_BYTES = ERROR_AT + Integer.BYTES;

    private Handshake() {}

    /** Asks for a session, and waits for it so long and no longer. */
    static void shakeHands(SocketChannel channel, int patienceMillis) throws IOException {
        int length = 3 * Integer.BYTES + 2 * Long.BYTES + PASSWORD_BYTES + 1;
        ByteBuffer request = ByteBuffer.allocate(Integer.BYTES + length);
        request.putInt(length).putInt(0).putLong(0).putInt(SESSION_TIMEOUT_MILLIS).putLong(0);
        request.putInt(PASSWORD_BYTES).put(new byte[PASSWORD_BYTES]).put((byte) 0).flip();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        ByteBuffer response = ByteBuffer.allocate(Integer.BYTES + length);
        channel.socket().setSoTimeout(patienceMillis);
        int wanted = Integer.BYTES;
        while (response.position() < wanted) {
            // The socket's own stream is the one that keeps to the time-out.
            int read =
                    channel.socket()
                            .getInputStream()
                            .read(
                                    response.array(),
                                    response.position(),
                                    wanted - response.position());
            if (read < 0) {
                throw new EOFException(
                        channel.getRemoteAddress()
                                + " has closed the connection during the handshake: it does not"
                                + " serve, as between two leaders");
            }
            response.position(response.position() + read);
            if (wanted == Integer.BYTES && response.position() == wanted) {
                wanted += response.getInt(0);
                if (wanted < Integer.BYTES || wanted > response.capacity()) {
                    throw new WrongReplyException("handshake of " + wanted + " bytes");
                }
            }
        }
        if (response.getInt(2 * Integer.BYTES) <= 0) {
            throw new WrongReplyException("no session was given");
        }
    }

    /** Asks for the end of the session. */
    static void sayGoodbye(SocketChannel channel, int xid) throws IOException {
        ByteBuffer farewell = ByteBuffer.allocate(3 * Integer.BYTES);
        farewell.putInt(2 * Integer.BYTES).putInt(xid).putInt(CLOSE_SESSION).flip();
        while (farewell.hasRemaining()) {
            channel.write(farewell);
        }
    }

    /** Waits for the answer, and until the server has closed the connection. */
    static void awaitEnd(SocketChannel channel, int xid) throws IOException {
        channel.socket().setSoTimeout(FAREWELL_TIMEOUT_MILLIS);
        byte[] rest = new byte[256];
        ByteBuffer reply = ByteBuffer.allocate(REPLY_BYTES);
        try {
            for (int read = 0; read >= 0; read = channel.socket().getInputStream().read(rest)) {
                keepLast(reply, rest, read);
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("the server did not close a session's connection", e);
        }
        if (reply.hasRemaining() || reply.getInt(XID_AT) != xid || reply.getInt(ERROR_AT) != 0) {
            throw new WrongReplyException("a session was not closed as asked");
        }
    }

    /** The last frame of all is the answer: no event comes behind it. */
    private static void keepLast(ByteBuffer last, byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (!last.hasRemaining()) {
                last.position(1).compact();
                last.limit(REPLY_BYTES).position(REPLY_BYTES - 1);
            }
            last.put(bytes[i]);
        }
    }
}
