package vivarium.properties.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.command.FourLetterCommands;
import org.jspecify.annotations.Nullable;

/**
 * Apache's own server inside the JVM of the tests: the yardstick. A claim that fails on it is a
 * wrong claim.
 *
 * <p>Apache reads much of its configuration from system properties, some of them only once in the
 * life of a JVM; those are set to the standard settings before its classes are loaded.
 */
public final class ApacheServer implements ServerUnderTest {

    private static final int SHUTDOWN_TIMEOUT_MILLIS = 1000;

    static {
        System.setProperty("zookeeper.nio.shutdownTimeout", "" + SHUTDOWN_TIMEOUT_MILLIS);
        System.setProperty("zookeeper.nio.numWorkerThreads", "2");
        System.setProperty("zookeeper.nio.numSelectorThreads", "1");
        Settings.standard()
                .values()
                .forEach((key, value) -> System.setProperty("zookeeper." + key, value));
    }

    private final Path dataDirectory;
    private final Settings settings;
    private @Nullable ZooKeeperServer server;
    private @Nullable NIOServerCnxnFactory connections;
    private int port;

    public ApacheServer(Path dataDirectory, Settings settings) {
        this.dataDirectory = dataDirectory;
        this.settings = settings;
    }

    @Override
    public void start() {
        try {
            System.setProperty(
                    "zookeeper.4lw.commands.whitelist", settings.value("4lw.commands.whitelist"));
            FourLetterCommands.resetWhiteList();
            var zooKeeper =
                    new ZooKeeperServer(
                            dataDirectory.toFile(),
                            dataDirectory.toFile(),
                            settings.number("tickTime"));
            zooKeeper.setMinSessionTimeout(settings.number("minSessionTimeout"));
            zooKeeper.setMaxSessionTimeout(settings.number("maxSessionTimeout"));
            var factory = new NIOServerCnxnFactory();
            factory.configure(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    settings.number("maxClientCnxns"),
                    -1);
            factory.startup(zooKeeper);
            port = factory.getLocalPort();
            server = zooKeeper;
            connections = factory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Apache's server started", e);
        }
    }

    @Override
    public void stop() {
        if (connections == null || server == null) {
            return;
        }
        connections.shutdown();
        try {
            server.getTxnLogFactory().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections = null;
        server = null;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path dataDirectory() {
        return dataDirectory;
    }
}
