package vivarium.properties.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import vivarium.core.Zxid;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.EnsembleInProcess;
import vivarium.properties.servers.RunningServer;

/**
 * Whatever comes to the ports between servers that is none of their business: it is refused with a
 * line that says why, and the quorum goes on, in the same epoch.
 */
class PeerPortsTest {
    private static final int FOLLOWER_INFO = 11;
    private static final int PROTOCOL = 0x10000;
    private static final long GREETING = -65536;

    @TempDir static Path directory = Path.of("");
    private static EnsembleInProcess ensemble = new EnsembleInProcess(directory, 3);

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("vivarium.peers");
    private final AppenderBase<ILoggingEvent> ear =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    lines.add(event.getFormattedMessage());
                }
            };
    private long epoch;

    @BeforeAll
    static void start() throws Exception {
        ensemble = new EnsembleInProcess(directory, 3).with("cnxTimeout", "1000");
        ensemble.startAll().awaitSettled();
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    @BeforeEach
    void listen() {
        ear.start();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(ear);
        epoch = epoch();
    }

    private static long epoch() {
        return Zxid.epoch(ensemble.server(ensemble.leader()).status().lastProcessedZxid());
    }

    @AfterEach
    void theQuorumIsUnharmed() throws Exception {
        log.detachAppender(ear);
        ZooKeeper client = RunningServer.connect(ensemble.connectString(), 10_000);
        client.create(
                "/unharmed-",
                new byte[0],
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT_SEQUENTIAL);
        client.close();
        assertEquals(epoch, epoch());
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends {@code bytes}, and waits until the other end has closed. */
    private static void sendUntilClosed(int port, byte[] bytes) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(bytes);
            while (socket.getInputStream().read() >= 0) {
                Thread.onSpinWait();
            }
        } catch (SocketException e) {
            assertTrue(String.valueOf(e.getMessage()).matches(".*(reset|Broken pipe).*"));
        }
    }

    /**
     * Sends {@code bytes} until the log has a line with {@code words}: there are only so many lines
     * a second, lest others fill the disk.
     */
    private void assertRefused(int port, byte[] bytes, String words) throws Exception {
        lines.clear();
        Await.until(
                words + " is said",
                () -> {
                    sendUntilClosed(port, bytes);
                    return lines.stream().anyMatch(line -> line.contains(words));
                });
    }

    private static byte[] greeting(long version, long sid, String address) {
        byte[] text = address.getBytes(UTF_8);
        return new JuteOut().int64(version).int64(sid).int32(text.length).raw(text).toBytes();
    }

    private static byte[] learnerInfo(long sid, int protocol) {
        byte[] data = new JuteOut().int64(sid).int32(protocol).int64(0).toBytes();
        return new JuteOut().int32(FOLLOWER_INFO).int64(0).buffer(data).int32(-1).toBytes();
    }

    private static byte[] notification(String config) {
        byte[] text = config.getBytes(UTF_8);
        byte[] body =
                new JuteOut()
                        .int32(0)
                        .int64(3)
                        .int64(0)
                        .int64(1)
                        .int64(0)
                        .int32(2)
                        .int32(text.length)
                        .raw(text)
                        .toBytes();
        return new JuteOut().int32(body.length).raw(body).toBytes();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return new JuteOut().raw(one).raw(other).toBytes();
    }

    @Test
    void randomBytes() throws Exception {
        Random random = new Random(4);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            long sid = 1L + i % 3;
            int port = i % 2 == 0 ? ensemble.electionPort(sid) : ensemble.quorumPort(sid);
            try (Socket socket = connect(port)) {
                socket.getOutputStream().write(bytes);
            }
        }
    }

    @Test
    void aServerThatIsNotOfTheEnsemble() throws Exception {
        assertRefused(
                ensemble.electionPort(1),
                greeting(GREETING, 9, "127.0.0.1:1"),
                "server 9 is not one of this ensemble");
        assertRefused(
                ensemble.quorumPort(ensemble.leader()),
                learnerInfo(9, PROTOCOL),
                "server 9 is not one of this ensemble");
    }

    @Test
    void aServerThatSaysToBeTheOneItTalksTo() throws Exception {
        assertRefused(
                ensemble.electionPort(2),
                greeting(GREETING, 2, "127.0.0.1:1"),
                "it says to be server 2, which is this one");
        lines.clear();
        long leader = ensemble.leader();
        assertRefused(
                ensemble.quorumPort(leader), learnerInfo(leader, PROTOCOL), "which is this one");
    }

    @Test
    void aSecondServerWithTheIdOfOneThatIsThere() throws Exception {
        long leader = ensemble.leader();
        long follower = leader == 1 ? 2 : 1;
        assertRefused(
                ensemble.quorumPort(leader),
                learnerInfo(follower, PROTOCOL),
                "server " + follower + " is here already");
    }

    @Test
    void aServerOfAnotherEnsemble() throws Exception {
        String config = "server.7=a:1:2:participant\nserver.8=b:1:2:participant\nversion=0";
        assertRefused(
                ensemble.electionPort(1),
                joined(greeting(GREETING, 3, "127.0.0.1:1"), notification(config)),
                "it is of another ensemble, which has no server 1");
    }

    @Test
    void anUnknownProtocol() throws Exception {
        assertRefused(
                ensemble.electionPort(1), greeting(-65537, 2, "127.0.0.1:1"), "version -65537");
        assertRefused(
                ensemble.quorumPort(ensemble.leader()),
                learnerInfo(1, 0x20000),
                "protocol 0x20000");
    }

    @Test
    void lengthsBeyondTheLimits() throws Exception {
        byte[] greeting = new JuteOut().int64(GREETING).int64(3).int32(Integer.MAX_VALUE).toBytes();
        assertRefused(ensemble.electionPort(1), greeting, "bytes");
        byte[] notification = new JuteOut().int32(Integer.MAX_VALUE).toBytes();
        assertRefused(
                ensemble.electionPort(1),
                joined(greeting(GREETING, 3, "127.0.0.1:1"), notification),
                "bytes");
        byte[] info =
                new JuteOut().int32(FOLLOWER_INFO).int64(0).int32(Integer.MAX_VALUE).toBytes();
        assertRefused(ensemble.quorumPort(ensemble.leader()), info, "bytes");
    }

    @Test
    void oneWhoSaysNothing() throws Exception {
        assertRefused(ensemble.electionPort(2), new byte[0], "it has not said who it is in time");
        assertRefused(
                ensemble.quorumPort(2), new byte[] {0, 0}, "it has not said who it is in time");
    }
}
