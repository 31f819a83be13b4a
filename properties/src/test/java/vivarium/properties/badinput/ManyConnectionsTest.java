package vivarium.properties.badinput;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.RawClient;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ChildServer;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/** Connections in number: up to the limit they are served, beyond it they are closed. */
class ManyConnectionsTest {

    private static final int WANTED = 10_000;
    private static final int ADDRESSES = 10;

    /** Of so many connections one has a session; the others say nothing at all. */
    private static final int WITHOUT_SESSION = 10;

    /** Of the descriptors that a process may have, so many are needed for other things. */
    private static final int SPARE_DESCRIPTORS = 1000;

    @TempDir private Path directory;

    @Test
    void tenThousandIdleConnectionsComeAndGo() throws Exception {
        int count = (int) Math.min(WANTED, descriptors() - SPARE_DESCRIPTORS);
        assertTrue(count > 0, "too few file descriptors for a server");
        try (ChildServer server =
                Brand.underTest()
                        .child(
                                directory.resolve("data"),
                                Settings.standard()
                                        .with("maxClientCnxns", "" + WANTED)
                                        .with("clientPortListenBacklog", "1000")
                                        .with("nio.sessionlessCnxnTimeout", "60000"),
                                "-Xmx160m",
                                "-XX:+ExitOnOutOfMemoryError")) {
            server.start();
            var bystander = new Bystander(server.port(), "/bystander");
            List<RawClient> idle = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    RawClient client = dialFrom("127.0.1." + (1 + i % ADDRESSES), server.port());
                    idle.add(client);
                    if (i % WITHOUT_SESSION == 0) {
                        client.send(ConnectBytes.newSession().timeout(60_000).toBytes());
                    }
                }
                for (int i = 0; i < count; i += WITHOUT_SESSION) {
                    assertNotNull(idle.get(i).receive(), "a session for each that asks");
                }
                bystander.mustGetOn(50);
                assertTrue(connections(server) > count, "all of them are there");
            } finally {
                for (RawClient client : idle) {
                    client.close();
                }
            }
            Await.until(
                    "all of them are forgotten",
                    Duration.ofSeconds(20),
                    () -> connections(server) <= 2);
            bystander.mustGetOn(50);
            bystander.close();
            assertFalse(server.said().contains("OutOfMemory"), server::said);
        }
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    private static RawClient dialFrom(String address, int port) throws IOException {
        var socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        return new RawClient(socket);
    }

    private static int connections(ServerUnderTest server) throws IOException {
        try (var client = RawClient.dial(server.port())) {
            client.sendRaw("srvr".getBytes(US_ASCII));
            String text = new String(client.socket().getInputStream().readAllBytes(), US_ASCII);
            String line =
                    text.lines()
                            .filter(l -> l.startsWith("Connections: "))
                            .findFirst()
                            .orElseThrow();
            return Integer.parseInt(line.substring("Connections: ".length()));
        }
    }

    @Test
    void anAddressHasSoManyConnectionsAndNoMore() throws Exception {
        try (ServerUnderTest server =
                Brand.underTest()
                        .embedded(
                                directory.resolve("few"),
                                Settings.standard().with("maxClientCnxns", "3"))) {
            server.start();
            List<RawClient> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    clients.add(RawClient.newSession(server.port()));
                }
                RawClient fourth = RawClient.dial(server.port());
                clients.add(fourth);
                fourth.expectClosed();
                RawClient elsewhere = dialFrom("127.0.1.9", server.port());
                clients.add(elsewhere);
                assertTrue(elsewhere.handshake(ConnectBytes.newSession()).sessionId() != 0);

                clients.getFirst().close();
                Await.until("there is room again", () -> isServed(server.port()));
                assertEquals(0, clients.get(1).ping().err());
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
        }
    }

    private static boolean isServed(int port) throws IOException {
        try (RawClient client = RawClient.dial(port)) {
            client.send(ConnectBytes.newSession().toBytes());
            return client.receive() != null;
        } catch (SocketException e) {
            return false; // closed before the request was sent
        }
    }
}
