package vivarium.properties.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.RunningServer;

/** Clients that live on while their server is restarted on its data. */
class RestartTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    private final Semaphore connections = new Semaphore(0);

    @Test
    void aSessionItsEphemeralsAndWhatItWroteSurviveARestart() throws Exception {
        String path = server.freshPath();
        ZooKeeper client = client();
        client.create(path + "/e", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.create(
                path + "/p", "kept".getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        long session = client.getSessionId();

        restart();

        assertEquals(session, client.getSessionId());
        assertEquals(session, client.exists(path + "/e", false).getEphemeralOwner());
        assertEquals("kept", new String(client.getData(path + "/p", false, null), UTF_8));
        client.setData(path + "/p", "changed".getBytes(UTF_8), 0);
    }

    @Test
    void watchesAreSetAgainAfterARestart() throws Exception {
        String path = server.freshPath();
        ZooKeeper client = client();
        BlockingQueue<WatchedEvent> data = new LinkedBlockingQueue<>();
        BlockingQueue<WatchedEvent> exist = new LinkedBlockingQueue<>();
        BlockingQueue<WatchedEvent> child = new LinkedBlockingQueue<>();
        client.getData(path, event -> keep(event, data), null);
        client.exists(path + "/new", event -> keep(event, exist));
        client.getChildren(path, event -> keep(event, child));

        restart();
        ZooKeeper other = server.client();
        other.setData(path, new byte[] {1}, -1);
        other.create(path + "/new", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertEquals(EventType.NodeDataChanged, next(data));
        assertEquals(EventType.NodeCreated, next(exist));
        assertEquals(EventType.NodeChildrenChanged, next(child));
    }

    /**
     * Of what a client has heard, it tells a server only what it heard with a reply: a server that
     * told persistent watches what happened since would tell listeners everything once more.
     */
    @Test
    void whoOnlyListensNamesAnOldZxidAndHearsNothingTwice() throws Exception {
        String path = server.freshPath();
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        var listener = new Listener(server.server().connectString(), this::noteConnection);
        try {
            listener.addWatch(path, event -> keep(event, events), AddWatchMode.PERSISTENT);
            long heardWithAReply = listener.lastZxid();
            ZooKeeper other = server.client();
            long written = other.setData(path, new byte[] {1}, -1).getMzxid();
            assertEquals(EventType.NodeDataChanged, next(events));
            assertTrue(heardWithAReply < written);
            assertEquals(heardWithAReply, listener.lastZxid());

            restart();
            server.client().setData(path, new byte[] {2}, -1);
            listener.exists(path, false);
            assertEquals(EventType.NodeDataChanged, next(events));
            assertEquals(0, events.size(), "heard twice");
        } finally {
            listener.close();
        }
    }

    /** Apache's client, of which can be seen what it will say to the next server. */
    @SuppressWarnings("try") // that closing can be interrupted is the client's way
    private static final class Listener extends ZooKeeper {
        Listener(String connectString, Watcher watcher) throws IOException {
            super(connectString, 30_000, watcher);
        }

        long lastZxid() {
            return cnxn.getLastZxid();
        }
    }

    @Test
    void whatIdentityAClientHadItHasAfterARestart() throws Exception {
        String path = server.freshPath() + "/mine";
        ZooKeeper client = client();
        client.addAuthInfo("digest", "alice:a".getBytes(UTF_8));
        client.create(path, new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        restart();
        client.setData(path, new byte[] {1}, 0);
    }

    @Test
    void numbersGoOnWhereTheyWere() throws Exception {
        String path = server.freshPath();
        ZooKeeper client = client();
        String first = sequential(client, path);
        client.delete(first, -1);
        long zxid = client.exists(path, false).getPzxid();
        restart();
        assertEquals(path + "/n0000000001", sequential(client, path));
        assertTrue(client.exists(path, false).getPzxid() > zxid);
    }

    private static String sequential(ZooKeeper client, String path) throws Exception {
        return client.create(
                path + "/n", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
    }

    @Test
    void aLockHeldOverARestartIsStillHeldAndALeaderLeadsAgain() throws Exception {
        String path = server.freshPath();
        CuratorFramework curator = server.curator(path);
        var reconnected = new CountDownLatch(1);
        var mutex = new InterProcessMutex(curator, "/lock");
        mutex.acquire();
        try (var latch = new LeaderLatch(curator, "/leader")) {
            latch.start();
            latch.await();
            curator.getConnectionStateListenable()
                    .addListener((_, state) -> {
                        if (state == ConnectionState.RECONNECTED) {
                            reconnected.countDown();
                        }
                    });
            server.server().restart();
            assertTrue(reconnected.await(15, TimeUnit.SECONDS));
            assertTrue(latch.await(15, TimeUnit.SECONDS));
            assertEquals(1, curator.getChildren().forPath("/lock").size(), "still there, and once");
            mutex.release();
        }
    }

    private ZooKeeper client() throws Exception {
        ZooKeeper client = server.client();
        client.register(this::noteConnection);
        return client;
    }

    private void noteConnection(WatchedEvent event) {
        if (event.getState() == KeeperState.SyncConnected && event.getType() == EventType.None) {
            connections.release();
        }
    }

    /** Returns when the client is connected again. */
    private void restart() throws InterruptedException {
        connections.drainPermits();
        server.server().restart();
        assertTrue(connections.tryAcquire(15, TimeUnit.SECONDS), "the client comes back");
    }

    private static void keep(WatchedEvent event, BlockingQueue<WatchedEvent> events) {
        if (event.getType() != EventType.None) {
            events.add(event);
        }
    }

    private static EventType next(BlockingQueue<WatchedEvent> events) throws InterruptedException {
        WatchedEvent event = events.poll(10, TimeUnit.SECONDS);
        assertNotNull(event);
        return event.getType();
    }
}
