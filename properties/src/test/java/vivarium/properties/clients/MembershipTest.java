package vivarium.properties.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.Handshake;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.RunningServer;

/** Group membership and the detection of failures: ephemerals, and what becomes of them. */
class MembershipTest {

    private static final int SHORT_SESSION_MILLIS = 500;

    static {
        // one-shot watches instead of the persistent recursive ones of newer caches
        System.setProperty("curator-cache-bridge-force-tree-cache", "true");
    }

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    void aMemberThatLeavesInOrderIsGoneAtOnce() throws Exception {
        String group = server.freshPath();
        ZooKeeper watching = server.client();
        ZooKeeper member = server.client();
        member.create(group + "/m", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        assertEquals(List.of("m"), watching.getChildren(group, events::add));

        member.close();

        assertEquals(EventType.NodeChildrenChanged, events.poll(10, TimeUnit.SECONDS).getType());
        assertEquals(List.of(), watching.getChildren(group, false));
    }

    @Test
    void aMemberThatFallsSilentIsGoneAfterItsTimeout() throws Exception {
        String group = server.freshPath();
        ZooKeeper watching = server.client();
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        long silentSince;
        try (var member = RawClient.dial(server.port())) {
            member.handshake(ConnectBytes.newSession().timeout(SHORT_SESSION_MILLIS));
            member.call(Op.CREATE, Requests.create(group + "/m", Op.EPHEMERAL));
            silentSince = System.nanoTime();
            assertEquals(List.of("m"), watching.getChildren(group, events::add));
            assertNotNull(events.poll(10, TimeUnit.SECONDS), "the silent member expires");
        }

        long silentMillis = (System.nanoTime() - silentSince) / 1_000_000;
        assertTrue(silentMillis >= SHORT_SESSION_MILLIS, silentMillis + " ms is too early");
        assertEquals(List.of(), watching.getChildren(group, false));
    }

    @Test
    void aMemberWhoseConnectionBreaksMayComeBackInTime() throws Exception {
        String group = server.freshPath();
        ZooKeeper member = server.client(5000);
        member.create(group + "/m", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        long session = member.getSessionId();

        // Apache's client comes back by itself when another connection takes its session over
        try (var intruder = RawClient.dial(server.port())) {
            var taken =
                    intruder.handshake(
                            ConnectBytes.newSession().session(session, member.getSessionPasswd()));
            assertEquals(session, taken.sessionId());
        }

        Await.until(
                "the client is back",
                () -> {
                    try {
                        return member.exists(group + "/m", false) != null;
                    } catch (KeeperException.ConnectionLossException e) {
                        return false;
                    }
                });
        assertEquals(session, member.getSessionId());
    }

    @Test
    void aMemberThatComesBackTooLateIsToldThatItsSessionExpired() throws Exception {
        String group = server.freshPath();
        ZooKeeper watching = server.client();
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        Handshake session;
        try (var member = RawClient.dial(server.port())) {
            session = member.handshake(ConnectBytes.newSession().timeout(SHORT_SESSION_MILLIS));
            member.call(Op.CREATE, Requests.create(group + "/m", Op.EPHEMERAL));
        }
        watching.getChildren(group, events::add);
        assertNotNull(events.poll(10, TimeUnit.SECONDS), "the lost member expires");

        try (var late = RawClient.dial(server.port())) {
            Handshake answer =
                    late.handshake(
                            ConnectBytes.newSession()
                                    .session(session.sessionId(), session.password()));
            assertEquals(0, answer.timeoutMillis());
            assertEquals(0, answer.sessionId());
            late.expectClosed();
        }
    }

    @Test
    void everyMemberSeesTheWholeGroup() throws Exception {
        String group = server.freshPath();
        try (var one = new GroupMember(server.curator(group), "/group", "one")) {
            one.start();
            try (var two = new GroupMember(server.curator(group), "/group", "two")) {
                two.start();
                Set<String> both = Set.of("one", "two");
                Await.until("one knows both", () -> members(one).equals(both));
                Await.until("two knows both", () -> members(two).equals(both));
            }
            Await.until("one is alone", () -> members(one).equals(Set.of("one")));
        }
    }

    private static Set<String> members(GroupMember member) {
        return member.getCurrentMembers().keySet();
    }

    @Test
    void anEphemeralHasNoChildren() throws Exception {
        String group = server.freshPath();
        ZooKeeper member = server.client();
        member.create(group + "/m", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        Assertions.assertThrows(
                KeeperException.NoChildrenForEphemeralsException.class,
                () ->
                        member.create(
                                group + "/m/child",
                                new byte[0],
                                Ids.OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT));
    }

    @Test
    void aPersistentNodeIsPutBackWhenItIsDeleted() throws Exception {
        CuratorFramework curator = server.curator(server.freshPath());
        try (var node =
                new PersistentNode(
                        curator, CreateMode.EPHEMERAL, false, "/here", "x".getBytes(UTF_8))) {
            node.start();
            assertTrue(node.waitForInitialCreate(10, TimeUnit.SECONDS));
            curator.delete().forPath("/here");
            Await.until("it is back", () -> curator.checkExists().forPath("/here") != null);
        }
        Await.until("it is gone", () -> curator.checkExists().forPath("/here") == null);
    }
}
