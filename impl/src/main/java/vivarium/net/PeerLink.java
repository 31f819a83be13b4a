package vivarium.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import vivarium.wire.MalformedException;

/**
 * One connection between two servers, from its first byte to its end, whatever is said over it. All
 * of it belongs to the loop's thread.
 */
abstract class PeerLink extends ChannelInboundHandlerAdapter {
    /** The id of a server that is not known yet. */
    static final long NOBODY = Long.MIN_VALUE;

    private final PeerLinks links;
    private final Channel channel;
    private final String remote;
    private long sid;
    private boolean dropped;
    private boolean dirty;

    /**
     * @param sid who is at the other end; {@link #NOBODY} where that is still to be said
     */
    PeerLink(PeerLinks links, Channel channel, long sid) {
        this.links = links;
        this.channel = channel;
        this.sid = sid;
        this.remote = PeerPort.remote(channel);
    }

    /** Bytes have come; {@link #isDropped} may become true on the way. */
    abstract void take(byte[] bytes, int length) throws MalformedException;

    /** Hands to the socket what it takes of what was sent. */
    abstract void flush();

    /** The turn ends: what was gathered in it leaves. */
    void endTurn() {
        dirty = false;
        flush();
    }

    /** It has ended, or is about to, and not by a wish of this server's core. */
    abstract void ended();

    final Channel channel() {
        return channel;
    }

    /** Whether it is known who is at the other end. */
    final boolean isGreeted() {
        return sid != NOBODY;
    }

    /** Who is at the other end, where that is known. */
    final long sid() {
        return sid;
    }

    /** The other end has said who it is. */
    final void greeted(long newSid) {
        sid = newSid;
    }

    /** Whether this server has given it up, or it has ended by itself. */
    final boolean isDropped() {
        return dropped;
    }

    /** As people call the other end. */
    @Override
    public final String toString() {
        return isGreeted() ? "server " + sid + " at " + remote : remote;
    }

    /** Something waits for the end of the turn. */
    final void touch() {
        if (!dirty) {
            dirty = true;
            links.onDirty(this);
        }
    }

    /** Gives the connection up, once what was sent is on its way; nobody is told. */
    final void drop() {
        if (!dropped) {
            flush();
            dropped = true;
            release();
            LoopThread.close(channel);
        }
    }

    /** Nothing is sent any more: what still waits goes. */
    abstract void release();

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
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
            byte[] array = links.scratchBytes();
            while (bytes.isReadable() && !dropped) {
                int length = Math.min(bytes.readableBytes(), array.length);
                bytes.readBytes(array, 0, length);
                take(array, length);
            }
        } catch (MalformedException e) {
            links.refuse(this, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && !dropped) {
            flush();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        release();
        if (!dropped) {
            dropped = true;
            links.onGone(this);
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A broken connection ends; whatever else it may be, its log line says.
        if (!(cause instanceof IOException)) {
            links.fault(this, cause);
        }
        LoopThread.close(channel);
    }
}
