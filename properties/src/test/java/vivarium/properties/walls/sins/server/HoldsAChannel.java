package vivarium.properties.walls.sins.server;

import io.netty.channel.Channel;

/** A planted sin: netty outside of the room for it. */
public interface HoldsAChannel {
    void holds(Channel channel);
}
