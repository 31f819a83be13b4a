package vivarium.properties.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.RunningServer;

/** The server as a process: what it says, when it stops, and with which code. */
class ServeProcessTest {

    private static final Pattern READY =
            Pattern.compile(
                    "ready on 127\\.0\\.0\\.1:(\\d+), data in ([^ ,]+), (?:log in [^ ,]+, )?JDK"
                            + " .*");
    private static final int STOP_SECONDS = 2;

    @TempDir Path dir = Path.of("");

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    private Process serve(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("vivarium.server.Main");
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(dir.resolve("err" + started.size()).toFile())
                        .start();
        started.add(process);
        return process;
    }

    /** Waits for the line that says so; the port that it names. */
    private int ready(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        Matcher matcher = READY.matcher(line == null ? "" : line);
        assertTrue(matcher.matches(), () -> line + errors());
        assertEquals(dir.resolve("data").toString(), matcher.group(2));
        return Integer.parseInt(matcher.group(1));
    }

    private String errors() {
        try {
            return Files.readString(dir.resolve("err" + (started.size() - 1)));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private int exitCode(Process process, int seconds) throws InterruptedException {
        assertTrue(process.waitFor(seconds, TimeUnit.SECONDS), "it should have ended");
        return process.exitValue();
    }

    private String[] flags() {
        return new String[] {"--port", "0", "--data-dir", dir.resolve("data").toString()};
    }

    @Test
    void whatWasAnsweredBeforeATerminationIsThereAfterwards() throws Exception {
        Process process = serve(flags());
        int written;
        try (var client = RawClient.newSession(ready(process))) {
            client.call(Op.CREATE, Requests.create("/counter", 0));
            int sent = 500;
            for (int i = 1; i <= sent; i++) {
                client.send(
                        i + 1,
                        Op.SET_DATA,
                        Requests.setData("/counter", new byte[] {1}, -1).toBytes());
            }
            long signalled = System.nanoTime();
            process.destroy();
            written = repliesUntilClosed(client);
            assertEquals(0, exitCode(process, 10), this::errors);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - signalled);
            assertTrue(took < STOP_SECONDS * 1000, took + " ms");
        }
        Process again = serve(flags());
        try (var client = RawClient.newSession(ready(again))) {
            Frame reply = client.call(Op.EXISTS, Requests.read("/counter", false));
            int version = reply.in().stat().version();
            assertTrue(version >= written, written + " were answered, version is " + version);
        }
    }

    private static int repliesUntilClosed(RawClient client) throws IOException {
        int replies = 0;
        for (Frame frame = client.receiveFrame(); frame != null; frame = client.receiveFrame()) {
            assertEquals(0, frame.err());
            replies++;
        }
        return replies;
    }

    @Test
    void helpAndVersionAreWorthReading() throws Exception {
        Process help = serve("--help");
        String text = new String(help.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, exitCode(help, 20));
        assertTrue(text.contains("zoo.cfg") && text.contains("--data-dir"), text);
        assertTrue(text.lines().allMatch(line -> line.length() <= 120), text);
        Process version = serve("--version");
        assertTrue(
                new String(version.getInputStream().readAllBytes(), UTF_8).startsWith("vivarium "));
        assertEquals(0, exitCode(version, 20));
    }

    @Test
    void aBadConfigurationIsTwoAndWritesNothing() throws Exception {
        Path file =
                Files.write(
                        dir.resolve("zoo.cfg"),
                        List.of("dataDir=" + dir.resolve("data"), "tickTime=soon"));
        Process process = serve(file.toString());
        assertEquals(2, exitCode(process, 20));
        assertEquals(
                "serve: "
                        + file
                        + ":2: tickTime=soon: a whole number from 1 to 67108864 is expected\n",
                errors());
        assertFalse(Files.exists(dir.resolve("data")));
        assertEquals(2, exitCode(serve(dir.resolve("none.cfg").toString()), 20));
        assertEquals(2, exitCode(serve("--no-such-option"), 20));
    }

    @Test
    void aDataDirectoryOfAnotherServerIsThree() throws Exception {
        ready(serve(flags()));
        Process second = serve(flags());
        assertEquals(3, exitCode(second, 20));
        assertTrue(errors().contains("another server is running on "), this::errors);
    }

    @Test
    void aServerThatWasFrozenHearsWhatItMissedBeforeItExpiresAnybody() throws Exception {
        int tickMillis = 200;
        var flags = new ArrayList<>(List.of(flags()));
        flags.addAll(List.of("--tick-time", "" + tickMillis));
        Process process = serve(flags.toArray(String[]::new));
        try (var client = RawClient.dial(ready(process))) {
            client.handshake(ConnectBytes.newSession().timeout(2 * tickMillis));
            for (int round = 0; round < 3; round++) {
                assertEquals(0, client.ping().err());
                signal("STOP", process);
                client.send(Op.PING_XID, Op.PING, new byte[0]);
                long frozen = System.nanoTime();
                Await.until(
                        "the session's time has passed, and more",
                        () ->
                                System.nanoTime() - frozen
                                        > TimeUnit.MILLISECONDS.toNanos(5L * tickMillis));
                signal("CONT", process);
                Frame reply = client.receiveFrame();
                assertTrue(reply != null && reply.xid() == Op.PING_XID, "the session lives");
            }
        }
    }

    private static void signal(String name, Process process) throws Exception {
        assertEquals(
                0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
    }

    @Test
    void aServerWhoseDiskFailsSaysSoAcknowledgesNothingMoreAndIsOne() throws Exception {
        Path logDir = dir.resolve("log");
        Process process = serve("-p", "0", "-d", dir + "/data", "-l", logDir.toString());
        int port = ready(process);
        RunningServer.deleteRecursively(logDir);
        try (var client = RawClient.dial(port)) {
            client.send(ConnectBytes.newSession().toBytes());
            client.expectClosed();
        }
        assertEquals(1, exitCode(process, 20), this::errors);
        assertTrue(errors().contains("the server stops: " + logDir), this::errors);
    }

    @Test
    void aPortOfAnotherServerIsOne() throws Exception {
        try (var taken = new ServerSocket(0)) {
            Process process =
                    serve("-p", "" + taken.getLocalPort(), "-a", "*", "-d", dir + "/data");
            assertEquals(1, exitCode(process, 20), this::errors);
            assertTrue(errors().contains(":" + taken.getLocalPort()), this::errors);
        }
    }

    @Test
    void portAndDirectoryMayStandAsWithZooKeepersOwnMain() throws Exception {
        Process process = serve("-a", "127.0.0.1", "0", dir.resolve("data").toString(), "500", "7");
        try (var client = RawClient.newSession(ready(process))) {
            assertEquals(0, client.ping().err());
        }
        assertTrue(Files.isDirectory(dir.resolve("data").resolve("version-2")));
    }
}
