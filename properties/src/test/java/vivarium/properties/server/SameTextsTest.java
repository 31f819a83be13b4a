package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.ApacheServer;
import vivarium.properties.servers.Settings;
import vivarium.server.Config;
import vivarium.server.EmbeddedServer;

/**
 * The four-letter words have Apache's texts: the same lines with the same keys in the same order,
 * numbers aside. Both servers run here, with one client each that has done the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameTextsTest {

    /** How often replies and events were handed to the network, for which Apache's has no name. */
    private static final List<String> OURS_ALONE = List.of("zk_client_flush_count");

    private static final int ADD_WATCH = 106;

    private Runnable stop = () -> {};
    private int apache;
    private int vivarium;
    private @Nullable EmbeddedServer ours;

    @BeforeAll
    void startBoth(@TempDir Path dir) throws Exception {
        Settings settings = Settings.standard();
        var other = new ApacheServer(dir.resolve("apache"), settings);
        other.start();
        apache = other.port();
        var values = new TreeMap<>(settings.values());
        values.put("dataDir", dir.resolve("vivarium").toString());
        values.put("clientPort", "0");
        values.put("clientPortAddress", "127.0.0.1");
        EmbeddedServer server = EmbeddedServer.start(Config.of(values));
        vivarium = server.port();
        ours = server;
        RawClient ofApache = busy(apache);
        RawClient ofVivarium = busy(vivarium);
        stop =
                () -> {
                    close(ofApache);
                    close(ofVivarium);
                    other.stop();
                    server.close();
                };
    }

    @AfterAll
    void stopBoth() {
        stop.run();
    }

    private static RawClient busy(int port) throws IOException {
        RawClient client = RawClient.newSession(port);
        client.call(Op.CREATE, Requests.create("/watched", 0));
        client.call(Op.CREATE, Requests.create("/ephemeral", 1));
        client.call(Op.GET_DATA, Requests.read("/watched", true));
        return client;
    }

    private static void close(RawClient client) {
        try {
            client.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String ask(int port, String word) throws IOException {
        return ask(port, word.getBytes(StandardCharsets.US_ASCII));
    }

    private static String ask(int port, byte[]... pieces) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
            for (byte[] piece : pieces) {
                socket.getOutputStream().write(piece);
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The text with numbers and versions left out, and clients in one order. */
    private static String shape(String text) {
        String shape =
                text.replaceAll("(?m)^(Zookeeper version: )\\d.*, built on \\S.*$", "$1V")
                        .replaceAll("0x[0-9a-f]+", "0xN")
                        // Which sessions and connections share a moment is a matter of chance.
                        .replaceAll("(?m)^\\d+ expire at \\w{3} \\w{3} \\d\\d [^\n]+:\n", "")
                        .replaceAll("\\d+\\.\\d+(?=/)", "D")
                        .replaceAll("\\d+", "N");
        List<String> clients = shape.lines().filter(line -> line.startsWith(" /")).toList();
        if (clients.isEmpty()) {
            return shape;
        }
        String sorted = clients.stream().sorted().collect(Collectors.joining("\n"));
        return shape.replace(String.join("\n", clients), sorted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ruok", "isro", "srvr", "stat", "cons", "dirs", "wchs", "wchc", "wchp", "dump",
                "crst", "srst", "gtmk"
            })
    void theTextHasTheSameShape(String word) throws IOException {
        assertEquals(shape(ask(apache, word)), shape(ask(vivarium, word)));
    }

    @Test
    void sessionsAndConnectionsAreListedByTheTimeOfTheirEnd() throws IOException {
        String end = "1 expire at (Mon|Tue|Wed|Thu|Fri|Sat|Sun) \\w{3} \\d\\d .*:";
        for (int port : List.of(apache, vivarium)) {
            List<String> lines = ask(port, "dump").lines().toList();
            int at = lines.indexOf("ephemeral nodes dump:");
            assertTrue(
                    lines.subList(0, at).stream().anyMatch(l -> l.matches(end)), lines::toString);
            assertTrue(
                    lines.subList(0, at).stream().anyMatch(l -> l.matches("\t0x[0-9a-f]+")),
                    lines::toString);
            assertTrue(
                    lines.getLast().matches("\tip: /127.0.0.1:\\d+ sessionId: 0x[0-9a-f]+"),
                    lines::getLast);
        }
    }

    /** Persistent watches are in it, those of children are not. */
    @Test
    void theSameWatchesAreListed() throws IOException {
        try (RawClient one = watching(apache);
                RawClient other = watching(vivarium)) {
            for (String word : List.of("wchs", "wchp", "wchc")) {
                // Apache's server lists them in the order of its hash tables.
                assertEquals(sortedLines(ask(apache, word)), sortedLines(ask(vivarium, word)));
            }
            end(one);
            end(other);
        }
    }

    private static List<String> sortedLines(String text) {
        return shape(text).lines().sorted().toList();
    }

    private static RawClient watching(int port) throws IOException {
        RawClient client = RawClient.newSession(port);
        client.call(Op.GET_CHILDREN, Requests.read("/watched", true));
        client.call(ADD_WATCH, Requests.path("/absent").int32(1));
        client.call(Op.GET_CHILDREN, Requests.read("/", true));
        return client;
    }

    private static void end(RawClient client) throws IOException {
        client.call(Op.CLOSE_SESSION, new JuteOut());
        client.expectClosed();
    }

    @Test
    void theTraceMaskIsKeptAsItWasSet() throws IOException {
        byte[] word = "stmk".getBytes(StandardCharsets.US_ASCII);
        byte[] mask = ByteBuffer.allocate(8).putLong(0x2_0000_0042L).array();
        byte[] usual = ByteBuffer.allocate(8).putLong(306).array();
        for (int port : List.of(apache, vivarium)) {
            assertEquals("306", ask(port, "gtmk"));
            assertEquals("8589934658", ask(port, joined(word, mask)));
            assertEquals("8589934658", ask(port, "gtmk"));
            assertEquals("306", ask(port, joined(word, usual)));
        }
        assertEquals("306", ask(vivarium, word, usual), "in two pieces, as TCP may bring it");
    }

    private static byte[] joined(byte[] word, byte[] mask) {
        return ByteBuffer.allocate(12).put(word).put(mask).array();
    }

    @Test
    void theDigestsOfRoundZxidsAreListed() throws IOException {
        EmbeddedServer server = Objects.requireNonNull(ours);
        writeUntilRound(apache, 256);
        writeUntilRound(vivarium, 256);
        List<String> lines = ask(vivarium, "hash").lines().toList();
        assertEquals("100: " + server.status().digest(), lines.getLast());
        assertEquals(shape(ask(apache, "hash")), shape(ask(vivarium, "hash")));
        assertEquals(keys(ask(apache, "hash"), ":"), keys(ask(vivarium, "hash"), ":"));
    }

    private static void writeUntilRound(int port, long zxid) throws IOException {
        try (RawClient client = RawClient.newSession(port)) {
            long at = 0;
            while (at < zxid) {
                at = client.call(Op.SET_DATA, Requests.setData("/watched", new byte[1], -1)).zxid();
            }
            assertEquals(zxid, at);
            end(client);
        }
    }

    private static List<String> keys(String text, String separator) {
        return text.lines().map(line -> line.split(separator, 2)[0]).toList();
    }

    @Test
    void theConfigurationHasTheSameKeysInTheSameOrder() throws IOException {
        assertEquals(keys(ask(apache, "conf"), "="), keys(ask(vivarium, "conf"), "="));
    }

    @Test
    void theEnvironmentHasTheSameKeysInTheSameOrder() throws IOException {
        String ours = ask(vivarium, "envi");
        assertEquals(keys(ask(apache, "envi"), "="), keys(ours, "="));
        assertTrue(
                ours.lines().toList().get(1).matches("zookeeper\\.version=\\d+\\.\\d+\\.\\d+-.+"),
                ours);
    }

    @Test
    void everyMeasureHasANameThatApachesServerHasToo() throws IOException {
        var apaches = new TreeSet<>(keys(ask(apache, "mntr"), "\t"));
        List<String> ours = keys(ask(vivarium, "mntr"), "\t");
        assertEquals(OURS_ALONE, ours.stream().filter(key -> !apaches.contains(key)).toList());
        assertEquals(ours.size(), new TreeSet<>(ours).size(), "each is there once");
        assertEquals(List.of("zk_version", "zk_server_state"), ours.subList(0, 2));
    }

    @Test
    void theMeasuresOfTheTreeAreTheSame() throws IOException {
        Map<String, String> theirs = measures(apache);
        Map<String, String> ours = measures(vivarium);
        for (String key :
                List.of(
                        "zk_server_state",
                        "zk_znode_count",
                        "zk_ephemerals_count",
                        "zk_watch_count",
                        "zk_global_sessions",
                        "zk_approximate_data_size",
                        "zk_outstanding_requests",
                        "zk_num_alive_connections")) {
            assertEquals(theirs.get(key), ours.get(key), key);
        }
    }

    private static Map<String, String> measures(int port) throws IOException {
        return ask(port, "mntr")
                .lines()
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    @Test
    void aWordThatIsNotAllowedIsAnsweredWithTheSameWords(@TempDir Path dir) throws Exception {
        var values = new TreeMap<String, String>();
        values.put("dataDir", dir.resolve("strict").toString());
        values.put("clientPort", "0");
        values.put("clientPortAddress", "127.0.0.1");
        try (EmbeddedServer strict = EmbeddedServer.start(Config.of(values))) {
            assertEquals(
                    "ruok is not executed because it is not in the whitelist.\n",
                    ask(strict.port(), "ruok"));
            assertTrue(ask(strict.port(), "srvr").contains("\nMode: standalone\n"));
        }
    }
}
