package vivarium.properties.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.curator.framework.api.transaction.OperationType;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.CreateResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.OpResult.SetDataResult;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.servers.RunningServer;

/** Several changes as one. */
class TransactionsTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    void allOfATransactionHappensUnderOneZxid() throws Exception {
        String path = server.freshPath();
        ZooKeeper client = server.client();
        List<OpResult> results =
                client.multi(
                        List.of(
                                Op.check(path, 0),
                                create(path + "/a"),
                                create(path + "/a/b"),
                                Op.setData(path, "x".getBytes(UTF_8), 0),
                                Op.create(
                                        path + "/s",
                                        new byte[0],
                                        Ids.OPEN_ACL_UNSAFE,
                                        CreateMode.PERSISTENT_SEQUENTIAL)));

        assertEquals(path + "/a", assertInstanceOf(CreateResult.class, results.get(1)).getPath());
        long zxid = assertInstanceOf(SetDataResult.class, results.get(3)).getStat().getMzxid();
        assertEquals(
                path + "/s0000000001",
                assertInstanceOf(CreateResult.class, results.get(4)).getPath());
        assertEquals(zxid, client.exists(path + "/a/b", false).getCzxid());
        assertEquals(zxid, client.exists(path + "/s0000000001", false).getCzxid());
    }

    @Test
    void nothingOfATransactionHappensIfAPartOfItFails() throws Exception {
        String path = server.freshPath();
        ZooKeeper client = server.client();
        KeeperException failure =
                assertThrows(
                        KeeperException.NoNodeException.class,
                        () ->
                                client.multi(
                                        List.of(
                                                create(path + "/a"),
                                                Op.delete(path + "/missing", -1),
                                                create(path + "/b"))));

        assertEquals(
                List.of(Code.OK.intValue(), Code.NONODE.intValue(), -2),
                failure.getResults().stream()
                        .map(result -> assertInstanceOf(ErrorResult.class, result).getErr())
                        .toList());
        assertNull(client.exists(path + "/a", false));
        // the failed transaction leaves no trace that would make this fail
        client.create(path + "/a", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static Op create(String path) {
        return Op.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    @Test
    void curatorsTransactionsAreTheSame() throws Exception {
        CuratorFramework curator = server.curator(server.freshPath());
        List<CuratorTransactionResult> results =
                curator.transaction()
                        .forOperations(
                                curator.transactionOp().create().forPath("/a", "1".getBytes(UTF_8)),
                                curator.transactionOp()
                                        .setData()
                                        .withVersion(0)
                                        .forPath("/a", "2".getBytes(UTF_8)),
                                curator.transactionOp().check().withVersion(1).forPath("/a"),
                                curator.transactionOp().create().forPath("/b"),
                                curator.transactionOp().delete().forPath("/b"));

        assertEquals(
                List.of(
                        OperationType.CREATE,
                        OperationType.SET_DATA,
                        OperationType.CHECK,
                        OperationType.CREATE,
                        OperationType.DELETE),
                results.stream().map(CuratorTransactionResult::getType).toList());
        assertEquals("2", new String(curator.getData().forPath("/a"), UTF_8));
        assertNull(curator.checkExists().forPath("/b"));
    }

    @Test
    void anEphemeralMadeInATransactionEndsWithItsSession() throws Exception {
        String path = server.freshPath();
        ZooKeeper owner = server.client();
        owner.multi(
                List.of(
                        create(path + "/stays"),
                        Op.create(
                                path + "/goes",
                                new byte[0],
                                Ids.OPEN_ACL_UNSAFE,
                                CreateMode.EPHEMERAL)));
        ZooKeeper other = server.client();
        assertEquals(owner.getSessionId(), other.exists(path + "/goes", false).getEphemeralOwner());
        owner.close();
        assertNull(other.exists(path + "/goes", false));
        assertNotNull(other.exists(path + "/stays", false));
    }
}
