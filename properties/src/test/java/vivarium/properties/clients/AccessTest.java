package vivarium.properties.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.AuthFailedException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.InvalidACLException;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.DigestScheme;
import vivarium.properties.servers.RunningServer;
import vivarium.properties.servers.Settings;

/** Who may do what. */
class AccessTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    void whatItsCreatorKeepsToItselfIsClosedToOthers() throws Exception {
        String path = server.freshPath() + "/mine";
        ZooKeeper alice = client("alice:a");
        alice.create(path, new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        ZooKeeper bob = client("bob:b");
        ZooKeeper nobody = server.client();

        for (ZooKeeper other : List.of(bob, nobody)) {
            assertThrows(NoAuthException.class, () -> other.getData(path, false, null));
            assertThrows(NoAuthException.class, () -> other.getChildren(path, false));
            assertThrows(NoAuthException.class, () -> other.setData(path, new byte[0], -1));
            assertThrows(NoAuthException.class, () -> other.getACL(path, null));
            assertThrows(NoAuthException.class, () -> other.setACL(path, Ids.OPEN_ACL_UNSAFE, -1));
            assertThrows(NoAuthException.class, () -> other.exists(path, false));
        }
        alice.setData(path, "x".getBytes(UTF_8), 0);
    }

    @Test
    void aReaderMayReadAndNoMore() throws Exception {
        String path = server.freshPath() + "/readable";
        ZooKeeper alice = client("alice:a");
        alice.create(
                path,
                "x".getBytes(UTF_8),
                acl(new ACL(Perms.ALL, Ids.AUTH_IDS), new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE)),
                CreateMode.PERSISTENT);

        ZooKeeper nobody = server.client();
        assertEquals("x", new String(nobody.getData(path, false, null), UTF_8));
        assertEquals(List.of(), nobody.getChildren(path, false));
        assertThrows(NoAuthException.class, () -> nobody.setData(path, new byte[0], -1));
        assertThrows(
                NoAuthException.class,
                () ->
                        nobody.create(
                                path + "/child",
                                new byte[0],
                                Ids.OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT));
    }

    @Test
    void anAclIsReadAndChangedUnderItsOwnVersion() throws Exception {
        String path = server.freshPath();
        ZooKeeper client = server.client();
        Stat stat = new Stat();
        assertEquals(Ids.OPEN_ACL_UNSAFE, client.getACL(path, stat));
        assertEquals(0, stat.getAversion());

        List<ACL> digest =
                acl(new ACL(Perms.ALL, new Id("digest", DigestScheme.identity("alice:a"))));
        assertEquals(1, client.setACL(path, digest, 0).getAversion());
        ZooKeeper alice = client("alice:a");
        assertEquals(digest, alice.getACL(path, stat));
        assertThrows(BadVersionException.class, () -> alice.setACL(path, Ids.OPEN_ACL_UNSAFE, 0));
        assertThrows(NoAuthException.class, () -> client.getData(path, false, null));
    }

    @Test
    void theSuperUserMayDoAnything() throws Exception {
        String path = server.freshPath() + "/closed";
        ZooKeeper alice = client("alice:a");
        alice.create(path, new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);

        ZooKeeper superUser = client(Settings.SUPER_CREDENTIALS);
        superUser.setData(path, "seen".getBytes(UTF_8), -1);
        superUser.setACL(path, Ids.OPEN_ACL_UNSAFE, -1);
        superUser.delete(path, -1);
    }

    @Test
    void anAddressMayBeGivenRights() throws Exception {
        String path = server.freshPath();
        ZooKeeper client = server.client();
        client.create(
                path + "/here",
                new byte[0],
                acl(new ACL(Perms.ALL, new Id("ip", "127.0.0.0/8"))),
                CreateMode.PERSISTENT);
        client.create(
                path + "/elsewhere",
                new byte[0],
                acl(new ACL(Perms.ALL, new Id("ip", "10.0.0.0/8"))),
                CreateMode.PERSISTENT);

        client.setData(path + "/here", new byte[0], -1);
        assertThrows(
                NoAuthException.class, () -> client.setData(path + "/elsewhere", new byte[0], -1));
    }

    @Test
    void anAclThatNobodyCouldMeetIsRefused() throws Exception {
        String path = server.freshPath() + "/x";
        ZooKeeper client = server.client();
        for (List<ACL> acl :
                List.of(
                        acl(),
                        Ids.CREATOR_ALL_ACL, // this client has shown no identity
                        acl(new ACL(Perms.ALL, new Id("nonsense", "x"))),
                        acl(new ACL(Perms.ALL, new Id("ip", "300.1.2.3"))))) {
            assertThrows(
                    InvalidACLException.class,
                    () -> client.create(path, new byte[0], acl, CreateMode.PERSISTENT));
        }
    }

    @Test
    void anUnknownSchemeEndsTheClient() throws Exception {
        var failed = new CountDownLatch(1);
        ZooKeeper client = server.client();
        client.register(event -> {
            if (event.getState() == KeeperState.AuthFailed) {
                failed.countDown();
            }
        });
        client.addAuthInfo("nonsense", new byte[0]);
        assertTrue(failed.await(10, TimeUnit.SECONDS));
        assertThrows(AuthFailedException.class, () -> client.exists("/", false));
    }

    /** A list that may be asked whether it contains null, as Apache's client does. */
    private static List<ACL> acl(ACL... entries) {
        return new ArrayList<>(List.of(entries));
    }

    private static ZooKeeper client(String credentials) throws Exception {
        ZooKeeper client = server.client();
        client.addAuthInfo("digest", credentials.getBytes(UTF_8));
        return client;
    }
}
