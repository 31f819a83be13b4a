package vivarium.properties.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.RunningServer;

/** Names: that are unique, that are numbered, and that lead to what was stored under them. */
class NamingTest {

    private static final int CLIENTS = 3;
    private static final int NAMES_EACH = 50;

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    void sequentialNamesOfManyClientsAreUniqueAndWithoutAGap() throws Exception {
        String parent = server.freshPath();
        var names = new ConcurrentSkipListSet<String>();
        var done = new CountDownLatch(CLIENTS * NAMES_EACH);
        for (int i = 0; i < CLIENTS; i++) {
            ZooKeeper client = server.client();
            for (int j = 0; j < NAMES_EACH; j++) {
                client.create(
                        parent + "/id-",
                        new byte[0],
                        Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT_SEQUENTIAL,
                        (_, _, _, name) -> {
                            names.add(String.valueOf(name));
                            done.countDown();
                        },
                        null);
            }
        }
        assertEquals(true, done.await(30, TimeUnit.SECONDS));

        List<String> expected =
                IntStream.range(0, CLIENTS * NAMES_EACH)
                        .mapToObj(number -> "%s/id-%010d".formatted(parent, number))
                        .toList();
        assertEquals(expected, List.copyOf(names));
    }

    @Test
    void aNumberIsNotGivenTwiceThoughItsZnodeIsDeleted() throws Exception {
        String parent = server.freshPath();
        ZooKeeper client = server.client();
        String first = sequential(client, parent);
        client.delete(first, -1);

        assertEquals(parent + "/n0000000001", sequential(client, parent));
        // the counter is the parent's, not the name's: an ordinary child takes a number too
        client.create(parent + "/plain", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertEquals(parent + "/n0000000003", sequential(client, parent));
    }

    private static String sequential(ZooKeeper client, String parent) throws Exception {
        return client.create(
                parent + "/n", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
    }

    @Test
    void ofManyWhoClaimANameOneGetsIt() throws Exception {
        String name = server.freshPath() + "/name";
        List<Callable<Boolean>> claims = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ZooKeeper client = server.client();
            byte[] who = Integer.toString(i).getBytes(UTF_8);
            claims.add(() -> {
                try {
                    client.create(name, who, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                    return true;
                } catch (NodeExistsException e) {
                    return false;
                }
            });
        }
        int winners = 0;
        try (ExecutorService pool = Executors.newFixedThreadPool(claims.size())) {
            for (Future<Boolean> claim : pool.invokeAll(claims)) {
                winners += claim.get() ? 1 : 0;
            }
        }
        assertEquals(1, winners);
    }

    @Test
    void aNameLeadsToItsDataAndItsStat() throws Exception {
        String path = server.freshPath() + "/service";
        ZooKeeper client = server.client();
        Stat created = new Stat();
        client.create(
                path,
                "10.0.0.7:80".getBytes(UTF_8),
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                created);

        Stat read = new Stat();
        assertEquals("10.0.0.7:80", new String(client.getData(path, false, read), UTF_8));
        assertEquals(created, read);
        assertEquals(11, read.getDataLength());
        assertEquals(read.getCzxid(), read.getMzxid());
        assertEquals(read.getCtime(), read.getMtime());
        client.delete(path, 0);
        assertNull(client.exists(path, false));
    }

    @Test
    void aClientWithARootOfItsOwnSeesOnlyWhatIsBelow() throws Exception {
        String root = server.freshPath();
        ZooKeeper confined =
                server.closing(
                        RunningServer.connect(
                                server.server().connectString() + root,
                                RunningServer.SESSION_MILLIS));
        confined.create("/mine", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertEquals(List.of("mine"), confined.getChildren("/", false));
        assertEquals(List.of("mine"), server.client().getChildren(root, false));
        assertThrows(
                NodeExistsException.class,
                () ->
                        confined.create(
                                "/mine", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    }

    @Test
    void whatOneClientWroteAnotherReadsAfterASync() throws Exception {
        String path = server.freshPath();
        ZooKeeper writer = server.client();
        ZooKeeper reader = server.client();
        for (int i = 0; i < 20; i++) {
            byte[] value = Integer.toString(i).getBytes(UTF_8);
            writer.setData(path, value, i);
            var synced = new CountDownLatch(1);
            reader.sync(path, (_, _, _) -> synced.countDown(), null);
            assertEquals(true, synced.await(10, TimeUnit.SECONDS));
            assertEquals(Integer.toString(i), new String(reader.getData(path, false, null), UTF_8));
        }
    }
}
