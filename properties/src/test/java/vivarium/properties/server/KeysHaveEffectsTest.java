package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.persistence.FileSnap;
import org.apache.zookeeper.server.persistence.FileTxnLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
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
import vivarium.server.EmbeddedServer;

/** Each key does what it says; without it the same server does otherwise. */
class KeysHaveEffectsTest extends OwnServers {
    /** What closes each part of a snapshot: a checksum and the text "/". */
    private static final int SEAL = Long.BYTES + Integer.BYTES + 1;

    private static final int NO_NODE = ErrorCode.NO_NODE;
    private static final Pattern MILLIS = Pattern.compile("took (\\d+) ms");

    private static void write(RawClient client, int count, int bytes) throws IOException {
        for (int i = 0; i < count; i++) {
            assertEquals(
                    0, client.call(Op.SET_DATA, Requests.setData("/", new byte[bytes], -1)).err());
        }
    }

    @Test
    void aLongLogIsWorthASnapshot() throws Exception {
        EmbeddedServer server = start("snapSizeLimitInKb", "100", "preAllocSize", "64");
        write(session(server), 101, 1024);
        Await.until("there is a second snapshot", () -> files("snapshot.", "") >= 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4194304"})
    void aLogMayBeLongWhereThatIsWanted(String limit) throws Exception {
        EmbeddedServer server = start("snapSizeLimitInKb", limit, "preAllocSize", "64");
        write(session(server), 101, 1024);
        server.close();
        assertEquals(1, files("snapshot.", ""));
    }

    @Test
    void afterSomeBytesTheLogGoesOnInAnotherFile() throws Exception {
        EmbeddedServer server = start("txnLogSizeLimitInKb", "20", "preAllocSize", "64");
        write(session(server), 101, 1024);
        server.close();
        assertEquals(6, files("log.", ""), "one for each twenty kilobytes");
        EmbeddedServer again = start();
        assertEquals(
                101,
                session(again).call(Op.EXISTS, Requests.read("/", false)).in().stat().version());
    }

    @Test
    void withoutALimitTheLogIsOneFile() throws Exception {
        EmbeddedServer server = start("preAllocSize", "64");
        write(session(server), 101, 1024);
        server.close();
        assertEquals(1, files("log.", ""));
    }

    private File version2() {
        return dir.resolve("data").resolve("version-2").toFile();
    }

    /** The tree of the newest snapshot, as Apache's server reads it. */
    private DataTree snapshotByApache() throws IOException {
        DataTree tree = new DataTree();
        FileSnap snapshots = new FileSnap(version2());
        snapshots.deserialize(tree, new ConcurrentHashMap<>());
        snapshots.close();
        return tree;
    }

    /** Behind the znodes and their checksum: a zxid, 2, a digest; then the zxid once more. */
    private boolean newestSnapshotHasADigest() throws IOException {
        return newestSnapshotHasADigest(SEAL + Long.BYTES);
    }

    /**
     * @param behind how many bytes come behind the digest's seal
     */
    private boolean newestSnapshotHasADigest(int behind) throws IOException {
        File newest = version2();
        long newestZxid = -1;
        for (File file : List.of(version2().listFiles((_, name) -> name.startsWith("snapshot.")))) {
            long zxid = Long.parseUnsignedLong(file.getName().substring("snapshot.".length()), 16);
            if (zxid > newestZxid) {
                newestZxid = zxid;
                newest = file;
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(newest.toPath()));
        int digest = bytes.capacity() - behind - SEAL - 2 * Long.BYTES - Integer.BYTES;
        return bytes.getLong(digest) == newestZxid && bytes.getInt(digest + Long.BYTES) == 2;
    }

    @Test
    void theLastZxidIsWrittenBehindTheDigestUnlessThatIsSwitchedOff() throws Exception {
        EmbeddedServer server =
                start("snapCount", "10", "serializeLastProcessedZxid.enabled", "false");
        write(session(server), 30, 10);
        server.close();
        assertTrue(newestSnapshotHasADigest(0), "the digest is the end");
        assertTrue(snapshotByApache().lastProcessedZxid > 1);
        EmbeddedServer again = start("snapCount", "10");
        write(session(again), 30, 10);
        again.close();
        assertTrue(newestSnapshotHasADigest(), "read, and the next one written with it");
    }

    private int digestsByApache() throws IOException {
        int digests = 0;
        try (var records = new FileTxnLog(version2()).read(1)) {
            do {
                digests += records.getDigest() == null ? 0 : 1;
            } while (records.next());
        }
        return digests;
    }

    @Test
    void digestsAreWrittenUnlessTheyAreSwitchedOff() throws Exception {
        EmbeddedServer server = start("snapCount", "10", "digest.enabled", "false");
        write(session(server), 30, 10);
        server.close();
        assertEquals(0, digestsByApache());
        assertFalse(newestSnapshotHasADigest());
        assertTrue(snapshotByApache().lastProcessedZxid > 1);
        long without = files("snapshot.", "");
        EmbeddedServer again = start("snapCount", "10");
        write(session(again), 30, 10);
        assertEquals(
                60,
                session(again).call(Op.EXISTS, Requests.read("/", false)).in().stat().version());
        Await.until("there is a snapshot more", () -> files("snapshot.", "") > without);
        again.close();
        assertTrue(digestsByApache() >= 30);
        assertTrue(newestSnapshotHasADigest());
        assertTrue(snapshotByApache().lastProcessedZxid > 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "snappy"})
    void snapshotsArePackedAsApacheReadsThem(String method) throws Exception {
        EmbeddedServer server = start("snapCount", "10", "snapshot.compression.method", method);
        RawClient client = session(server);
        byte[] data = new byte[100_000];
        assertEquals(
                0, client.call(Op.CREATE, Requests.create("/n", data, AclEntry.OPEN, 0)).err());
        write(client, 30, 10);
        Await.until("there is a packed snapshot", () -> files("snapshot.", "." + method) >= 2);
        server.close();
        assertEquals(files("snapshot.", ""), files("snapshot.", "." + method));
        for (File file : List.of(version2().listFiles((_, name) -> name.startsWith("log.")))) {
            assertTrue(file.delete());
        }
        DataTree theirs = snapshotByApache();
        assertEquals(data.length, theirs.getNode("/n").getData().length);
        EmbeddedServer again = start("snapshot.trust.empty", "true");
        assertEquals(theirs.lastProcessedZxid, again.status().lastProcessedZxid());
        assertEquals(
                theirs.getTreeDigest(), again.status().digest(), "both have read the same tree");
    }

    private static int exists(RawClient client, String path) throws IOException {
        return client.call(Op.EXISTS, Requests.read(path, false)).err();
    }

    private static void container(RawClient client, String path) throws IOException {
        assertEquals(0, client.call(Op.CREATE_CONTAINER, Requests.create(path, 4)).err());
    }

    private static void useContainer(RawClient client, String path) throws IOException {
        container(client, path);
        assertEquals(0, client.call(Op.CREATE, Requests.create(path + "/c", 0)).err());
        assertEquals(0, client.call(Op.DELETE, Requests.delete(path + "/c", -1)).err());
    }

    @Test
    void aContainerThatWasNeverUsedStaysUnlessItHasItsTime() throws Exception {
        RawClient patient =
                session(start("patient", Map.of("znode.container.checkIntervalMs", "20")));
        container(patient, "/unused");
        useContainer(patient, "/used");
        Await.until("the used one is removed", () -> exists(patient, "/used") == NO_NODE);
        RawClient hasty =
                session(
                        start(
                                "znode.container.checkIntervalMs", "20",
                                "znode.container.maxNeverUsedIntervalMs", "200"));
        long begunNanos = System.nanoTime();
        container(hasty, "/unused");
        Await.until("it is removed", () -> exists(hasty, "/unused") == NO_NODE);
        assertTrue(System.nanoTime() - begunNanos > Duration.ofMillis(200).toNanos());
        assertEquals(0, exists(patient, "/unused"));
    }

    @Test
    void noMoreContainersAreRemovedInAMinuteThanAllowed() throws Exception {
        EmbeddedServer server =
                start(
                        "znode.container.checkIntervalMs",
                        "20",
                        "znode.container.maxPerMinute",
                        "600");
        RawClient client = session(server);
        for (int i = 0; i < 8; i++) {
            useContainer(client, "/c" + i);
        }
        int before = server.status().nodeCount();
        Await.until("one is removed", () -> server.status().nodeCount() < before);
        long begunNanos = System.nanoTime();
        int left = server.status().nodeCount() - 5;
        Await.until("all are", () -> server.status().nodeCount() == 5);
        long tookMillis = Duration.ofNanos(System.nanoTime() - begunNanos).toMillis();
        // A tenth of a second each; the first was seen somewhere within its own.
        assertTrue(left > 1 && tookMillis > 100L * (left - 1), left + " in " + tookMillis + " ms");
    }

    /** What a class logs. */
    private static final class Lines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        final List<String> lines = new CopyOnWriteArrayList<>();
        private final Logger logger;

        Lines(String name) {
            logger = (Logger) LoggerFactory.getLogger(name);
            logger.addAppender(this);
            start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            stop();
        }
    }

    @Test
    void aForceThatTakesLongerThanTheThresholdIsWorthALine() throws Exception {
        EmbeddedServer server = start("fsync.warningthresholdms", "0");
        RawClient client = session(server);
        try (var log = closing(new Lines("vivarium.server.LogThread"))) {
            Await.until(
                    "a force has taken a millisecond",
                    () -> {
                        write(client, 1, 500_000);
                        return log.lines.stream()
                                .anyMatch(line -> line.startsWith("forcing the log took"));
                    });
        }
        server.close();
        EmbeddedServer usual = start();
        try (var log = closing(new Lines("vivarium.server.LogThread"))) {
            write(session(usual), 20, 500_000);
            for (String line : log.lines) {
                Matcher millis = MILLIS.matcher(line);
                assertTrue(millis.find() && Integer.parseInt(millis.group(1)) > 1000, line);
            }
        }
    }

    /** How many of fifty connections a server that stands still is given by the system. */
    private int taken(Settings settings) throws Exception {
        int taken = 0;
        try (ChildServer server = Brand.VIVARIUM.child(dir.resolve("child"), settings)) {
            server.start();
            server.freeze();
            try {
                for (int i = 0; i < 50; i++) {
                    closing(RawClient.dial(loopback(server.port()), 300));
                    taken++;
                }
            } catch (SocketTimeoutException _) {
                // the system takes no more for it
            } finally {
                server.thaw();
            }
        }
        return taken;
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void noMoreConnectionsThanTheBacklogWaitForAServerThatStandsStill() throws Exception {
        assertEquals(50, taken(Settings.standard()));
        int few = taken(Settings.standard().with("clientPortListenBacklog", "5"));
        assertTrue(few >= 5 && few <= 7, few + " connections");
    }

    /** A session of a tenth of a second, which is looked for after an hour: it does not expire. */
    private int answered(EmbeddedServer server) throws Exception {
        RawClient client = closing(RawClient.dial(server.port()));
        client.handshake(ConnectBytes.newSession().timeout(100));
        byte[] data = new byte[1_000_000];
        assertEquals(
                0, client.call(Op.CREATE, Requests.create("/n", data, AclEntry.OPEN, 0)).err());
        int asked = 100;
        var all = new JuteOut();
        for (int xid = 10; xid < 10 + asked; xid++) {
            var request = new JuteOut().int32(xid).int32(Op.GET_DATA);
            byte[] bytes = request.raw(Requests.read("/n", false).toBytes()).toBytes();
            all.int32(bytes.length).raw(bytes);
        }
        client.sendRaw(all.toBytes());
        long untilNanos = System.nanoTime() + Duration.ofMillis(400).toNanos();
        RawClient other = session(server);
        Await.until(
                "a while has gone by",
                () -> other.ping().err() == 0 && System.nanoTime() > untilNanos);
        int answers = 0;
        Frame next = client.receiveFrame();
        while (next != null && answers < asked) {
            answers++;
            next = answers < asked ? client.receiveFrame() : null;
        }
        return answers;
    }

    @Test
    void requestsThatHaveWaitedLongerThanTheirSessionLastsAreNotDoneWhereThatIsWanted()
            throws Exception {
        String[] hours = {"tickTime", "3600000", "minSessionTimeout", "100"};
        EmbeddedServer patient = start("patient", Map.of(hours[0], hours[1], hours[2], hours[3]));
        assertEquals(100, answered(patient));
        patient.close();
        EmbeddedServer strict =
                start(
                        hours[0],
                        hours[1],
                        hours[2],
                        hours[3],
                        "request_stale_latency_check",
                        "true");
        int answers = answered(strict);
        assertTrue(answers < 100, answers + " answers");
        assertNotEquals("0", measure(strict, "stale_requests_dropped"));
        assertFalse(ask(strict, "cons").contains("recved=101"));
    }
}
