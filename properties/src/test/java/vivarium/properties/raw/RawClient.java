package vivarium.properties.raw;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server, frame by frame. Every read has a deadline: a server that neither
 * answers nor closes fails the test.
 */
public final class RawClient implements AutoCloseable {

    private static final int DEADLINE_MILLIS = 10_000;
    private static final int LARGEST_REPLY = 64 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final List<Frame.Event> events = new ArrayList<>();
    private int lastXid;

    public RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(DEADLINE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** A socket connected to the port on loopback, nothing said yet. */
    public static RawClient dial(int port) throws IOException {
        return dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** A socket connected to the address, nothing said yet. */
    public static RawClient dial(InetSocketAddress address) throws IOException {
        return dial(address, DEADLINE_MILLIS);
    }

    /** The same, where a server that does not answer is given up sooner. */
    public static RawClient dial(InetSocketAddress address, int withinMillis) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(address, withinMillis);
            return new RawClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** From now on a read waits for so long. */
    public void waitFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** A connection with a new session of 20 s. */
    public static RawClient newSession(int port) throws IOException {
        var client = dial(port);
        client.handshake(ConnectBytes.newSession());
        return client;
    }

    /** Says hello and expects an answer. */
    public Handshake handshake(ConnectBytes request) throws IOException {
        send(request.toBytes());
        byte[] answer = receive();
        if (answer == null) {
            throw new AssertionError("closed instead of an answer to the connect request");
        }
        return Handshake.parse(answer);
    }

    /** A frame: length, then payload. */
    public void send(byte[] payload) throws IOException {
        sendRaw(
                ByteBuffer.allocate(4 + payload.length)
                        .putInt(payload.length)
                        .put(payload)
                        .array());
    }

    public void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public void send(int xid, int type, byte[] body) throws IOException {
        send(new JuteOut().int32(xid).int32(type).raw(body).toBytes());
    }

    /** The next frame's payload, or null if the server closed the connection. */
    public byte @Nullable [] receive() throws IOException {
        try {
            int length = in.readInt();
            if (length < 0 || length > LARGEST_REPLY) {
                throw new AssertionError("the server sent a frame of length " + length);
            }
            byte[] payload = new byte[length];
            in.readFully(payload);
            return payload;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer and no close within " + DEADLINE_MILLIS + " ms", e);
        } catch (EOFException | SocketException e) {
            return null; // FIN and RST are both a closed connection
        }
    }

    /** The next reply or event, or null if the server closed the connection. */
    public @Nullable Frame receiveFrame() throws IOException {
        byte[] payload = receive();
        return payload == null ? null : Frame.parse(payload);
    }

    /** Sends under the next positive xid; events before the reply are kept for {@link #events}. */
    public Frame call(int type, JuteOut body) throws IOException {
        return callAs(++lastXid, type, body);
    }

    public Frame callAs(int xid, int type, JuteOut body) throws IOException {
        send(xid, type, body.toBytes());
        while (true) {
            Frame frame = receiveFrame();
            if (frame == null) {
                throw new AssertionError("closed instead of a reply to operation " + type);
            }
            if (frame.isEvent()) {
                events.add(frame.event());
            } else if (frame.xid() == xid) {
                return frame;
            } else {
                throw new AssertionError("reply to xid " + frame.xid() + " instead of " + xid);
            }
        }
    }

    /** The events so far, in order; they are forgotten. */
    public List<Frame.Event> takeEvents() {
        List<Frame.Event> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** Round trip: every event of what happened before is received when this returns. */
    public Frame ping() throws IOException {
        return callAs(Op.PING_XID, Op.PING, new JuteOut());
    }

    /** Asserts that the server closes, without another byte. */
    public void expectClosed() throws IOException {
        byte[] answer = receive();
        if (answer != null) {
            throw new AssertionError("expected a close, got a frame of " + answer.length);
        }
    }

    public Socket socket() {
        return socket;
    }

    /** The socket only; the session lives on. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
