package vivarium.properties.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.NodeCache;
import org.apache.curator.framework.recipes.cache.PathChildrenCache;
import org.apache.curator.framework.recipes.cache.PathChildrenCacheEvent;
import org.apache.curator.framework.recipes.cache.TreeCache;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.RunningServer;

/**
 * Configuration that is updated while it is watched. The caches are those of one-shot watches,
 * which Curator deprecates and the world still runs.
 */
@SuppressWarnings("deprecation")
class ConfigurationTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    void aReaderHearsOfEachChangeAndThenReadsTheNewValue() throws Exception {
        String path = server.freshPath() + "/limits";
        ZooKeeper writer = server.client();
        ZooKeeper reader = server.client();
        writer.create(path, "10".getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        Watcher watcher = events::add;

        assertEquals("10", text(reader.getData(path, watcher, null)));
        for (int value = 11; value < 30; value++) {
            writer.setData(path, Integer.toString(value).getBytes(UTF_8), -1);
            WatchedEvent event = events.poll(10, TimeUnit.SECONDS);
            assertEquals(EventType.NodeDataChanged, event.getType());
            assertEquals(path, event.getPath());
            assertEquals(Integer.toString(value), text(reader.getData(path, watcher, null)));
        }
        assertEquals(0, events.size());
    }

    @Test
    void aWatchIsForOneChangeOnly() throws Exception {
        String path = server.freshPath();
        ZooKeeper client = server.client();
        List<WatchedEvent> events = new CopyOnWriteArrayList<>();

        client.getData(path, events::add, null);
        client.setData(path, new byte[] {1}, -1);
        client.setData(path, new byte[] {2}, -1);

        Await.until("the first change is told", () -> !events.isEmpty());
        client.getData(path, false, null); // events come before the reply to a later request
        assertEquals(1, events.size());
    }

    @Test
    void existsWatchesForAZnodeThatIsNotThereYet() throws Exception {
        String path = server.freshPath() + "/later";
        ZooKeeper client = server.client();
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();

        assertEquals(null, client.exists(path, events::add));
        client.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertEquals(EventType.NodeCreated, events.poll(10, TimeUnit.SECONDS).getType());
    }

    @Test
    void ofTwoWritersOnTheSameVersionOneIsRefused() throws Exception {
        String path = server.freshPath();
        ZooKeeper first = server.client();
        ZooKeeper second = server.client();
        Stat seen = new Stat();
        first.getData(path, false, seen);

        first.setData(path, "first".getBytes(UTF_8), seen.getVersion());
        assertThrows(
                BadVersionException.class,
                () -> second.setData(path, "second".getBytes(UTF_8), seen.getVersion()));

        assertEquals("first", text(second.getData(path, false, null)));
    }

    @Test
    void aNodeCacheFollowsItsZnodeThroughChangeAndDeletion() throws Exception {
        CuratorFramework curator = server.curator(server.freshPath());
        curator.create().forPath("/config", "a".getBytes(UTF_8));
        try (var cache = new NodeCache(curator, "/config")) {
            cache.start(true);
            assertArrayEquals("a".getBytes(UTF_8), cache.getCurrentData().getData());

            curator.setData().forPath("/config", "b".getBytes(UTF_8));
            Await.until(
                    "the cache has the new value",
                    () ->
                            cache.getCurrentData() != null
                                    && text(cache.getCurrentData().getData()).equals("b"));
            curator.delete().forPath("/config");
            Await.until("the cache is empty", () -> cache.getCurrentData() == null);
        }
    }

    @Test
    void aPathChildrenCacheTellsOfEachChild() throws Exception {
        CuratorFramework curator = server.curator(server.freshPath());
        curator.create().forPath("/hosts");
        List<String> told = new CopyOnWriteArrayList<>();
        try (var cache = new PathChildrenCache(curator, "/hosts", true)) {
            cache.getListenable()
                    .addListener((_, event) -> told.add(event.getType() + name(event)));
            cache.start(PathChildrenCache.StartMode.BUILD_INITIAL_CACHE);

            curator.create().forPath("/hosts/a", "1".getBytes(UTF_8));
            Await.until("a is added", () -> told.contains("CHILD_ADDED /hosts/a"));
            curator.setData().forPath("/hosts/a", "2".getBytes(UTF_8));
            Await.until("a is updated", () -> told.contains("CHILD_UPDATED /hosts/a"));
            curator.delete().forPath("/hosts/a");
            Await.until("a is removed", () -> told.contains("CHILD_REMOVED /hosts/a"));
        }
    }

    private static String name(PathChildrenCacheEvent event) {
        return event.getData() == null ? "" : " " + event.getData().getPath();
    }

    @Test
    void aTreeCacheHoldsTheWholeTree() throws Exception {
        CuratorFramework curator = server.curator(server.freshPath());
        curator.create().creatingParentsIfNeeded().forPath("/root/a/b", "deep".getBytes(UTF_8));
        try (var cache = new TreeCache(curator, "/root")) {
            cache.start();
            Await.until("b is cached", () -> cache.getCurrentData("/root/a/b") != null);

            curator.create().forPath("/root/a/c", "new".getBytes(UTF_8));
            curator.delete().forPath("/root/a/b");
            Await.until(
                    "the cache has c and has forgotten b",
                    () ->
                            cache.getCurrentData("/root/a/c") != null
                                    && cache.getCurrentData("/root/a/b") == null);
        }
    }

    private static String text(byte[] data) {
        return new String(data, UTF_8);
    }
}
