package vivarium.properties.walls.sins.server;

import org.apache.zookeeper.server.auth.AuthenticationProvider;

/** A planted sin: Apache's types outside of the room for them. */
public interface AsksApache {
    void asks(AuthenticationProvider provider);
}
