package vivarium.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;

/**
 * Says why no connection could be accepted, as when there are no file descriptors left. It stands
 * behind netty's own handler, which accepts no more for a second then, lest the loop spin.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private final Grumbles grumbles;
    private final Inlet inlet;
    private final InetSocketAddress address;

    AcceptFailures(Grumbles grumbles, Inlet inlet, InetSocketAddress address) {
        this.grumbles = grumbles;
        this.inlet = inlet;
        this.address = address;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        grumbles.say(
                inlet.nowMillis(),
                "port " + address.getPort(),
                "for a second: " + cause.getMessage());
    }
}
