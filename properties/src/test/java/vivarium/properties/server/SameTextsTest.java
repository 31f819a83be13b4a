package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    private Runnable stop = () -> {};
    private int apache;
    private int vivarium;

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
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The text with numbers and versions left out, and clients in one order. */
    private static String shape(String text) {
        String shape =
                text.replaceAll("(?m)^(Zookeeper version: )\\d.*, built on \\S.*$", "$1V")
                        .replaceAll("0x[0-9a-f]+", "0xN")
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
    @ValueSource(strings = {"ruok", "isro", "srvr", "stat", "cons", "dirs", "wchs", "crst", "srst"})
    void theTextHasTheSameShape(String word) throws IOException {
        assertEquals(shape(ask(apache, word)), shape(ask(vivarium, word)));
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
        assertEquals(List.of(), ours.stream().filter(key -> !apaches.contains(key)).toList());
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
