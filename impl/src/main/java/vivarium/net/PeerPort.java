package vivarium.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port on which a server listens for the others, on one address or several. */
final class PeerPort {
    private static final Logger LOG = LoggerFactory.getLogger(PeerPort.class);

    private static final long RETRY_MILLIS = 1_000;
    private static final int BACKLOG = 128;

    private final LoopThread thread;
    private final String name;
    private final Grumbles grumbles;
    private final Inlet inlet;
    private final List<Channel> listening = new ArrayList<>();

    /**
     * @param name what the port is for, for people
     */
    PeerPort(LoopThread thread, String name, Grumbles grumbles, Inlet inlet) {
        this.thread = thread;
        this.name = name;
        this.grumbles = grumbles;
        this.inlet = inlet;
    }

    /**
     * Opens the port. Called by any thread but the loop's; a port that is taken may be free soon,
     * and a name that is not known yet be known.
     *
     * @param tries how often it is tried, a second apart; 0 for ever
     * @param accept takes each connection, on the loop's thread, before anything is read from it
     * @throws PortException if an address can't be had
     */
    void open(
            List<InetSocketAddress> addresses,
            int tries,
            WriteBufferWaterMark waterMarks,
            Consumer<Channel> accept)
            throws PortException {
        for (InetSocketAddress address : addresses) {
            ServerBootstrap bootstrap =
                    new ServerBootstrap()
                            .group(thread.group())
                            .channel(thread.serverChannel())
                            .option(ChannelOption.SO_REUSEADDR, true)
                            .option(ChannelOption.SO_BACKLOG, BACKLOG)
                            .childOption(ChannelOption.TCP_NODELAY, true)
                            .childOption(ChannelOption.SO_KEEPALIVE, true)
                            .childOption(
                                    ChannelOption.RECVBUF_ALLOCATOR, LoopThread.receiveBuffers())
                            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMarks)
                            .childHandler(
                                    new ChannelInitializer<Channel>() {
                                        @Override
                                        protected void initChannel(Channel channel) {
                                            accept.accept(channel);
                                        }
                                    });
            Channel channel = bind(bootstrap, address, tries);
            channel.pipeline().addLast(new AcceptFailures(grumbles, inlet, address));
            listening.add(channel);
        }
    }

    private Channel bind(ServerBootstrap bootstrap, InetSocketAddress address, int tries)
            throws PortException {
        for (int tried = 1; ; tried++) {
            ChannelFuture bound = bootstrap.bind(resolved(address)).awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            if (tried == tries) {
                throw new PortException(
                        "can't listen for "
                                + name
                                + " on "
                                + address
                                + ": "
                                + bound.cause().getMessage(),
                        bound.cause());
            }
            LOG.warn(
                    "can't listen for {} on {} yet: {}", name, address, bound.cause().getMessage());
            try {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PortException("interrupted while waiting for " + address, e);
            }
        }
    }

    /** A name that nobody knows yet may be known at the next try. */
    private static InetSocketAddress resolved(InetSocketAddress address) {
        return address.isUnresolved()
                ? new InetSocketAddress(address.getHostString(), address.getPort())
                : address;
    }

    /** Takes no more connections; those that are there stay. */
    void close() {
        listening.forEach(LoopThread::close);
    }

    /** Where a member listens. */
    static List<InetSocketAddress> addresses(PeerSettings settings, boolean election) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (Member.Address own : settings.own().addresses()) {
            int port = election ? own.electionPort() : own.quorumPort();
            InetSocketAddress address =
                    settings.listensEverywhere()
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(own.host(), port);
            if (!addresses.contains(address)) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** Who is at the other end, for people. */
    static String remote(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? text(remote.getAddress()) + ":" + remote.getPort()
                : "somebody";
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
