package vivarium.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connects to other servers. Names are resolved anew for each try, and never on the loop's thread:
 * a name server that is silent must not stop a server that can do without.
 */
final class Dialer {
    private final LoopThread thread;
    private final int connectMillis;
    private final WriteBufferWaterMark waterMarks;

    /** Whoever wants the connection; called on the loop's thread, by no effect of the core. */
    interface Caller {
        /** There is a connection. It is not read before a handler was added and it is told to. */
        void onConnected(Channel channel);

        /** None of the addresses has answered; {@code reason} is about the last one. */
        void onFailed(String reason);
    }

    Dialer(LoopThread thread, int connectMillis, WriteBufferWaterMark waterMarks) {
        this.thread = thread;
        this.connectMillis = connectMillis;
        this.waterMarks = waterMarks;
    }

    /** Where to connect to: a name and a port. */
    record Target(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** Tries {@code targets} in turn, until one answers. */
    Call dial(List<Target> targets, Caller caller) {
        Call call = new Call(targets, caller);
        call.next("no address");
        return call;
    }

    /** One attempt to connect. */
    final class Call {
        private final List<Target> targets;
        private final Caller caller;
        private int at;
        private boolean cancelled;

        private Call(List<Target> targets, Caller caller) {
            this.targets = targets;
            this.caller = caller;
        }

        /** Nobody wants the connection any more; its caller hears nothing. */
        void cancel() {
            cancelled = true;
        }

        private void next(String lastReason) {
            if (at == targets.size()) {
                thread.execute(() -> {
                    if (!cancelled) {
                        caller.onFailed(lastReason);
                    }
                });
                return;
            }
            Target target = targets.get(at++);
            var _ =
                    Thread.ofVirtual()
                            .name("vivarium-resolve")
                            .start(() -> {
                                InetAddress address = resolve(target.host());
                                var _ = thread.offer(() -> onResolved(target, address));
                            });
        }

        private void onResolved(Target target, @Nullable InetAddress address) {
            if (cancelled) {
                return;
            }
            if (address == null) {
                next(target + ": the name is not known");
                return;
            }
            ChannelFuture connecting =
                    new Bootstrap()
                            .group(thread.group())
                            .channel(thread.clientChannel())
                            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
                            .option(ChannelOption.TCP_NODELAY, true)
                            .option(ChannelOption.SO_KEEPALIVE, true)
                            .option(ChannelOption.AUTO_READ, false)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, LoopThread.receiveBuffers())
                            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMarks)
                            .handler(new Nobody())
                            .connect(new InetSocketAddress(address, target.port()));
            connecting.addListener(done -> onDone(target, connecting));
        }

        private void onDone(Target target, ChannelFuture connecting) {
            Channel channel = connecting.channel();
            if (cancelled) {
                LoopThread.close(channel);
            } else if (connecting.isSuccess()) {
                caller.onConnected(channel);
            } else {
                next(target + ": " + String.valueOf(connecting.cause().getMessage()));
            }
        }
    }

    private static @Nullable InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException _) {
            return null; // not yet known, perhaps: whoever dials tries again
        }
    }

    /** There is no handler before the connection is there. */
    private static final class Nobody extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {}
    }
}
