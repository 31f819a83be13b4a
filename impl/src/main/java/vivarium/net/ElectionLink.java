package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import vivarium.core.election.Notification;
import vivarium.wire.ElectionFrame;
import vivarium.wire.ElectionReader;
import vivarium.wire.MalformedException;

/** One connection over which votes are told. */
final class ElectionLink extends ChannelInboundHandlerAdapter {
    private static final long NOBODY = Long.MIN_VALUE;

    private final ElectionLinks links;
    private final Channel channel;
    private final ElectionReader reader;
    private final String remote;
    private long sid = NOBODY;
    private boolean dropped;
    private @Nullable Notification held;

    /** A connection that somebody has made to this server, and has to say who it is. */
    static ElectionLink accepted(ElectionLinks links, Channel channel) {
        return new ElectionLink(links, channel, ElectionReader.ofCaller());
    }

    /** A connection that this server has made to {@code sid}. */
    static ElectionLink made(ElectionLinks links, Channel channel, long sid) {
        ElectionLink link = new ElectionLink(links, channel, ElectionReader.ofCalled());
        link.sid = sid;
        return link;
    }

    private ElectionLink(ElectionLinks links, Channel channel, ElectionReader reader) {
        this.links = links;
        this.channel = channel;
        this.reader = reader;
        this.remote = PeerPort.remote(channel);
    }

    Channel channel() {
        return channel;
    }

    /** Whether it is known who is at the other end. */
    boolean isGreeted() {
        return sid != NOBODY;
    }

    /** Who is at the other end, where that is known. */
    long sid() {
        return sid;
    }

    void greeted(long newSid) {
        sid = newSid;
    }

    /** As people call the other end. */
    @Override
    public String toString() {
        return isGreeted() ? "server " + sid + " at " + remote : remote;
    }

    /** Sends a vote; only the newest counts where the other end does not read. */
    void send(Notification notification) {
        if (channel.isWritable()) {
            held = null;
            var _ = channel.write(links.encode(channel, notification), channel.voidPromise());
            links.onDirty(this);
        } else {
            held = notification;
        }
    }

    void flush() {
        channel.flush();
    }

    /** Gives the connection up, once what was sent is on its way; nobody is told. */
    void drop() {
        dropped = true;
        LoopThread.close(channel);
    }

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
        try {
            while (bytes.isReadable() && !dropped) {
                byte[] array = links.scratchBytes();
                int length = Math.min(bytes.readableBytes(), array.length);
                bytes.readBytes(array, 0, length);
                reader.read(array, 0, length, this::onFrame);
            }
        } catch (MalformedException e) {
            links.refuse(this, String.valueOf(e.getMessage()));
        }
    }

    private void onFrame(ElectionFrame frame) {
        if (!dropped) {
            links.onFrame(this, frame);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Notification newest = held;
        if (newest != null && channel.isWritable() && !dropped) {
            send(newest);
            flush();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
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
