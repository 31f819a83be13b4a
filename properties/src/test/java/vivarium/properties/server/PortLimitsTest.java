package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vivarium.core.Status;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;
import vivarium.server.EmbeddedServer;

/** The port's limits: what happens at each, and that others do not notice. */
class PortLimitsTest extends OwnServers {

    @Test
    void oneAddressGetsSoManyConnectionsAndOneMoreWhenOneHasGone() throws Exception {
        EmbeddedServer server = start("data", Map.of("maxClientCnxns", "3"));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(session(server));
        }
        assertFalse(isServed(server), "a fourth");
        for (RawClient client : clients) {
            assertEquals(0, client.ping().err());
        }
        clients.getFirst().close();
        Await.until("the place of one that has gone is free", () -> isServed(server));
    }

    private boolean isServed(EmbeddedServer server) throws IOException {
        try (var client = RawClient.dial(server.port())) {
            client.send(ConnectBytes.newSession().toBytes());
            return client.receive() != null;
        } catch (SocketException e) {
            return false; // refused while it was being written to
        }
    }

    @Test
    void whoNeverAsksForASessionIsClosed() throws Exception {
        EmbeddedServer server =
                start("data", Map.of("nio.sessionlessCnxnTimeout", "200", "maxClientCnxns", "0"));
        RawClient established = session(server);
        RawClient silent = closing(RawClient.dial(server.port()));
        RawClient slow = closing(RawClient.dial(server.port()));
        slow.sendRaw(new byte[] {0, 0, 0, 45, 0, 0});
        silent.expectClosed();
        slow.expectClosed();
        assertEquals(0, established.ping().err());
    }

    @Test
    void whatIsSentBehindTheConnectRequestIsAnsweredBehindItInOrder() throws Exception {
        EmbeddedServer server = start("data", Map.of());
        RawClient client = closing(RawClient.dial(server.port()));
        var all = new JuteOut();
        frame(all, ConnectBytes.newSession().toBytes());
        for (int xid = 1; xid <= 100; xid++) {
            JuteOut body = Requests.create("/n" + xid, 0);
            frame(all, new JuteOut().int32(xid).int32(Op.CREATE).raw(body.toBytes()).toBytes());
        }
        client.sendRaw(all.toBytes());
        assertNotNull(client.receive());
        for (int xid = 1; xid <= 100; xid++) {
            Frame reply = client.receiveFrame();
            assertNotNull(reply);
            assertEquals(xid, reply.xid());
            assertEquals(0, reply.err());
        }
    }

    @Test
    void moreRequestsThanMayBeInFlightAreAllAnsweredInOrder() throws Exception {
        EmbeddedServer server = start("data", Map.of("globalOutstandingLimit", "50"));
        RawClient client = session(server);
        assertEquals(0, client.call(Op.CREATE, Requests.create("/n", 0)).err());
        int asked = 6_000;
        var all = new JuteOut();
        for (int xid = 10; xid < 10 + asked; xid++) {
            boolean write = xid % 2 == 0;
            JuteOut body =
                    write ? Requests.setData("/n", new byte[100], -1) : Requests.read("/n", false);
            int type = write ? Op.SET_DATA : Op.EXISTS;
            frame(all, new JuteOut().int32(xid).int32(type).raw(body.toBytes()).toBytes());
        }
        client.sendRaw(all.toBytes());
        for (int xid = 10; xid < 10 + asked; xid++) {
            Frame reply = client.receiveFrame();
            assertNotNull(reply);
            assertEquals(xid, reply.xid());
            // Every read sees just the writes before it.
            assertEquals((xid - 10) / 2 + 1, reply.in().stat().version());
        }
    }

    @Test
    void oldSnapshotsAndTheirLogsGoWhereThatIsWanted() throws Exception {
        EmbeddedServer server = start("data", Map.of("snapCount", "10", "preAllocSize", "64"));
        RawClient client = session(server);
        for (int i = 0; i < 500 && files("snapshot.", "") < 8; i++) {
            assertEquals(0, client.call(Op.CREATE, Requests.create("/s" + i, 0)).err());
        }
        assertTrue(files("snapshot.", "") >= 8, "there are many snapshots");
        server.close();
        EmbeddedServer purging =
                start("data", Map.of("autopurge.purgeInterval", "1", "preAllocSize", "64"));
        Await.until("three snapshots are left", () -> files("snapshot.", "") == 3);
        Await.until("and few logs", () -> files("log.", "") <= 5);
        assertEquals(0, session(purging).call(Op.EXISTS, Requests.read("/s0", false)).err());
    }

    private static void frame(JuteOut out, byte[] payload) {
        out.int32(payload.length).raw(payload);
    }

    @Test
    void aClientThatDoesNotReadCostsNeitherMemoryNorOthersTheirTime() throws Exception {
        EmbeddedServer server = start("data", Map.of());
        RawClient greedy = session(server);
        byte[] large = new byte[1_000_000];
        assertEquals(
                0,
                greedy.call(Op.CREATE, Requests.create("/large", large, AclEntry.OPEN, 0)).err());
        int asked = 2_000;
        var requests = new JuteOut();
        for (int xid = 10; xid < 10 + asked; xid++) {
            JuteOut body = Requests.read("/large", false);
            frame(
                    requests,
                    new JuteOut().int32(xid).int32(Op.GET_DATA).raw(body.toBytes()).toBytes());
        }
        greedy.sendRaw(requests.toBytes());
        RawClient other = session(server);
        for (int i = 0; i < 50; i++) {
            assertEquals(0, other.ping().err());
        }
        // Two gigabytes were asked for; this JVM has one.
        for (int xid = 10; xid < 10 + asked; xid++) {
            Frame reply = greedy.receiveFrame();
            assertNotNull(reply);
            assertEquals(xid, reply.xid());
            assertEquals(4 + large.length + 68, reply.body().length);
        }
    }

    @Test
    void longRequestsInManyPiecesAreTakenAndTooLongOnesAreNot() throws Exception {
        EmbeddedServer server = start("data", Map.of("jute.maxbuffer", "200000"));
        RawClient client = session(server);
        byte[] data = new byte[150_000];
        JuteOut body = Requests.create("/pieces", data, AclEntry.OPEN, 0);
        var whole = new JuteOut();
        frame(whole, new JuteOut().int32(1).int32(Op.CREATE).raw(body.toBytes()).toBytes());
        byte[] bytes = whole.toBytes();
        for (int at = 0; at < bytes.length; at += 1_000) {
            int end = Math.min(bytes.length, at + 1_000);
            client.sendRaw(Arrays.copyOfRange(bytes, at, end));
        }
        Frame reply = client.receiveFrame();
        assertNotNull(reply);
        assertEquals(0, reply.err());
        client.sendRaw(new JuteOut().int32(200_001).toBytes());
        client.expectClosed();
    }

    @Test
    void aWordIsAnsweredEvenToOneWhoHasAlreadyEndedHisSide() throws Exception {
        EmbeddedServer server = start("data", Map.of());
        assertEquals("imok", ask(server, "ruok"));
        assertTrue(ask(server, "conf").startsWith("clientPort=" + server.port() + "\n"));
        assertTrue(ask(server, "dirs").startsWith("datadir_size: "));
    }

    @Test
    void severalServersInOneProcessDifferInTheirSettings() throws Exception {
        EmbeddedServer one = start("one", Map.of("tickTime", "100"));
        EmbeddedServer two = start("two", Map.of("tickTime", "200"));
        assertTrue(ask(one, "conf").contains("\ntickTime=100\n"));
        assertTrue(ask(two, "conf").contains("\ntickTime=200\n"));
        session(one).call(Op.CREATE, Requests.create("/only-here", 0));
        assertEquals(-101, session(two).call(Op.EXISTS, Requests.read("/only-here", false)).err());
    }

    @Test
    void aSessionSurvivesAnOrderlyRestartAndAKill() throws Exception {
        EmbeddedServer server = start("data", Map.of("tickTime", "1000"));
        byte[] password;
        long sessionId;
        try (var client = RawClient.dial(server.port())) {
            var handshake = client.handshake(ConnectBytes.newSession());
            password = handshake.password();
            sessionId = handshake.sessionId();
            client.call(Op.CREATE, Requests.create("/mine", 1));
        }
        server.close();
        EmbeddedServer again = start("data", Map.of("tickTime", "1000"));
        resume(again, sessionId, password);
        again.kill();
        EmbeddedServer oncemore = start("data", Map.of("tickTime", "1000"));
        resume(oncemore, sessionId, password);
    }

    private void resume(EmbeddedServer server, long sessionId, byte[] password) throws IOException {
        RawClient client = closing(RawClient.dial(server.port()));
        var handshake = client.handshake(ConnectBytes.newSession().session(sessionId, password));
        assertEquals(sessionId, handshake.sessionId());
        assertEquals(0, client.call(Op.EXISTS, Requests.read("/mine", false)).err());
    }

    @Test
    void theStatusOfARunningServerCanBeAsked() throws Exception {
        EmbeddedServer server = start("data", Map.of());
        Status before = server.status();
        assertTrue(before.alone());
        session(server).call(Op.CREATE, Requests.create("/a", 0));
        assertEquals(before.nodeCount() + 1, server.status().nodeCount());
        assertEquals(1, server.status().sessionCount());
    }

    @Test
    void aServerThatIsClosedHasClosedItsConnectionsAndFreedItsPort() throws Exception {
        EmbeddedServer server = start("data", Map.of());
        int port = server.port();
        RawClient client = session(server);
        long begun = System.nanoTime();
        server.close();
        assertTrue(System.nanoTime() - begun < Duration.ofSeconds(2).toNanos());
        assertNull(client.receive());
        EmbeddedServer next = start("data", Map.of("clientPort", "0"));
        assertNotNull(next.address());
        try (var taken = new ServerSocket()) {
            taken.setReuseAddress(true);
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }
}
