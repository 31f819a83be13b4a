package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * What comes from one client: it is cut into frames, and no more is taken, nor read from the
 * socket, while something speaks against it (see {@link #isBlocked}). What has come of a frame is
 * kept in a buffer of about its size; a frame that is announced but does not come costs nothing.
 */
final class Intake {
    private static final int LENGTH_BYTES = 4;

    /** A connect request has 45 bytes; there is no reason to take a long one from a stranger. */
    private static final int MAX_CONNECT_BYTES = 4096;

    private final ClientPort port;
    private final Connection connection;
    private final Channel channel;
    private final Held held;

    /** Whether the socket is not read. */
    private boolean heldBack;

    private boolean resuming;

    /** Whether the core wants no more requests. */
    private boolean throttled;

    Intake(ClientPort port, Connection connection, Channel channel) {
        this.port = port;
        this.connection = connection;
        this.channel = channel;
        this.held = new Held(port);
    }

    /** Whether nothing has come that was not taken. */
    boolean isEmpty() {
        return held.bytes() == null;
    }

    /** What the socket has brought. */
    void take(ByteBuf in) {
        if (held.bytes() == null) {
            decode(in);
            if (in.isReadable() && !connection.isClosing()) {
                hold(in);
            }
        } else {
            hold(in);
            decodeHeld();
        }
    }

    private void hold(ByteBuf in) {
        if (!held.add(in)) {
            connection.abort("too many bytes of unfinished requests on all connections");
        }
    }

    private void decodeHeld() {
        ByteBuf bytes = held.bytes();
        if (bytes != null) {
            int before = bytes.readableBytes();
            decode(bytes);
            held.taken(before);
        }
    }

    /** Takes as many whole frames as there are, unless blocked. */
    private void decode(ByteBuf in) {
        while (!isBlocked() && in.readableBytes() >= LENGTH_BYTES) {
            int length = in.getInt(in.readerIndex());
            if (connection.isFresh() && Words.isOne(port.words(), length)) {
                onWord(Words.of(length), in);
                return;
            }
            int limit = connection.isFresh() ? MAX_CONNECT_BYTES : port.settings().maxFrameBytes();
            if (length < 0 || length > limit) {
                connection.abort("Len error " + length);
                return;
            }
            if (port.isTooMuchAtLarge(length)) {
                connection.abort(
                        "more large requests than largeRequestMaxBytes on all connections");
                return;
            }
            if (in.readableBytes() < LENGTH_BYTES + length) {
                return;
            }
            in.skipBytes(LENGTH_BYTES);
            byte[] frame = port.frame(length);
            in.readBytes(frame, 0, length);
            connection.onFrame(frame, length);
        }
        // Who has sent nothing more need not be kept from it: two system calls for nothing.
        if (!connection.isClosing() && in.isReadable() && isBlocked()) {
            holdBack();
        }
    }

    private void onWord(String word, ByteBuf in) {
        boolean takesNumber = port.words().takesNumber(word);
        if (takesNumber && in.readableBytes() < LENGTH_BYTES + Long.BYTES) {
            return; // the rest is on its way
        }
        long number = takesNumber ? in.getLong(in.readerIndex() + LENGTH_BYTES) : 0;
        in.skipBytes(in.readableBytes());
        port.traffic().onReceived(LENGTH_BYTES);
        connection.onWord(word, number);
    }

    /** Whether no further request may be taken from this connection now. */
    private boolean isBlocked() {
        return throttled || port.isThrottling() || connection.isBusy();
    }

    private void holdBack() {
        if (!heldBack) {
            heldBack = true;
            channel.config().setAutoRead(false);
            held.waits(port.inlet().nowMillis());
        }
        if (port.isThrottling()) {
            port.onThrottled(this);
        }
    }

    /** Whether no more is read. */
    boolean isHeldBack() {
        return heldBack;
    }

    /** The core wants no more, or goes on. */
    void throttle(boolean on) {
        throttled = on;
        resumeSoon();
    }

    /** Something that blocked this connection may have gone: looks again, as a task of its own. */
    void resumeSoon() {
        if (heldBack && !resuming) {
            resuming = true;
            port.resumeSoon(this);
        }
    }

    void resume() {
        resuming = false;
        if (isBlocked()) {
            if (!connection.isClosing() && port.isThrottling()) {
                port.onThrottled(this);
            }
            return;
        }
        heldBack = false;
        held.resumes(port.inlet().nowMillis());
        if (connection.isEstablished() && held.isTooStale(connection.timeoutMillis())) {
            connection.abort("its requests have waited longer than its session lasts");
            return;
        }
        decodeHeld();
        held.resumed(!heldBack);
        if (!heldBack && !connection.isClosing()) {
            channel.config().setAutoRead(true);
        }
    }

    /** Whether what is being taken has waited so long that an error is its answer. */
    boolean isTooLate() {
        return held.isTooLate();
    }

    /** Nothing is taken any more. */
    void release() {
        held.release();
    }
}
