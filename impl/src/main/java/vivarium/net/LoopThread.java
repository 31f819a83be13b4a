package vivarium.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The thread on which everything of a server happens that is not a disk's business: it waits for
 * sockets and runs, in between, what it is given to {@link #execute}.
 */
public final class LoopThread implements Executor {
    /**
     * What is read at a time: at least so much, or netty would learn to expect little, and read
     * twice what is longer by a few bytes than the packet before it.
     */
    private static final int LEAST_READ_BYTES = 4096;

    private static final int MOST_READ_BYTES = 64 << 10;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final boolean epoll;

    private LoopThread(String name, boolean epoll) {
        this.epoll = epoll;
        IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        ThreadFactory threads = Thread.ofPlatform().name(name).factory();
        this.group = new MultiThreadIoEventLoopGroup(1, threads, handler);
        this.loop = group.next();
    }

    /** A new thread, which waits by epoll where the system has it. */
    public static LoopThread start(String name) {
        return new LoopThread(name, Epoll.isAvailable());
    }

    /** How it waits for its sockets, for people. */
    public String transport() {
        return epoll ? "epoll" : "nio";
    }

    /** Runs {@code task} on this thread, soon; in the order of the calls where one thread calls. */
    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** As {@link #execute}; false, with nothing done, where the thread has stopped already. */
    public boolean offer(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException _) {
            return false; // the server has ended, so nobody waits for this any more
        }
    }

    /**
     * Runs {@code task} on this thread after {@code delayMillis}, unless it is cancelled before.
     */
    public Alarm schedule(long delayMillis, Runnable task) {
        var future = loop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    /** Whether the caller runs on this thread. */
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    /** Ends the thread, with all its sockets; waits up to {@code timeoutMillis} for that. */
    public void stop(long timeoutMillis) {
        var stopped = group.shutdownGracefully(0, timeoutMillis, TimeUnit.MILLISECONDS);
        if (!isCurrent()) {
            stopped.awaitUninterruptibly(timeoutMillis, TimeUnit.MILLISECONDS);
        }
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    /** How much room is offered to what a socket has brought. */
    static RecvByteBufAllocator receiveBuffers() {
        return new AdaptiveRecvByteBufAllocator(
                LEAST_READ_BYTES, LEAST_READ_BYTES, MOST_READ_BYTES);
    }

    Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    Class<? extends Channel> clientChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Closes {@code channel}; that it is closed is heard of by its handler, if by anybody. */
    static void close(Channel channel) {
        var _ = channel.close();
    }

    /** A task that is still to come. */
    @FunctionalInterface
    public interface Alarm {
        /** Calls it off, if it has not run yet. */
        void cancel();
    }
}
