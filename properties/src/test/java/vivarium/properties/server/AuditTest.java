package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ServerUnderTest;
import vivarium.properties.servers.Settings;
import vivarium.server.Config;
import vivarium.server.ConfigException;
import vivarium.server.EmbeddedServer;

/** The audit has the lines that Apache's server writes when the same client asks for the same. */
class AuditTest {
    private static final String NAME = "org.apache.zookeeper.audit.Slf4jAuditLogger";

    @TempDir Path dir = Path.of("");

    /** What the audit writes, as "LEVEL line". */
    private static final class Lines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        final List<String> lines = new CopyOnWriteArrayList<>();
        private final Logger logger = (Logger) LoggerFactory.getLogger(NAME);

        Lines() {
            logger.setLevel(Level.INFO);
            logger.addAppender(this);
            start();
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            stop();
        }
    }

    private static EmbeddedServer start(Path dir, String key, String value)
            throws IOException, ConfigException {
        var all = new TreeMap<>(Settings.standard().values());
        all.put(key, value);
        all.put("dataDir", dir.toString());
        all.put("clientPort", "0");
        all.put("clientPortAddress", "127.0.0.1");
        all.put("extendedTypesEnabled", "true");
        return EmbeddedServer.start(Config.of(all));
    }

    private static ZooKeeper connect(int port) throws Exception {
        ZooKeeper client = new ZooKeeper("127.0.0.1:" + port, 20_000, _ -> {});
        Await.until("a session", () -> client.getState().isConnected());
        return client;
    }

    private static void refused(Claim claim) {
        assertThrows(KeeperException.class, claim::ask);
    }

    @FunctionalInterface
    private interface Claim {
        void ask() throws KeeperException, InterruptedException;
    }

    /** Every kind of change, done and refused. */
    private static void ask(int port) throws Exception {
        List<ACL> open = ZooDefs.Ids.OPEN_ACL_UNSAFE;
        ACL reader = new ACL(ZooDefs.Perms.READ, new Id("ip", "127.0.0.1"));
        ACL owner = new ACL(ZooDefs.Perms.ALL, new Id("auth", ""));
        ZooKeeper client = connect(port);
        client.create("/a", new byte[1], open, CreateMode.PERSISTENT);
        refused(() -> client.create("/a", new byte[1], open, CreateMode.PERSISTENT));
        client.create("/s-", new byte[1], open, CreateMode.PERSISTENT_SEQUENTIAL);
        client.create("/box", new byte[1], open, CreateMode.CONTAINER);
        client.getData("/a", false, null);
        client.setData("/a", new byte[2], -1);
        refused(() -> client.setData("/a", new byte[2], 77));
        client.addAuthInfo("digest", "user:password".getBytes(StandardCharsets.UTF_8));
        client.setACL("/a", Arrays.asList(owner, reader), -1);
        refused(() -> client.setACL("/none", Arrays.asList(reader), -1));
        client.multi(
                List.of(
                        Op.create("/m", new byte[1], open, CreateMode.PERSISTENT),
                        Op.check("/m", 0),
                        Op.setData("/m", new byte[1], 0),
                        Op.delete("/m", -1)));
        refused(() -> client.multi(List.of(Op.setData("/a", new byte[1], 0), Op.delete("/x", 0))));
        client.create("/e", new byte[1], open, CreateMode.EPHEMERAL);
        refused(() -> client.delete("/none", -1));
        client.delete("/box", -1);
        client.close();
    }

    /** Session ids differ, and Apache's server names the users of a client in any order. */
    private static List<String> shape(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("0x[0-9a-f]+", "0xN"))
                .map(line -> line.replace("user=user,127.0.0.1\t", "user=127.0.0.1,user\t"))
                .toList();
    }

    private static final int LINES_OF_ALL = 16;

    @Test
    void theLinesAreThoseOfApachesServer() throws Exception {
        List<String> theirs = linesOfApache();
        List<String> ours;
        try (Lines lines = new Lines()) {
            try (EmbeddedServer server = start(dir.resolve("ours"), "audit.enable", "true")) {
                ask(server.port());
                Await.until("the last line", () -> lines.lines.size() > LINES_OF_ALL);
            }
            ours = shape(lines.lines);
        }
        String user = System.getProperty("user.name");
        assertEquals(
                "INFO user=" + user + "\toperation=serverStart\tresult=success", ours.getFirst());
        assertEquals(
                "INFO user=" + user + "\toperation=serverStop\tresult=invoked", ours.getLast());
        assertEquals(theirs, ours.subList(1, ours.size() - 1));
    }

    /** In a process of its own, since Apache reads once in the life of a JVM that it has to. */
    private List<String> linesOfApache() throws Exception {
        Path out = dir.resolve("audit.log");
        Path logback = dir.resolve("logback.xml");
        Files.writeString(
                logback,
                """
                <configuration><appender name="F" class="ch.qos.logback.core.FileAppender">
                <file>%s</file><encoder><pattern>%%level %%msg%%n</pattern></encoder></appender>
                <logger name="%s" level="INFO"><appender-ref ref="F"/></logger>
                </configuration>
                """
                        .formatted(out, NAME));
        Settings settings = Settings.standard().with("extendedTypesEnabled", "true");
        try (ServerUnderTest apache =
                Brand.APACHE.child(
                        dir.resolve("apache"),
                        settings,
                        "-Dzookeeper.audit.enable=true",
                        "-Dzookeeper.extendedTypesEnabled=true",
                        "-Dlogback.configurationFile=" + logback)) {
            apache.start();
            ask(apache.port());
            Await.until("the last line", () -> changes(out).size() >= LINES_OF_ALL);
            return shape(changes(out));
        }
    }

    private static List<String> changes(Path out) throws IOException {
        try (Stream<String> lines = Files.lines(out)) {
            return lines.filter(line -> !line.contains("operation=server")).toList();
        }
    }

    @Test
    void nothingIsWrittenUnlessItIsAskedFor() throws Exception {
        try (Lines lines = new Lines()) {
            try (EmbeddedServer server = start(dir.resolve("quiet"), "audit.enable", "false")) {
                ask(server.port());
            }
            assertEquals(List.of(), lines.lines);
        }
    }

    @Test
    void aNameCanNotForgeALine() throws Exception {
        try (Lines lines = new Lines();
                EmbeddedServer server = start(dir.resolve("names"), "audit.enable", "true")) {
            ZooKeeper client = connect(server.port());
            refused(() -> client.multi(List.of(Op.setData("/x", new byte[0], -1))));
            client.addAuthInfo("digest", "a\nINFO user=b:c".getBytes(StandardCharsets.UTF_8));
            client.create("/x", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.close();
            assertTrue(
                    lines.lines.stream().anyMatch(line -> line.contains("a?INFO user=b")),
                    lines.lines::toString);
            assertTrue(lines.lines.stream().noneMatch(line -> line.contains("\n")));
        }
    }

    @Test
    void anotherWriterThanOursIsRefused() {
        var values = Map.of("dataDir", "x", "audit.impl.class", "org.example.Writer");
        assertThrows(ConfigException.class, () -> Config.of(values));
    }
}
