package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What has come from one client and can't be taken yet: part of a frame, or more than may be taken
 * now. The buffer has about the size of what it holds.
 */
final class Held {
    private final ClientPort port;
    private @Nullable ByteBuf bytes;

    /** Since when it waits, -1 for not at all. */
    private long sinceMillis = -1;

    /** How long what is being taken now has waited. */
    private long waitedMillis;

    Held(ClientPort port) {
        this.port = port;
    }

    /** What there is, null for nothing. */
    @Nullable ByteBuf bytes() {
        return bytes;
    }

    /** Holds the rest of {@code in}; false where the port holds too much on all connections. */
    boolean add(ByteBuf in) {
        ByteBuf target = bytes;
        if (target == null) {
            target = Unpooled.buffer(in.readableBytes());
            bytes = target;
        }
        port.onHeldBytes(in.readableBytes());
        target.writeBytes(in);
        return !port.holdsTooMuch();
    }

    /** Some was taken since there were {@code before} bytes. */
    void taken(int before) {
        ByteBuf left = bytes;
        if (left == null) {
            return; // released meanwhile
        }
        port.onHeldBytes(left.readableBytes() - before);
        if (!left.isReadable()) {
            bytes = null;
        } else if (left.readerIndex() > left.capacity() / 2) {
            bytes = Unpooled.buffer(left.readableBytes()).writeBytes(left);
        }
    }

    void release() {
        if (bytes != null) {
            port.onHeldBytes(-bytes.readableBytes());
            bytes = null;
        }
    }

    /** From now on nothing is taken. */
    void waits(long nowMillis) {
        if (sinceMillis < 0) {
            sinceMillis = nowMillis;
        }
    }

    /** What is held is taken now. */
    void resumes(long nowMillis) {
        waitedMillis = nowMillis - sinceMillis;
    }

    /** As much has been taken as may be; {@code all} unless something has to wait on. */
    void resumed(boolean all) {
        waitedMillis = 0;
        sinceMillis = all ? -1 : sinceMillis;
    }

    /**
     * Whether what is being taken has waited so long that it must not be done any more: whoever
     * asked has given its session up by now.
     */
    boolean isTooStale(int timeoutMillis) {
        boolean closes = port.settings().requests().closesStale();
        boolean stale = waitedMillis > timeoutMillis;
        if (stale) {
            port.traffic().onStale(closes);
        }
        return stale && closes;
    }

    /** Whether what is being taken has waited so long that an error is its answer. */
    boolean isTooLate() {
        int limitMillis = port.settings().requests().throttledWaitMillis();
        return limitMillis > 0 && waitedMillis > limitMillis;
    }
}
