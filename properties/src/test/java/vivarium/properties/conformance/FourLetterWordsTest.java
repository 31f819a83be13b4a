package vivarium.properties.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.RunningServer;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/** The four-letter words, in the texts that scripts and dashboards parse. */
class FourLetterWordsTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    private static String ask(int port, String word) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(word.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    private static String ask(String word) throws IOException {
        return ask(server.port(), word);
    }

    @Test
    void ruokIsAnsweredByImokWithoutANewline() throws IOException {
        assertEquals("imok", ask("ruok"));
    }

    @Test
    void isroIsAnsweredByRw() throws IOException {
        assertEquals("rw", ask("isro"));
    }

    @Test
    void srvrHasTheLinesOfZooKeeper() throws IOException {
        List<String> lines = ask("srvr").lines().toList();
        List<String> patterns =
                List.of(
                        "Zookeeper version: \\S.*, built on .*",
                        "Latency min/avg/max: \\d+/\\d+(\\.\\d+)?/\\d+",
                        "Received: \\d+",
                        "Sent: \\d+",
                        "Connections: \\d+",
                        "Outstanding: \\d+",
                        "Zxid: 0x[0-9a-f]+",
                        "Mode: standalone",
                        "Node count: \\d+");
        assertEquals(patterns.size(), lines.size(), lines::toString);
        for (int i = 0; i < lines.size(); i++) {
            assertTrue(Pattern.matches(patterns.get(i), lines.get(i)), lines.get(i));
        }
    }

    @Test
    void srvrSpeaksOfTheTree() throws IOException {
        String path = server.freshPath();
        long before = nodes();
        try (var client = RawClient.newSession(server.port())) {
            long zxid = client.call(Op.CREATE, Requests.create(path + "/x", 0)).zxid();
            assertEquals("0x" + Long.toHexString(zxid), line("srvr", "Zxid: "));
            assertEquals(before + 1, nodes());
        }
    }

    private static long nodes() throws IOException {
        return Long.parseLong(line("srvr", "Node count: "));
    }

    private static String line(String word, String start) throws IOException {
        return ask(word)
                .lines()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow()
                .substring(start.length());
    }

    @Test
    void statNamesTheClientsBetweenTheVersionAndTheRest() throws IOException {
        try (var client = RawClient.newSession(server.port())) {
            client.ping();
            String text = ask("stat");
            List<String> lines = text.lines().toList();
            assertTrue(lines.get(0).startsWith("Zookeeper version: "), text);
            assertEquals("Clients:", lines.get(1));
            String mine = " /127.0.0.1:" + client.socket().getLocalPort();
            assertTrue(
                    text.lines()
                            .anyMatch(line ->
                                    line.startsWith(mine)
                                            && line.matches(
                                                    ".*\\[\\d+\\]\\(queued=\\d+,recved=\\d+,sent=\\d+\\)")),
                    text);
            assertTrue(text.contains("\n\nLatency min/avg/max: "), text);
            assertTrue(text.endsWith("\n"), text);
        }
    }

    @Test
    void consNamesTheSessionOfEachClient() throws IOException {
        try (var client = RawClient.dial(server.port())) {
            long session = client.handshake(ConnectBytes.newSession()).sessionId();
            String text = ask("cons");
            assertTrue(text.contains("sid=0x" + Long.toHexString(session)), text);
            assertTrue(text.contains("to=20000"), text);
        }
    }

    @Test
    void mntrIsLinesOfKeyTabValue() throws IOException {
        Map<String, String> values = mntr();
        assertEquals("standalone", values.get("zk_server_state"));
        for (String key :
                List.of(
                        "zk_version",
                        "zk_avg_latency",
                        "zk_max_latency",
                        "zk_min_latency",
                        "zk_packets_received",
                        "zk_packets_sent",
                        "zk_num_alive_connections",
                        "zk_outstanding_requests",
                        "zk_znode_count",
                        "zk_watch_count",
                        "zk_ephemerals_count",
                        "zk_approximate_data_size",
                        "zk_open_file_descriptor_count",
                        "zk_max_file_descriptor_count")) {
            assertTrue(values.containsKey(key), key);
        }
    }

    @Test
    void mntrCountsEphemeralsAndWatches() throws IOException {
        String path = server.freshPath();
        Map<String, String> before = mntr();
        try (var client = RawClient.newSession(server.port())) {
            client.call(Op.CREATE, Requests.create(path + "/e", Op.EPHEMERAL));
            client.call(Op.GET_DATA, Requests.read(path, true));
            client.call(Op.GET_CHILDREN, Requests.read(path, true));
            Map<String, String> after = mntr();
            assertEquals(
                    1,
                    number(after, "zk_ephemerals_count") - number(before, "zk_ephemerals_count"));
            assertEquals(2, number(after, "zk_watch_count") - number(before, "zk_watch_count"));
            assertEquals(1, number(after, "zk_znode_count") - number(before, "zk_znode_count"));
            client.call(Op.CLOSE_SESSION, new JuteOut());
        }
    }

    private static long number(Map<String, String> values, String key) {
        return Long.parseLong(String.valueOf(values.get(key)));
    }

    private static Map<String, String> mntr() throws IOException {
        var values = new TreeMap<String, String>();
        ask("mntr")
                .lines()
                .forEach(line -> {
                    int tab = line.indexOf('\t');
                    assertTrue(line.startsWith("zk_") && tab > 0, line);
                    values.put(line.substring(0, tab), line.substring(tab + 1));
                });
        return values;
    }

    @Test
    void confIsTheConfigurationInForce() throws IOException {
        List<String> lines = ask("conf").lines().toList();
        for (String line :
                List.of(
                        "clientPort=" + server.port(),
                        "tickTime=100",
                        "maxClientCnxns=0",
                        "minSessionTimeout=200",
                        "maxSessionTimeout=60000",
                        "serverId=0")) {
            assertTrue(lines.contains(line), () -> line + " is not in " + lines);
        }
        for (String key :
                List.of(
                        "dataDir=",
                        "dataDirSize=",
                        "dataLogDir=",
                        "dataLogSize=",
                        "clientPortListenBacklog=")) {
            assertTrue(lines.stream().anyMatch(line -> line.startsWith(key)), key);
        }
    }

    @Test
    void enviNamesAVersionOfThreeNumbers() throws IOException {
        String text = ask("envi");
        assertTrue(text.startsWith("Environment:\n"), text);
        assertTrue(
                text.lines()
                        .anyMatch(
                                line -> line.matches("zookeeper\\.version=\\d+\\.\\d+\\.\\d+-.*")),
                text);
        assertTrue(text.lines().anyMatch(line -> line.startsWith("java.version=")), text);
    }

    @Test
    void dirsGivesTheSizesOfTheDirectories() throws IOException {
        List<String> lines = ask("dirs").lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).matches("datadir_size: \\d+"), lines.get(0));
        assertTrue(lines.get(1).matches("logdir_size: \\d+"), lines.get(1));
    }

    @Test
    @Shows(Fact.A_WORD_THAT_IS_NOT_ALLOWED_SAYS_SO)
    void aWordThatIsNotAllowedIsNotExecuted(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory);
        try (ServerUnderTest strict =
                Brand.underTest()
                        .embedded(
                                directory.resolve("data"),
                                Settings.standard().with("4lw.commands.whitelist", "srvr"))) {
            strict.start();
            assertEquals(
                    "ruok is not executed because it is not in the whitelist.\n",
                    ask(strict.port(), "ruok"));
            assertTrue(ask(strict.port(), "srvr").startsWith("Zookeeper version: "));
        }
    }

    @Test
    void aWordThatDoesNotExistIsALengthAndClosesTheConnection() throws IOException {
        assertEquals("", ask("wxyz"));
    }
}
