package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import vivarium.core.zab.Message;
import vivarium.wire.MalformedException;
import vivarium.wire.QuorumReader;

/**
 * One connection between a leader and a learner. While the other end reads, messages are encoded at
 * once into one buffer that leaves at the end of the turn. While it does not, they wait as records,
 * which share their data with the tree; so a snapshot is never in memory as bytes but for what the
 * socket has not taken yet.
 */
final class QuorumLink extends ChannelInboundHandlerAdapter {
    /** A turn's buffer of this size leaves before the turn ends. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final int KEPT_SCRATCH_BYTES = 1 << 20;

    private final QuorumLinks links;
    private final Channel channel;
    private final QuorumReader reader;
    private final String remote;
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private @Nullable ByteBuf buffer;
    private long sid;
    private boolean introduced;
    private boolean dropped;
    private boolean dirty;
    private long heardMillis;

    /** Whether a snapshot is being sent, and whether the core has been told of room for it. */
    private boolean sendingSnapshot;

    private boolean roomGiven;

    /** Whether the learner at the other end has been told that it is up to date. */
    private boolean synced;

    /**
     * @param sid who is at the other end, as far as is known; read from what it says first where
     *     the other end has made the connection
     */
    QuorumLink(
            QuorumLinks links, Channel channel, QuorumReader reader, boolean introduced, long sid) {
        this.links = links;
        this.channel = channel;
        this.reader = reader;
        this.introduced = introduced;
        this.sid = sid;
        this.remote = PeerPort.remote(channel);
    }

    long sid() {
        return sid;
    }

    boolean isIntroduced() {
        return introduced;
    }

    QuorumReader reader() {
        return reader;
    }

    boolean isDropped() {
        return dropped;
    }

    boolean isSynced() {
        return synced;
    }

    /** When something came last. */
    long heardMillis() {
        return heardMillis;
    }

    /** As people call the other end. */
    @Override
    public String toString() {
        return introduced ? "server " + sid + " at " + remote : remote;
    }

    /** Reads on, or not. */
    void read(boolean on) {
        channel.config().setAutoRead(on);
    }

    // ---- out

    /** Sends behind all that was sent before; with {@link #flush}, or before. */
    void send(Message message) {
        if (dropped) {
            return;
        }
        if (message instanceof Message.SnapHead) {
            sendingSnapshot = true;
        } else if (message instanceof Message.SnapTail) {
            sendingSnapshot = false;
        } else if (message instanceof Message.UpToDate) {
            synced = true;
        }
        if (waiting.isEmpty() && channel.isWritable()) {
            encode(message);
        } else {
            waiting.add(message);
            waitingBytes += MessageSize.bytes(message);
        }
        if (!dirty) {
            dirty = true;
            links.onDirty(this);
        }
    }

    /** How many bytes wait for the other end to read. */
    long waitingBytes() {
        return waitingBytes;
    }

    private void encode(Message message) {
        var scratch = links.scratch();
        links.codec().write(scratch, message);
        ByteBuf target = buffer;
        if (target == null) {
            target = channel.alloc().ioBuffer(Math.max(256, scratch.length()));
            buffer = target;
        }
        target.writeBytes(scratch.array(), 0, scratch.length());
        scratch.reset(KEPT_SCRATCH_BYTES);
        if (target.readableBytes() >= BUFFER_BYTES) {
            sendBuffer(target);
        }
    }

    private void sendBuffer(ByteBuf target) {
        buffer = null;
        var _ = channel.writeAndFlush(target, channel.voidPromise());
    }

    /** Hands to the socket what it takes. */
    void flush() {
        dirty = false;
        while (!dropped && !waiting.isEmpty() && channel.isWritable()) {
            Message next = waiting.remove();
            waitingBytes -= MessageSize.bytes(next);
            encode(next);
        }
        ByteBuf target = buffer;
        if (target != null && !dropped) {
            sendBuffer(target);
        }
        if (sendingSnapshot
                && !roomGiven
                && !dropped
                && waiting.isEmpty()
                && channel.isWritable()) {
            roomGiven = true;
            links.giveRoom(this);
        }
    }

    /** The core is told of room for a snapshot now; whether it still has one to send. */
    boolean takeRoom() {
        roomGiven = false;
        return sendingSnapshot && !dropped;
    }

    /** Gives the connection up, once what was sent is on its way; nobody is told. */
    void drop() {
        if (!dropped) {
            flush();
            dropped = true;
            waiting.clear();
            waitingBytes = 0;
            LoopThread.close(channel);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && !dropped) {
            flush();
        }
    }

    // ---- in

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!dropped && message instanceof ByteBuf bytes) {
                read(bytes);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ByteBuf bytes) {
        heardMillis = links.nowMillis();
        try {
            while (bytes.isReadable() && !dropped) {
                byte[] array = links.scratchBytes();
                int length = Math.min(bytes.readableBytes(), array.length);
                bytes.readBytes(array, 0, length);
                reader.read(array, 0, length, this::onMessage);
            }
        } catch (MalformedException e) {
            links.refuse(this, String.valueOf(e.getMessage()));
        }
    }

    private void onMessage(Message message) {
        if (dropped) {
            return;
        }
        if (introduced) {
            links.onMessage(this, message);
        } else {
            sid = reader.sid();
            introduced = true;
            links.onIntroduced(this, message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ByteBuf unsent = buffer;
        buffer = null;
        if (unsent != null) {
            unsent.release();
        }
        if (!dropped) {
            dropped = true;
            links.onGone(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A broken connection ends; whatever else it may be, its log line says.
        if (!(cause instanceof java.io.IOException)) {
            links.fault(this, cause);
        }
        LoopThread.close(channel);
    }
}
