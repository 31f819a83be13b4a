package vivarium.properties.servers;

import java.nio.file.Path;

/**
 * A ZooKeeper server of one on loopback, which a test starts, stops and brings back on the same
 * data directory and the same port.
 */
public interface ServerUnderTest extends AutoCloseable {

    /** Starts on {@link #dataDirectory()}; returns when clients are served. */
    void start();

    /** Stops in order, as for a planned restart: connections are closed, sessions are not. */
    void stop();

    /** The client port, the same over restarts. */
    int port();

    Path dataDirectory();

    default String connectString() {
        return "127.0.0.1:" + port();
    }

    default void restart() {
        stop();
        start();
    }

    @Override
    default void close() {
        stop();
    }
}
