package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import vivarium.core.CloseReason;
import vivarium.core.Input;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.wire.ClientFrame;
import vivarium.wire.ConnectRequest;
import vivarium.wire.MalformedException;
import vivarium.wire.SessionPassword;

/**
 * One client's connection: from the connect request to the last byte of the last reply. {@link
 * Intake} says when it is read, {@link Outgoing} when it is written to.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    /** How many requests of one connection may wait for their reply. */
    private static final int MAX_IN_FLIGHT = 1024;

    /** How many bytes of requests may do so; one request of any size always may. */
    private static final int MAX_IN_FLIGHT_BYTES = 4 << 20;

    /** How long a closed connection is given to take what was sent to it. */
    private static final int LINGER_MILLIS = 1_000;

    private enum Stage {
        /** Nothing has come, or not enough. */
        FRESH,
        /** Has asked for a session, or an operator for a word's answer. */
        ASKING,
        ESTABLISHED,
        /** Says no more, hears no more, and goes as soon as all is sent. */
        CLOSING
    }

    private final ClientPort port;
    private final Channel channel;
    private final long id;
    private final InetSocketAddress remote;
    private final ConnectionAccount account;
    private final Outgoing outgoing;
    private final InFlight inFlight;
    private final Standing standing;
    private final Intake intake;

    private Stage stage = Stage.FRESH;
    private boolean dirty;
    private boolean finishing;

    /** Whether the client has ended its session itself, and sent nothing behind that. */
    private boolean hasSaidAll;

    private boolean asksWord;
    private boolean inputEnded;

    /** Whether the core knows of this connection. */
    private boolean introduced;

    /** Whether the request had the byte that says so; the response then has it too. */
    private boolean knowsReadOnly;

    /** What it has asked for, as long as the core does not know of it. */
    private Input.@Nullable Connect asked;

    private LoopThread.@Nullable Alarm sessionless;
    private LoopThread.@Nullable Alarm lingering;
    private long sessionId;
    private int timeoutMillis;

    Connection(ClientPort port, Channel channel, long id, InetSocketAddress remote) {
        this.port = port;
        this.channel = channel;
        this.id = id;
        this.remote = remote;
        this.inFlight = new InFlight(port.settings().requests());
        this.standing = new Standing(remote);
        this.intake = new Intake(port, this, channel);
        this.account = new ConnectionAccount(port.wallMillis(), port.inlet().nowMillis());
        this.outgoing = new Outgoing(this, channel, port);
    }

    long id() {
        return id;
    }

    InetSocketAddress remote() {
        return remote;
    }

    // ---- what comes in

    @Override
    public void channelActive(ChannelHandlerContext context) {
        sessionless =
                port.thread().schedule(port.settings().sessionlessMillis(), this::onSessionless);
    }

    private void onSessionless() {
        if (stage == Stage.FRESH || stage == Stage.ASKING) {
            port.traffic().onSessionlessExpired();
            abort("no session within " + port.settings().sessionlessMillis() + " ms");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (stage != Stage.CLOSING) {
                intake.take(in);
            }
        } finally {
            in.release();
        }
    }

    /** Whether nothing has been asked for yet. */
    boolean isFresh() {
        return stage == Stage.FRESH;
    }

    /** Whether there is a session. */
    boolean isEstablished() {
        return stage == Stage.ESTABLISHED;
    }

    /** Whether nothing is heard any more. */
    boolean isClosing() {
        return stage == Stage.CLOSING;
    }

    /** Whether what was asked has to be answered, or the answers read, before more is taken. */
    boolean isBusy() {
        return stage == Stage.ASKING
                || stage == Stage.CLOSING
                || !outgoing.isOpen()
                || inFlight.count() >= MAX_IN_FLIGHT
                || inFlight.bytes() >= MAX_IN_FLIGHT_BYTES;
    }

    /** How long its session lives without a word. */
    int timeoutMillis() {
        return timeoutMillis;
    }

    void onFrame(byte[] frame, int length) {
        account.onReceived(port.inlet().nowMillis());
        port.traffic().onReceived(length);
        try {
            if (stage == Stage.FRESH) {
                onConnect(frame, length);
            } else {
                onRequest(frame, length);
            }
        } catch (MalformedException e) {
            abort(e.reason());
        }
    }

    private void onConnect(byte[] frame, int length) throws MalformedException {
        ConnectRequest request = port.codec().connectRequest(frame, 0, length);
        if (!port.admits(request.sessionId() == 0)) {
            abort("clients connect faster than connection_throttle_* allows");
            return;
        }
        stage = Stage.ASKING;
        knowsReadOnly = request.knowsReadOnly();
        asked =
                new Input.Connect(
                        id,
                        request.sessionId(),
                        SessionPassword.matches(request.sessionId(), request.password()),
                        request.timeoutMillis(),
                        request.lastZxidSeen(),
                        request.readOnly(),
                        standing.identities());
        // Who is content with a server that has lost its ensemble needs no other.
        if (port.isHolding() && !request.readOnly()) {
            port.onEarly(this);
        } else {
            introduce();
        }
    }

    /** Tells the core of the client, unless it has gone meanwhile. */
    void introduce() {
        Input.Connect connect = asked;
        asked = null;
        if (connect == null || stage != Stage.ASKING) {
            return;
        }
        if (port.isTurningAway()) {
            close("this server leads, and leaderServes=no");
            return;
        }
        introduced = true;
        port.inlet().step(connect);
    }

    private void onRequest(byte[] frame, int length) throws MalformedException {
        switch (port.codec().frame(frame, 0, length)) {
            case ClientFrame.Request(int xid, Operation operation) -> ask(xid, operation, length);
            case ClientFrame.Auth auth -> onAuth(auth);
            case ClientFrame.Sasl sasl -> onSasl(sasl);
        }
    }

    private void ask(int xid, Operation asked, int length) {
        if (!standing.isEnough(port.settings().requiredSchemes())) {
            outgoing.reply(xid, 0, new Outcome.Failed(ErrorCode.SESSION_CLOSED_REQUIRE_AUTH));
            close(CloseReason.AUTH_REQUIRED);
            return;
        }
        boolean throttledOp = intake.isTooLate();
        Operation operation = throttledOp ? new Operation.Throttled() : asked;
        OperationName name = OperationName.of(asked);
        port.tracing().request(remote, sessionId, "asks", name, xid);
        inFlight.add(xid, name, length, port.inlet().nowMillis());
        port.onInFlight(1, length, inFlight.largeBytes(length));
        if (throttledOp) {
            port.traffic().onThrottledOp();
        } else {
            standing.onAsked(port.audit(), sessionId, xid, asked);
        }
        port.inlet().step(new Input.Request(id, xid, operation));
    }

    private void onAuth(ClientFrame.Auth auth) {
        boolean proven = standing.prove(port, id, sessionId, auth);
        ErrorCode error = proven ? ErrorCode.OK : ErrorCode.AUTH_FAILED;
        outgoing.reply(auth.xid(), 0, new Outcome.Failed(error));
        if (!proven) {
            String scheme = Grumbles.printable(auth.scheme());
            close("its proof of who it is, by a scheme of " + scheme + ", fails");
        }
        touch();
    }

    /** Without SASL configured, a token is answered by none, as ZooKeeper does. */
    private void onSasl(ClientFrame.Sasl sasl) {
        outgoing.saslUnavailable(sasl.xid());
        touch();
    }

    // ---- four-letter words

    void onWord(String word, long number) {
        stage = Stage.ASKING;
        asksWord = true;
        account.onReceived(port.inlet().nowMillis());
        port.words()
                .answer(
                        word,
                        number,
                        id,
                        text -> {
                            if (stage == Stage.ASKING) {
                                outgoing.text(text.getBytes(StandardCharsets.UTF_8));
                                close((String) null);
                                flush();
                            }
                        });
    }

    // ---- what goes out

    void welcome(long newSessionId, int newTimeoutMillis, boolean readOnly) {
        if (stage != Stage.ASKING) {
            return;
        }
        sessionId = newSessionId;
        timeoutMillis = newTimeoutMillis;
        account.onSession();
        stage = Stage.ESTABLISHED;
        cancelSessionless();
        port.tracing().session(remote, newSessionId, "begins or goes on");
        outgoing.welcome(newSessionId, newTimeoutMillis, knowsReadOnly, readOnly);
        touch();
        intake.resumeSoon();
    }

    void reject() {
        if (stage != Stage.CLOSING) {
            outgoing.reject(knowsReadOnly);
            close((String) null);
        }
    }

    void reply(int xid, long zxid, Outcome outcome) {
        if (stage == Stage.CLOSING) {
            return;
        }
        int slot = inFlight.find(xid);
        if (slot >= 0) {
            onAnswered(slot, zxid);
            standing.onAnswered(port.audit(), xid, outcome);
        }
        outgoing.reply(xid, zxid, outcome);
        touch();
        intake.resumeSoon();
    }

    private void onAnswered(int slot, long zxid) {
        long nowMillis = port.inlet().nowMillis();
        OperationName name = inFlight.name(slot);
        long latencyMillis = Math.max(0, nowMillis - inFlight.timeMillis(slot));
        account.onAnswered(name, inFlight.xid(slot), zxid, nowMillis, latencyMillis);
        port.traffic().onAnswered(latencyMillis, name.isAgreed());
        port.tracing().request(remote, sessionId, "is answered", name, inFlight.xid(slot));
        int size = inFlight.size(slot);
        port.onInFlight(-1, -size, -inFlight.largeBytes(size));
        inFlight.remove(slot);
    }

    void event(WatchEvent event) {
        if (stage == Stage.CLOSING) {
            return;
        }
        port.tracing().event(remote, sessionId, event);
        outgoing.event(event);
        touch();
        if (outgoing.waiting() > Outgoing.MAX_WAITING) {
            abort("it does not read the events that it watches for");
        }
    }

    void throttle(boolean on) {
        intake.throttle(on);
    }

    private void touch() {
        if (!dirty) {
            dirty = true;
            port.onDirty(this);
        }
    }

    /** The turn ends: what was gathered leaves. */
    void flush() {
        dirty = false;
        boolean allSent = outgoing.flush();
        if (stage == Stage.CLOSING) {
            if (allSent) {
                finish();
            }
            if (lingering == null && channel.isOpen()) {
                linger();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // May come from within a step of the peer, so nothing is decoded here and now.
        if (channel.isWritable()) {
            port.thread().execute(this::onWritable);
        }
    }

    /** Sends on what waits; whether the client had read enough for that. */
    boolean onWritable() {
        boolean reads = channel.isActive() && channel.isWritable();
        if (channel.isActive()) {
            flush();
            intake.resumeSoon();
        }
        return reads;
    }

    // ---- the end

    void close(CloseReason reason) {
        hasSaidAll = reason == CloseReason.SESSION_CLOSED && intake.isEmpty();
        close(reason == CloseReason.SESSION_CLOSED ? null : reason.text());
    }

    /** Closes once all is sent, since the server stops. */
    void depart() {
        close((String) null);
    }

    /** Closes once all is sent; {@code reason} is said to operators, null where it goes without. */
    private void close(@Nullable String reason) {
        if (stage == Stage.CLOSING) {
            return;
        }
        if (reason != null) {
            port.grumble(remote, reason);
        }
        stage = Stage.CLOSING;
        cancelSessionless();
        release();
        touch();
        if (!hasSaidAll) {
            linger();
        }
    }

    /** However slowly the rest is taken, and whatever still comes, there is an end to it. */
    private void linger() {
        lingering = port.thread().schedule(LINGER_MILLIS, () -> LoopThread.close(channel));
    }

    /**
     * All is sent. The client is told so, and what it still sends is thrown away, since a socket
     * that is closed over unread bytes takes the last replies with it. Who has ended its session
     * sends no more, and is not waited for.
     */
    private void finish() {
        if (finishing || !channel.isActive()) {
            return;
        }
        finishing = true;
        if (hasSaidAll) {
            var _ =
                    channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                            .addListener(_ -> LoopThread.close(channel));
            return;
        }
        channel.config().setAutoRead(true);
        // The client's end is the end: netty need not halve what is about to go.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        var _ =
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(_ -> {
                            if (inputEnded) {
                                LoopThread.close(channel);
                            } else if (channel instanceof DuplexChannel duplex) {
                                var _ = duplex.shutdownOutput();
                            }
                        });
    }

    /** Closes at once, whatever is still to be sent. */
    void abort(@Nullable String reason) {
        if (reason != null) {
            port.grumble(remote, reason);
        }
        stage = Stage.CLOSING;
        cancelSessionless();
        release();
        outgoing.drop();
        LoopThread.close(channel);
    }

    private void cancelSessionless() {
        if (sessionless != null) {
            sessionless.cancel();
            sessionless = null;
        }
    }

    private void release() {
        intake.release();
        port.onInFlight(-inFlight.count(), -inFlight.bytes(), -inFlight.largeBytes());
        inFlight.clear();
    }

    /** The client sends no more; who has asked for a word may still wait for its answer. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            if (finishing || !(asksWord || stage == Stage.CLOSING)) {
                LoopThread.close(channel);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stage = Stage.CLOSING;
        cancelSessionless();
        if (lingering != null) {
            lingering.cancel();
        }
        release();
        outgoing.drop();
        port.onGone(this);
        if (introduced) {
            port.tracing().session(remote, sessionId, "loses its connection");
            introduced = false;
            port.inlet().step(new Input.Disconnected(id));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset by the client is not worth a line.
        if (!(cause instanceof IOException)) {
            port.fault(remote, cause);
        }
        abort(null);
    }

    // ---- for operators

    ConnectionReport report() {
        return account.report(
                id,
                remote,
                !intake.isHeldBack() && stage == Stage.ESTABLISHED,
                inFlight.count() + (long) outgoing.waiting(),
                outgoing.sent(),
                sessionId,
                timeoutMillis);
    }

    void resetCounters() {
        account.reset();
        outgoing.resetCount();
    }
}
