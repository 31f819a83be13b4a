package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.wire.ClientCodec;
import vivarium.wire.JuteWriter;

/**
 * What is on its way to one client. While the client reads, replies are encoded at once into one
 * buffer that leaves at the end of the turn. While it does not, they wait as records, which share
 * their data with the tree and so cost next to nothing, until the socket takes bytes again.
 */
final class Outgoing {
    /** A turn's buffer of this size leaves before the turn ends. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final int FIRST_BUFFER_BYTES = 256;
    private static final int KEPT_SCRATCH_BYTES = 1 << 20;

    /** Only events can pile up so high, since the number of requests in flight is limited. */
    static final int MAX_WAITING = 1 << 18;

    private final Connection connection;
    private final Channel channel;
    private final JuteWriter scratch;
    private final Traffic traffic;
    private final LongReplies longReplies;
    private @Nullable ByteBuf buffer;
    private @Nullable ArrayDeque<Message> waiting;
    private int likelyBytes = FIRST_BUFFER_BYTES;
    private long sent;

    Outgoing(Connection connection, Channel channel, ClientPort port) {
        this.connection = connection;
        this.channel = channel;
        this.scratch = port.scratch();
        this.traffic = port.traffic();
        this.longReplies = port.longReplies();
    }

    /** Whether the client takes what it is sent. */
    boolean isOpen() {
        return waiting == null && channel.isWritable();
    }

    /** How many messages were encoded. */
    long sent() {
        return sent;
    }

    void resetCount() {
        sent = 0;
    }

    /** How many messages wait for the client to read. */
    int waiting() {
        return waiting == null ? 0 : waiting.size();
    }

    /** Whether there is something for {@link #flush} to do. */
    boolean isEmpty() {
        return buffer == null && waiting == null;
    }

    void reply(int xid, long zxid, Outcome outcome) {
        if (isOpen()) {
            ClientCodec.reply(scratch, xid, zxid, outcome);
            if (appendIfRoom()) {
                return;
            }
        }
        await(new Message.Reply(xid, zxid, outcome));
    }

    void event(WatchEvent event) {
        if (isOpen()) {
            ClientCodec.notification(scratch, event);
            append();
        } else {
            await(new Message.Event(event));
        }
    }

    void welcome(long sessionId, int timeoutMillis, boolean knowsReadOnly, boolean readOnly) {
        ClientCodec.welcome(scratch, sessionId, timeoutMillis, knowsReadOnly, readOnly);
        append();
    }

    void reject(boolean knowsReadOnly) {
        ClientCodec.reject(scratch, knowsReadOnly);
        append();
    }

    /** The answer to a SASL token: none, and no error either. */
    void saslUnavailable(int xid) {
        ClientCodec.saslReply(scratch, xid, ErrorCode.OK, null);
        append();
    }

    /** Text instead of frames, for an operator. */
    void text(byte[] bytes) {
        scratch.write(bytes, 0, bytes.length);
        append();
    }

    private void await(Message message) {
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.add(message);
    }

    /** Takes what is in the scratch writer, or forgets it where long replies have to wait. */
    private boolean appendIfRoom() {
        if (longReplies.admits(connection, scratch.length())) {
            append();
            return true;
        }
        scratch.reset(KEPT_SCRATCH_BYTES);
        return false;
    }

    /** Takes what is in the scratch writer. */
    private void append() {
        int length = scratch.length();
        ByteBuf target = buffer();
        target.writeBytes(scratch.array(), 0, length);
        scratch.reset(KEPT_SCRATCH_BYTES);
        sent++;
        traffic.onSent(length);
        if (target.readableBytes() >= BUFFER_BYTES) {
            send(target);
        }
    }

    private ByteBuf buffer() {
        if (buffer == null) {
            buffer = channel.alloc().ioBuffer(likelyBytes);
        }
        return buffer;
    }

    private void send(ByteBuf target) {
        buffer = null;
        // As much as last time, or half as much if that was too much: it seldom has to grow.
        likelyBytes =
                Math.max(FIRST_BUFFER_BYTES, Math.max(target.readableBytes(), likelyBytes / 2));
        traffic.onFlush();
        if (target.readableBytes() < LongReplies.LEAST_BYTES) {
            var _ = channel.writeAndFlush(target, channel.voidPromise());
        } else {
            LongReplies.Reply sending = longReplies.sending(connection, target);
            var _ = channel.writeAndFlush(target).addListener(_ -> longReplies.onSent(sending));
        }
    }

    /** Hands to the socket what it takes; true when nothing is left here. */
    boolean flush() {
        ArrayDeque<Message> messages = waiting;
        while (messages != null && channel.isWritable()) {
            Message next = messages.peek();
            if (next == null) {
                waiting = null;
                messages = null;
                continue;
            }
            encode(next);
            if (!appendIfRoom()) {
                break;
            }
            messages.remove();
        }
        if (buffer != null) {
            send(buffer);
        }
        return waiting == null;
    }

    private void encode(Message message) {
        switch (message) {
            case Message.Reply(int xid, long zxid, Outcome outcome) ->
                    ClientCodec.reply(scratch, xid, zxid, outcome);
            case Message.Event(WatchEvent event) -> ClientCodec.notification(scratch, event);
        }
    }

    /** The connection has gone, and with it whoever would have read this. */
    void drop() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
        waiting = null;
        longReplies.forget(connection);
    }

    private sealed interface Message {
        record Reply(int xid, long zxid, Outcome outcome) implements Message {}

        record Event(WatchEvent event) implements Message {}
    }
}
