package vivarium.properties.ensemble;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.ZooKeeper.States;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.RawClient;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.EnsembleInProcess;

/** A server that has lost its ensemble serves those who only read, if it is told to. */
class ReadOnlyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path dir = Path.of("");

    private static String ask(int port, String word) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ZooKeeper client(String servers, boolean canBeReadOnly) throws IOException {
        return new ZooKeeper(servers, 10_000, _ -> {}, canBeReadOnly);
    }

    private static void await(ZooKeeper client, States state) throws Exception {
        Await.until("the client is " + state, PATIENCE, () -> client.getState() == state);
    }

    @Test
    void whoOnlyReadsIsServedWithoutAQuorumAndWritesAgainWhenThereIsOne() throws Exception {
        try (EnsembleInProcess ensemble =
                new EnsembleInProcess(dir, 3).with("readonlymode.enabled", "true")) {
            ensemble.startAll().awaitSettled();
            byte[] before = {1, 2, 3};
            ZooKeeper writer = client(ensemble.connectString(), false);
            await(writer, States.CONNECTED);
            writer.create("/kept", before, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            writer.sync("/", (_, _, _) -> {}, null);
            writer.close();
            int port = ensemble.server(3).port();
            Await.until(
                    "the last server has it",
                    PATIENCE,
                    () -> ensemble.server(3).status().nodeCount() == 6);
            assertEquals("rw", ask(port, "isro"));
            ensemble.kill(1);
            ensemble.kill(2);

            ZooKeeper reader = client("127.0.0.1:" + port, true);
            await(reader, States.CONNECTEDREADONLY);
            assertEquals("ro", ask(port, "isro"));
            assertTrue(ask(port, "srvr").contains("\nMode: read-only\n"));
            assertArrayEquals(before, reader.getData("/kept", true, null));
            assertThrows(
                    KeeperException.NotReadOnlyException.class,
                    () -> reader.setData("/kept", new byte[1], -1));
            refusesWhoWantsToWrite(port);

            ensemble.start(1);
            ensemble.start(2);
            ensemble.awaitSettled();
            await(reader, States.CONNECTED);
            reader.setData("/kept", new byte[1], -1);
            assertEquals("rw", ask(port, "isro"));
            reader.close();
        }
    }

    private static void refusesWhoWantsToWrite(int port) throws IOException {
        try (RawClient writer = RawClient.dial(port)) {
            writer.send(ConnectBytes.newSession().toBytes());
            writer.expectClosed();
        }
    }
}
