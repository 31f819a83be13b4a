package vivarium.properties.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;

/**
 * JUnit extension: one server of the brand under test for the tests of a class, and clients that
 * are closed after each test.
 */
public final class RunningServer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    /** Long enough not to expire in a test by accident on a busy machine. */
    public static final int SESSION_MILLIS = 20_000;

    private final Settings settings;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final AtomicInteger names = new AtomicInteger();
    private @Nullable ServerUnderTest server;
    private @Nullable Path directory;

    public RunningServer(Settings settings) {
        this.settings = settings;
    }

    public RunningServer() {
        this(Settings.standard());
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("claims");
        server = Brand.underTest().embedded(directory.resolve("data"), settings);
        server.start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        var failure = new AssertionError("what the test opened cannot be closed");
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                failure.addSuppressed(e); // the others are to be closed all the same
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        server().close();
        if (directory != null) {
            deleteRecursively(directory);
        }
    }

    public ServerUnderTest server() {
        if (server == null) {
            throw new IllegalStateException("the server runs only within the tests of its class");
        }
        return server;
    }

    public int port() {
        return server().port();
    }

    /** To be closed after the test, the last opened first. */
    public <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    /** A path that no other test uses; the znode exists, persistent and open to all. */
    public String freshPath() throws IOException {
        String path = "/test" + names.incrementAndGet();
        try (RawClient client = RawClient.newSession(port())) {
            Frame created = client.call(Op.CREATE, Requests.create(path, Op.PERSISTENT));
            if (created.err() != ErrorCode.OK) {
                throw new AssertionError("cannot create " + path + ": " + created.err());
            }
            client.call(Op.CLOSE_SESSION, new JuteOut());
        }
        return path;
    }

    /** Apache's plain client, connected. */
    public ZooKeeper client() throws Exception {
        return client(SESSION_MILLIS);
    }

    public ZooKeeper client(int sessionMillis) throws Exception {
        return closing(connect(server().connectString(), sessionMillis));
    }

    /** Apache's plain client, connected; the caller closes it. */
    public static ZooKeeper connect(String connectString, int sessionMillis) throws Exception {
        var connected = new CountDownLatch(1);
        var zooKeeper =
                new ZooKeeper(
                        connectString,
                        sessionMillis,
                        event -> {
                            if (event.getState() == KeeperState.SyncConnected) {
                                connected.countDown();
                            }
                        },
                        new ZKClientConfig());
        if (!connected.await(10, TimeUnit.SECONDS)) {
            zooKeeper.close();
            throw new AssertionError("no connection within 10 s to " + connectString);
        }
        return zooKeeper;
    }

    /** Curator, started, seeing only what is under the path. */
    public CuratorFramework curator(String path) {
        return curator(path, SESSION_MILLIS);
    }

    public CuratorFramework curator(String path, int sessionMillis) {
        CuratorFramework curator =
                closing(
                        CuratorFrameworkFactory.newClient(
                                server().connectString() + path,
                                sessionMillis,
                                10_000,
                                new RetryNTimes(20, 100)));
        curator.start();
        return curator;
    }

    public static void deleteRecursively(Path directory) throws IOException {
        List<Path> paths;
        try (var walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
