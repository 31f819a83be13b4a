package vivarium.properties.differential;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.EnsembleInProcess;
import vivarium.properties.servers.FreePorts;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;

/** The comparison as a command, for servers that somebody else has started. */
class CompareTest {

    @TempDir Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return Compare.run(
                List.of(args),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    private int compare(ServerUnderTest left, ServerUnderTest right, String... more) {
        var args = new ArrayList<>(List.of(left.connectString(), right.connectString()));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private ServerUnderTest start(Brand brand, String name, Settings settings) {
        ServerUnderTest server = brand.embedded(directory.resolve(name), settings);
        server.start();
        return server;
    }

    @Test
    void twoServersWithDifferentPastsAreComparedAndLeftAsTheyWere() throws IOException {
        try (var left = start(Brand.APACHE, "left", Settings.standard());
                var right = start(Brand.VIVARIUM, "right", Settings.standard());
                var client = RawClient.newSession(right.port())) {
            client.call(Op.CREATE, Requests.create("/past", 0));
            int exit =
                    compare(
                            left,
                            right,
                            "--minutes",
                            "0.05",
                            "--super",
                            Settings.SUPER_CREDENTIALS);
            assertEquals(0, exit, () -> out.toString(UTF_8) + err.toString(UTF_8));
            assertTrue(out.toString(UTF_8).startsWith("seed "), out::toString);
            assertTrue(out.toString(UTF_8).contains("no difference"), out::toString);
            List<String> children =
                    client.call(Op.GET_CHILDREN, Requests.read("/", false)).in().texts();
            assertEquals(List.of("past", "zookeeper"), children.stream().sorted().toList());
        }
    }

    private EnsembleInProcess ensemble(String name) throws Exception {
        Path home = Files.createDirectory(directory.resolve(name));
        return new EnsembleInProcess(home, 3)
                .with("4lw.commands.whitelist", "*")
                .with("minSessionTimeout", "2000")
                .with("maxSessionTimeout", "70000")
                .startAll()
                .awaitSettled();
    }

    @Test
    void sessionsMoveBetweenTheServersOfAnEnsemble() throws Exception {
        try (var left = ensemble("left");
                var right = ensemble("right")) {
            int exit = run(left.connectString(), right.connectString(), "--minutes", "0.05");
            assertEquals(0, exit, () -> out.toString(UTF_8) + err.toString(UTF_8));
            for (long sid = 1; sid <= 3; sid++) {
                assertTrue(moves(right.server(sid).port()) > 0, "no session has come to " + sid);
            }
        }
    }

    /** How often a client that had a session already has come. */
    private static int moves(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("mntr".getBytes(UTF_8));
            String text = new String(socket.getInputStream().readAllBytes(), UTF_8);
            String key = "zk_connection_revalidate_count\t";
            return text.lines()
                    .filter(line -> line.startsWith(key))
                    .mapToInt(line -> Integer.parseInt(line.substring(key.length())))
                    .sum();
        }
    }

    @Test
    void aDifferenceIsShownAsTheSmallestConversationWithBothAnswers() {
        Settings shorter = Settings.standard().with("maxSessionTimeout", "35000");
        try (var left = start(Brand.VIVARIUM, "left", Settings.standard());
                var right = start(Brand.VIVARIUM, "right", shorter)) {
            assertEquals(1, compare(left, right, "--seed", "7"));
            String told = out.toString(UTF_8);
            assertTrue(told.contains("seed 7"), told);
            assertTrue(told.contains(", 1 of its "), told);
            assertTrue(told.contains("HERE THEY DIFFER"), told);
            assertTrue(told.contains(left.connectString() + ": welcome"), told);
            assertTrue(told.contains(right.connectString() + ": welcome"), told);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:1",
                "localhost:1 localhost",
                "localhost:1 localhost:x",
                "localhost:1 localhost:70000",
                "localhost:1 localhost:2 --minutes 0",
                "localhost:1 localhost:2 --seed",
                "localhost:1 localhost:2 --forever",
                "localhost:1,localhost:2 localhost:3",
            })
    void aCommandLineThatCannotBeIsRefused(String line) {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ", -1)));
        assertEquals(2, err.toString(UTF_8).lines().count(), err::toString);
    }

    @Test
    void aServerThatIsNotThereIsSaid() throws IOException {
        try (var left = start(Brand.VIVARIUM, "left", Settings.standard())) {
            String nobody = "127.0.0.1:" + new FreePorts().next();
            assertEquals(3, run(left.connectString(), nobody));
            assertTrue(err.toString(UTF_8).contains("cannot be talked to"), err::toString);
        }
    }

    @Test
    void helpSaysWhatThereIs() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString(UTF_8).contains("usage: properties/compare"), out::toString);
    }
}
