package vivarium.properties.differential;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Handshake;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;

/** One client of a conversation: at most one connection at a time, any number of sessions. */
final class Speaker implements AutoCloseable {

    private final Side server;
    private int at;
    private final Ear ear;
    private final Scene scene;
    private final Transcript.Recorder record;
    private final List<Session> sessions = new ArrayList<>();
    private @Nullable RawClient connection;
    private int lastXid;
    private boolean endsConnection;

    @SuppressWarnings("ArrayRecordComponent") // bytes of the wire; never compared as records
    private record Session(long id, byte[] password) {}

    private record Pending(Request request, int xid) {}

    /**
     * @param at which of the servers it talks to first
     */
    Speaker(Side server, int at, Ear ear, Scene scene, Transcript.Recorder record) {
        this.server = server;
        this.at = at;
        this.ear = ear;
        this.scene = scene;
        this.record = record;
    }

    void take(Step step) throws IOException {
        switch (step) {
            case Step.Send(int _, List<Request> requests) -> send(requests);
            case Step.NewSession(int _, int timeoutMillis, boolean longForm) -> {
                drop();
                var request = ConnectBytes.newSession().timeout(timeoutMillis);
                var _ = greet(longForm ? request : request.shortForm());
            }
            case Step.Return(int _, Step.Claim claim) -> comeBack(claim);
            case Step.Drop _, Step.Expire _ -> drop();
        }
    }

    /** Opens a session that is soon to end, with an ephemeral; how long it may be silent. */
    int becomeMortal(Request.Create ephemeral) throws IOException {
        drop();
        int timeoutMillis = greet(ConnectBytes.newSession().timeout(1));
        send(List.of(ephemeral));
        return timeoutMillis;
    }

    /** The one that it talks to, until it moves on. */
    private InetSocketAddress address() {
        return server.addresses().get(at % server.addresses().size());
    }

    private void drop() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private void comeBack(Step.Claim claim) throws IOException {
        if (sessions.isEmpty()) {
            record.answer("has no session");
            return;
        }
        Session session = sessions.getLast();
        var request = ConnectBytes.newSession().session(session.id(), session.password());
        switch (claim) {
            case RIGHT_PASSWORD -> {
                // what is on its way on the former connection is heard before that is closed
                send(List.of(new Request.Ping()));
                RawClient former = connection;
                at++;
                var _ = greet(request);
                if (former != null) {
                    if (!server.hasSeveral()) {
                        hearClose(former);
                    }
                    former.close();
                }
            }
            case WRONG_PASSWORD -> {
                drop();
                var _ = greet(request.session(session.id(), new byte[ConnectBytes.PASSWORD_BYTES]));
            }
            case ZXID_FROM_THE_FUTURE -> {
                try (var client = RawClient.dial(address())) {
                    client.send(request.lastZxidSeen(Long.MAX_VALUE).toBytes());
                    hearClose(client);
                }
            }
        }
    }

    /** Says hello; the time-out that was granted, 0 for a refusal. */
    private int greet(ConnectBytes request) throws IOException {
        RawClient client = RawClient.dial(address());
        client.send(request.toBytes());
        byte[] payload = client.receive();
        if (payload == null) {
            record.answer("closed");
            client.close();
            return 0;
        }
        Handshake answer = Handshake.parse(payload);
        if (answer.sessionId() == 0) {
            record.answer(
                    "refused by %d bytes, timeout %d"
                            .formatted(answer.frameBytes(), answer.timeoutMillis()));
            hearClose(client);
            client.close();
            return 0;
        }
        if (request.sessionId() == 0) {
            sessions.add(new Session(answer.sessionId(), answer.password()));
            scene.opened(answer.sessionId());
        }
        connection = client;
        record.answer(
                "welcome by %d bytes, protocol %d, timeout %d, password of %d bytes, %s"
                        .formatted(
                                answer.frameBytes(),
                                answer.protocolVersion(),
                                answer.timeoutMillis(),
                                answer.password().length,
                                scene.session(answer.sessionId())));
        return answer.timeoutMillis();
    }

    /** Sends all, then reads until each is answered or the connection is closed. */
    void send(List<Request> requests) throws IOException {
        RawClient client = connection;
        if (client == null) {
            record.answer("has no connection");
            return;
        }
        Deque<Pending> pending = new ArrayDeque<>();
        for (Frame event : CatchUp.with(client, server)) {
            for (Frame heard : ear.hear(event)) {
                hear(heard, pending);
            }
        }
        try {
            for (Request request : requests) {
                int xid = RequestBytes.xid(request, lastXid + 1);
                lastXid++;
                client.send(xid, RequestBytes.opcode(request), RequestBytes.body(request, scene));
                pending.add(new Pending(request, xid));
            }
        } catch (IOException e) {
            record.answer("closed");
            drop();
            return;
        }
        while (!pending.isEmpty()) {
            Frame frame = client.receiveFrame();
            if (frame == null) {
                record.answer("closed");
                drop();
                return;
            }
            for (Frame heard : ear.hear(frame)) {
                hear(heard, pending);
            }
        }
        if (endsConnection) {
            endsConnection = false;
            hearClose(client);
            drop();
        }
    }

    private void hear(Frame frame, Deque<Pending> pending) {
        if (frame.isEvent()) {
            record.answer(ReplyText.event(frame, scene));
            return;
        }
        Pending answered = pending.poll();
        if (answered == null) {
            record.answer("a reply to nothing, xid " + frame.xid());
            return;
        }
        record.answer(ReplyText.reply(answered.request(), frame, scene));
        endsConnection |= endsConnection(answered.request(), frame.err());
    }

    private static boolean endsConnection(Request request, int err) {
        return switch (request) {
            case Request.CloseSession _, Request.Unknown _, Request.Check _ -> true;
            case Request.Auth _ -> err != ErrorCode.OK;
            case Request.Truncated truncated ->
                    RequestBytes.opcode(truncated) == Op.AUTH && err != ErrorCode.OK;
            default -> false;
        };
    }

    private void hearClose(RawClient client) throws IOException {
        byte[] payload = client.receive();
        record.answer(payload == null ? "closed" : "not closed but " + payload.length + " bytes");
    }

    /** Nothing of the try may be left that could expire in the middle of another one. */
    void closeAllSessions() throws IOException {
        send(List.of(new Request.Ping()));
        for (Session session : sessions) {
            drop();
            var _ = greet(ConnectBytes.newSession().session(session.id(), session.password()));
            send(List.of(new Request.CloseSession()));
        }
    }

    @Override
    public void close() throws IOException {
        drop();
    }
}
