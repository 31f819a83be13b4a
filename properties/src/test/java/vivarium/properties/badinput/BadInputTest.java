package vivarium.properties.badinput;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ChildServer;
import vivarium.properties.servers.Settings;

/**
 * Input that no proper client would send, on a server whose heap is so small that whatever it keeps
 * too much of would end it. A bystander works on through all of it.
 */
class BadInputTest {

    private static final int HEAP_MEGABYTES = 96;
    private static final int LARGEST_FRAME = 0xfffff;

    /** A negative count may also be taken for none. */
    private static final Set<Integer> ANSWERS =
            Set.of(ErrorCode.OK, ErrorCode.MARSHALLING, ErrorCode.INVALID_ACL);

    @TempDir private static Path directory;

    private static ChildServer server;
    private static int bystanders;

    private Bystander bystander;

    @BeforeAll
    static void startOnASmallHeap() {
        server =
                Brand.underTest()
                        .child(
                                directory.resolve("data"),
                                Settings.standard().with("nio.sessionlessCnxnTimeout", "2000"),
                                "-Xmx" + HEAP_MEGABYTES + "m",
                                "-XX:MaxDirectMemorySize=" + HEAP_MEGABYTES + "m",
                                "-XX:+ExitOnOutOfMemoryError");
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @BeforeEach
    void startBystander() throws IOException {
        bystander = new Bystander(server.port(), "/bystander" + bystanders++);
    }

    @AfterEach
    void nobodyWasDisturbed() throws Exception {
        bystander.mustGetOn(20);
        bystander.close();
        assertFalse(server.said().contains("OutOfMemory"), server::said);
    }

    @Test
    void randomBytesBeforeTheHandshake() throws IOException {
        var random = new Random(20261122);
        for (int i = 0; i < 300; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            if (garbage.length > 3 && random.nextBoolean()) {
                // a length that is believed, so that what follows is read as a connect request
                ByteBuffer.wrap(garbage).putInt(0, garbage.length - 4);
            }
            try (var client = RawClient.dial(server.port())) {
                send(client, garbage);
                drain(client);
            }
        }
    }

    @Test
    void randomBytesBehindTheHandshake() throws IOException {
        var random = new Random(20261123);
        for (int i = 0; i < 300; i++) {
            byte[] garbage = new byte[8 + random.nextInt(100)];
            random.nextBytes(garbage);
            try (var client = RawClient.newSession(server.port())) {
                if (random.nextBoolean()) {
                    ByteBuffer.wrap(garbage).putInt(0, garbage.length - 4);
                    if (random.nextBoolean()) {
                        ByteBuffer.wrap(garbage).putInt(8 - 4, 1);
                    }
                }
                send(client, garbage);
                drain(client);
            }
        }
    }

    @Test
    void everyOperationWithARandomBody() throws IOException {
        var random = new Random(20261124);
        for (int type = -12; type < 110; type++) {
            try (var client = RawClient.newSession(server.port())) {
                byte[] body = new byte[random.nextInt(60)];
                random.nextBytes(body);
                client.send(7, type, body);
                drain(client);
            }
        }
    }

    @Test
    void aRequestCutOffAnywhereIsNotAnswered() throws IOException {
        byte[] request =
                new JuteOut()
                        .int32(1)
                        .int32(Op.CREATE)
                        .raw(Requests.create("/cut-off", 0).toBytes())
                        .toBytes();
        byte[] frame =
                ByteBuffer.allocate(4 + request.length).putInt(request.length).put(request).array();
        for (int length = 0; length < frame.length; length++) {
            try (var client = RawClient.newSession(server.port())) {
                client.sendRaw(Arrays.copyOf(frame, length));
                assertEquals(0, drain(client), "after " + length + " bytes");
            }
        }
        try (var client = RawClient.newSession(server.port())) {
            assertEquals(
                    ErrorCode.NO_NODE,
                    client.call(Op.EXISTS, Requests.read("/cut-off", false)).err());
        }
    }

    @Test
    void lengthsAndCountsThatCannotBe() throws IOException {
        for (int impossible : new int[] {Integer.MAX_VALUE, 0x7ffffff0, 1 << 24, -2, -1 << 31}) {
            List<Requests.Part> requests =
                    List.of(
                            part(Op.GET_DATA, new JuteOut().int32(impossible)),
                            part(Op.CREATE, new JuteOut().int32(impossible)),
                            part(Op.CREATE, new JuteOut().text("/x").int32(impossible)),
                            part(
                                    Op.CREATE,
                                    new JuteOut().text("/x").buffer(null).int32(impossible)),
                            part(Op.SET_ACL, new JuteOut().text("/").int32(impossible).int32(1)),
                            part(Op.SET_WATCHES, new JuteOut().int64(0).int32(impossible)),
                            part(
                                    Op.SET_WATCHES,
                                    new JuteOut().int64(0).int32(0).int32(0).int32(impossible)),
                            part(
                                    Op.MULTI,
                                    new JuteOut()
                                            .int32(Op.CREATE)
                                            .bool(false)
                                            .int32(-1)
                                            .text("/x")
                                            .buffer(null)
                                            .int32(impossible)),
                            part(
                                    Op.MULTI,
                                    new JuteOut()
                                            .int32(Op.SET_DATA)
                                            .bool(false)
                                            .int32(-1)
                                            .text("/x")
                                            .int32(impossible)));
            for (Requests.Part request : requests) {
                try (var client = RawClient.newSession(server.port())) {
                    client.send(1, request.type(), request.body().toBytes());
                    Frame reply = client.receiveFrame();
                    if (reply != null) { // a close is an answer too
                        assertEquals(1, reply.xid());
                        assertTrue(
                                ANSWERS.contains(reply.err()),
                                () -> request + " with " + impossible + ": " + reply.err());
                        assertEquals(ErrorCode.OK, client.ping().err());
                    }
                }
            }
        }
    }

    private static Requests.Part part(int type, JuteOut body) {
        return new Requests.Part(type, body);
    }

    @Test
    void authenticationWithImpossibleLengths() throws IOException {
        for (int impossible : new int[] {Integer.MAX_VALUE, -2, 1 << 24}) {
            try (var client = RawClient.newSession(server.port())) {
                client.send(
                        Op.AUTH_XID,
                        Op.AUTH,
                        new JuteOut().int32(0).text("digest").int32(impossible).toBytes());
                drain(client);
            }
        }
    }

    @Test
    void framesOfImpossibleLengths() throws IOException {
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, LARGEST_FRAME + 1}) {
            byte[] start = ByteBuffer.allocate(12).putInt(length).array();
            try (var before = RawClient.dial(server.port());
                    var behind = RawClient.newSession(server.port())) {
                before.sendRaw(start);
                behind.sendRaw(start);
                before.expectClosed();
                behind.expectClosed();
            }
        }
    }

    @Test
    void halfAHandshakeIsNotWaitedForForever() throws Exception {
        byte[] connect = ConnectBytes.newSession().toBytes();
        byte[] frame =
                ByteBuffer.allocate(4 + connect.length).putInt(connect.length).put(connect).array();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int length = 0; length < frame.length; length++) {
                RawClient client = RawClient.dial(server.port());
                clients.add(client);
                client.sendRaw(Arrays.copyOf(frame, length));
            }
            bystander.mustGetOn(20);
            for (RawClient client : clients) {
                client.expectClosed();
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void fourLettersThatAreNoWord() throws IOException {
        var random = new Random(20261125);
        for (int i = 0; i < 200; i++) {
            byte[] letters = new byte[4];
            for (int j = 0; j < letters.length; j++) {
                letters[j] = (byte) (random.nextInt('~' - ' ') + ' ');
            }
            try (var client = RawClient.dial(server.port())) {
                send(client, letters);
                client.expectClosed();
            }
        }
        for (String almost : List.of("RUOK", "ruo", "ruo\u0000", "uokr", " ruok")) {
            try (var client = RawClient.dial(server.port())) {
                client.sendRaw(almost.getBytes(US_ASCII));
                assertEquals(0, drain(client), almost);
            }
        }
        try (var client = RawClient.dial(server.port())) {
            client.sendRaw("ruok and much more".getBytes(US_ASCII));
            byte[] answer = new byte[4];
            int read = client.socket().getInputStream().readNBytes(answer, 0, 4);
            assertEquals("imok", new String(answer, 0, read, US_ASCII));
        }
    }

    @Test
    void aRequestThatComesByteByByteIsAnswered() throws IOException {
        byte[] request =
                new JuteOut()
                        .int32(1)
                        .int32(Op.EXISTS)
                        .raw(Requests.read("/", false).toBytes())
                        .toBytes();
        try (var client = RawClient.newSession(server.port())) {
            client.socket().setTcpNoDelay(true);
            for (byte one : ByteBuffer.allocate(4).putInt(request.length).array()) {
                client.sendRaw(new byte[] {one});
            }
            for (byte one : request) {
                client.sendRaw(new byte[] {one});
            }
            Frame reply = client.receiveFrame();
            assertNotNull(reply);
            assertEquals(ErrorCode.OK, reply.err());
        }
    }

    @Test
    void manyLargeFramesThatNeverEnd() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                RawClient client = RawClient.newSession(server.port());
                clients.add(client);
                client.sendRaw(
                        ByteBuffer.allocate(LARGEST_FRAME / 2).putInt(LARGEST_FRAME).array());
            }
            bystander.mustGetOn(50);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void oneWhoAsksForAGigabyteAndDoesNotReadIt() throws Exception {
        int requests = 10_000;
        byte[] large = new byte[100_000];
        try (var client = RawClient.newSession(server.port())) {
            Frame created =
                    client.call(Op.CREATE, Requests.create("/large", large, AclEntry.OPEN, 0));
            assertEquals(ErrorCode.OK, created.err());
            byte[] body = Requests.read("/large", false).toBytes();
            Thread asking =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (int xid = 2; xid < requests; xid++) {
                                        client.send(xid, Op.GET_DATA, body);
                                    }
                                } catch (IOException e) {
                                    return; // the reader has seen enough and closed
                                }
                            });
            bystander.mustGetOn(300);
            for (int xid = 2; xid < 1000; xid++) {
                Frame reply = client.receiveFrame();
                assertNotNull(reply);
                assertEquals(xid, reply.xid());
                assertEquals(large.length, reply.body().length - 4 - 68);
            }
            client.socket().close();
            asking.join();
        }
    }

    @Test
    void tenWhoWatchAndDoNotRead() throws Exception {
        List<RawClient> deaf = new ArrayList<>();
        try (var writer = RawClient.newSession(server.port())) {
            writer.call(Op.CREATE, Requests.create("/watched", 0));
            for (int i = 0; i < 10; i++) {
                RawClient client = RawClient.newSession(server.port());
                deaf.add(client);
                for (int j = 0; j < 2000; j++) {
                    client.send(
                            1,
                            Op.EXISTS,
                            Requests.read("/watched/" + "long-name".repeat(20) + j, true)
                                    .toBytes());
                }
            }
            for (int j = 0; j < 2000; j++) {
                writer.call(
                        Op.CREATE,
                        Requests.create("/watched/" + "long-name".repeat(20) + j, Op.EPHEMERAL));
            }
            bystander.mustGetOn(20);
            writer.call(Op.CLOSE_SESSION, new JuteOut());
        } finally {
            for (RawClient client : deaf) {
                client.close();
            }
        }
    }

    /** May fail because the server has already closed: that is an answer. */
    private static void send(RawClient client, byte[] bytes) throws IOException {
        try {
            client.sendRaw(bytes);
        } catch (SocketException e) {
            assertTrue(bytes.length > 0);
        }
    }

    /** Says that nothing more will come, and reads to the end; the number of bytes read. */
    private static int drain(RawClient client) throws IOException {
        try {
            client.socket().shutdownOutput();
            InputStream in = client.socket().getInputStream();
            return in.readAllBytes().length;
        } catch (SocketException e) {
            return 0; // reset by the server
        }
    }

    @Test
    void connectionsWithoutASessionAreCounted() throws Exception {
        Await.until(
                "only the bystander is connected",
                Duration.ofSeconds(10),
                () -> connections() <= 2); // and the one that asks
    }

    private static int connections() throws IOException {
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
}
