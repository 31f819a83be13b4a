package vivarium.simulation.server;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import vivarium.core.Bytes;
import vivarium.core.Input;
import vivarium.core.tree.Identity;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.simulation.engine.Violation;
import vivarium.simulation.network.Pipe;
import vivarium.wire.ClientCodec;
import vivarium.wire.ClientFrame;
import vivarium.wire.ConnectRequest;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.SessionPassword;

/**
 * The server's end of a client's connection: bytes become inputs, effects become bytes, as at the
 * port of a real server.
 */
public final class ClientDoor {
    private static final int LONGEST_FIELD = 2 << 20;
    private static final int KEPT_BYTES = 4 << 10;
    private static final List<Identity> ADDRESS = List.of(new Identity("ip", "127.0.0.1"));

    private final SimServer server;
    private final Doors doors;
    private final long connection;
    private final Pipe toClient;
    private final Runnable tellClosed;
    private final ClientCodec codec = new ClientCodec(LONGEST_FIELD);
    private final JuteWriter out = new JuteWriter(64);

    private byte[] kept = new byte[64];
    private int keptLength;
    private boolean connected;
    private long sessionId;
    private boolean throttled;
    private boolean open = true;
    private boolean dirty;

    /** Whether the client tells whether it knows of servers that only read. */
    private boolean knowsReadOnly;

    ClientDoor(SimServer server, Doors doors, long connection, Pipe toClient, Runnable tellClosed) {
        this.server = server;
        this.doors = doors;
        this.connection = connection;
        this.toClient = toClient;
        this.tellClosed = tellClosed;
    }

    /** The session, 0 while there is none. */
    long sessionId() {
        return sessionId;
    }

    long connection() {
        return connection;
    }

    // ---- what the client does

    /** Bytes have come. */
    public void take(byte[] bytes, int offset, int length) {
        if (!open) {
            return;
        }
        if (keptLength + length > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(2 * kept.length, keptLength + length));
        }
        System.arraycopy(bytes, offset, kept, keptLength, length);
        keptLength += length;
        readFrames();
    }

    /** The connection is gone. */
    public void hangUp() {
        if (open) {
            open = false;
            if (keptLength > 0 && !throttled) {
                server.marks().see("request cut in its middle");
            }
            doors.remove(this);
            server.offer(new Input.Disconnected(connection));
        }
    }

    private void readFrames() {
        int at = 0;
        while (!throttled && keptLength - at >= Integer.BYTES) {
            int length = ByteBuffer.wrap(kept).getInt(at);
            if (keptLength - at - Integer.BYTES < length) {
                break;
            }
            try {
                frame(at + Integer.BYTES, length);
            } catch (MalformedException e) {
                throw new Violation("ClientsSpeakTheProtocol", server + ": " + e.reason());
            }
            at += Integer.BYTES + length;
        }
        System.arraycopy(kept, at, kept, 0, keptLength - at);
        keptLength -= at;
    }

    private void frame(int offset, int length) throws MalformedException {
        if (!connected) {
            connected = true;
            connect(codec.connectRequest(kept, offset, length));
            return;
        }
        switch (codec.frame(kept, offset, length)) {
            case ClientFrame.Request request ->
                    server.offer(new Input.Request(connection, request.xid(), request.operation()));
            case ClientFrame.Auth auth -> {
                // Who says so is believed: proofs are not what is simulated.
                Bytes proof = auth.proof();
                String id = proof == null ? "" : proof.utf8();
                if (!server.has(Mistake.IDENTITIES_ARE_LOST)) {
                    server.offer(new Input.Identified(connection, new Identity(auth.scheme(), id)));
                }
                ClientCodec.reply(out, auth.xid(), 0, ErrorCode.OK);
                send();
            }
            case ClientFrame.Sasl _ ->
                    throw new MalformedException("no client here has a SASL token");
        }
    }

    private void connect(ConnectRequest request) {
        knowsReadOnly = request.knowsReadOnly();
        server.offer(
                new Input.Connect(
                        connection,
                        request.sessionId(),
                        SessionPassword.matches(request.sessionId(), request.password()),
                        request.timeoutMillis(),
                        request.lastZxidSeen(),
                        request.readOnly(),
                        ADDRESS));
    }

    // ---- what the server does

    void welcome(long newSessionId, int timeoutMillis, boolean readOnly) {
        sessionId = newSessionId;
        ClientCodec.welcome(out, sessionId, timeoutMillis, knowsReadOnly, readOnly);
        talk();
    }

    void reject() {
        ClientCodec.reject(out, knowsReadOnly);
        close();
    }

    void reply(int xid, long zxid, Outcome outcome) {
        ClientCodec.reply(out, xid, zxid, outcome);
        talk();
    }

    void event(WatchEvent event) {
        ClientCodec.notification(out, event);
        talk();
    }

    /** What this turn has brought leaves at its end. */
    private void talk() {
        if (!dirty) {
            dirty = true;
            doors.talks(this);
        }
    }

    /** Sends what there is. */
    void send() {
        dirty = false;
        if (out.length() > 0) {
            toClient.send(out.array(), out.length());
            out.reset(KEPT_BYTES);
        }
    }

    void throttle(boolean on) {
        throttled = on;
        readFrames();
    }

    /** Ends the connection behind what was sent. */
    void close() {
        open = false;
        send();
        toClient.then(tellClosed);
    }
}
