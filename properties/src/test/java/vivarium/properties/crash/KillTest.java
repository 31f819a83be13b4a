package vivarium.properties.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteIn;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.ChildServer;
import vivarium.properties.servers.RunningServer;
import vivarium.properties.servers.Settings;

/**
 * The process is killed while clients write: what was acknowledged is there after the restart, once
 * and whole, and what was not is there as a whole or not at all. The number of rounds is the system
 * property {@code vivarium.kill.rounds}.
 */
class KillTest {

    private static final int ROUNDS = Integer.getInteger("vivarium.kill.rounds", 20);
    private static final int WRITERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_ACKNOWLEDGED = 400;
    private static final int READS_IN_FLIGHT = 100;

    /** Snapshots and new log files in nearly every round. */
    private static final Settings SETTINGS =
            Settings.standard().with("forceSync", "yes").with("snapCount", "300");

    @TempDir private Path directory;

    /** As long as the rounds want; every wait in a round has a deadline of its own. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void nothingAcknowledgedIsLostDoubledOrTorn() throws Exception {
        long seed = new Random().nextLong();
        try (ChildServer server = Brand.underTest().child(directory.resolve("data"), SETTINGS);
                ExecutorService pool = Executors.newFixedThreadPool(WRITERS)) {
            server.start();
            new Rounds(server, pool, new Random(seed)).run();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** The rounds of one run: one server, the same writers from the first to the last. */
    private static final class Rounds {
        private final ChildServer server;
        private final ExecutorService pool;
        private final Random random;
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final List<Writer> writers = new ArrayList<>();

        Rounds(ChildServer server, ExecutorService pool, Random random) {
            this.server = server;
            this.pool = pool;
            this.random = random;
        }

        void run() throws Exception {
            ZooKeeper keeper =
                    RunningServer.connect(server.connectString(), RunningServer.SESSION_MILLIS);
            try {
                long session = keeper.getSessionId();
                keeper.create("/keeper", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
                prepareWriters();
                for (int round = 0; round < ROUNDS; round++) {
                    killWhileWriting("/round" + round);
                    verify(List.of("/round" + round), session);
                }
                List<String> all = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    all.add("/round" + round);
                }
                verifyAll(all, session);
                assertEquals(session, keeper.getSessionId());
            } finally {
                for (Writer writer : writers) {
                    writer.close();
                }
                keeper.close();
            }
        }

        private void prepareWriters() throws Exception {
            for (int i = 0; i < WRITERS; i++) {
                var writer =
                        new Writer(
                                i,
                                RunningServer.connect(
                                        server.connectString(), RunningServer.SESSION_MILLIS),
                                acknowledged);
                writers.add(writer);
                create(writer.counterPath(), new Payload(i, 0).toBytes());
            }
        }

        private void create(String path, byte[] data) throws IOException {
            try (var client = RawClient.newSession(server.port())) {
                Frame reply =
                        client.call(
                                Op.CREATE,
                                Requests.create(path, data, AclEntry.OPEN, Op.PERSISTENT));
                assertEquals(ErrorCode.OK, reply.err(), path);
            }
        }

        private void killWhileWriting(String parent) throws Exception {
            create(parent, new byte[0]);
            int enough = acknowledged.get() + 1 + random.nextInt(MOST_ACKNOWLEDGED);
            List<Future<?>> writing = new ArrayList<>();
            for (Writer writer : writers) {
                writer.begin();
                writing.add(
                        pool.submit(() -> {
                            writer.writeUnder(parent);
                            return null;
                        }));
            }
            Await.until(
                    "some writes are acknowledged", PATIENCE, () -> acknowledged.get() >= enough);
            server.kill();
            writers.forEach(Writer::stop);
            server.start();
            for (Future<?> each : writing) {
                each.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            for (Writer writer : writers) {
                writer.quiesce();
            }
        }

        /** What the last round wrote, and the counters. */
        private void verify(List<String> parents, long session) throws IOException {
            try (var client = RawClient.newSession(server.port())) {
                for (Writer writer : writers) {
                    JuteIn counter =
                            client.call(Op.GET_DATA, Requests.read(writer.counterPath(), false))
                                    .in();
                    byte[] data = counter.buffer();
                    assertNotNull(data);
                    writer.resumeFrom(counter.stat().version(), Payload.parse(data));
                }
                Frame ephemeral = client.call(Op.EXISTS, Requests.read("/keeper", false));
                assertEquals(ErrorCode.OK, ephemeral.err(), "the ephemeral of a living session");
                assertEquals(session, ephemeral.in().stat().ephemeralOwner());
                for (String parent : parents) {
                    contents(client, parent);
                }
            }
        }

        /** Everything that any round wrote, against everything that was acknowledged. */
        private void verifyAll(List<String> parents, long session) throws IOException {
            verify(List.of(), session);
            Map<String, Payload> all = new HashMap<>();
            try (var client = RawClient.newSession(server.port())) {
                for (String parent : parents) {
                    all.putAll(contents(client, parent));
                }
            }
            Set<Payload> sequential = new HashSet<>();
            all.forEach((path, payload) -> {
                if (!path.contains("pair-")) {
                    assertTrue(sequential.add(payload), () -> payload + " is there twice");
                }
                assertTrue(
                        writers.get(payload.writer()).maybeThere.contains(payload.number()),
                        () -> payload + " was refused or never sent");
            });
            Set<String> names = new HashSet<>();
            all.keySet().forEach(path -> names.add(path.substring(path.lastIndexOf('/') + 1)));
            for (Writer writer : writers) {
                writer.acknowledgedNames.forEach((number, path) ->
                        assertEquals(
                                new Payload(writer.number, number),
                                all.get(path),
                                () -> path + " was acknowledged"));
                for (int number : writer.acknowledgedPairs) {
                    String name = "pair-" + writer.number + "-" + number + "-a";
                    assertTrue(names.contains(name), () -> name + " was acknowledged");
                }
            }
            assertTrue(acknowledged.get() >= ROUNDS, "something was written in each round");
        }

        /** The children's paths and what they hold; fails if a payload is torn or a pair parted. */
        private static Map<String, Payload> contents(RawClient client, String parent)
                throws IOException {
            Frame list = client.call(Op.GET_CHILDREN, Requests.read(parent, false));
            assertEquals(ErrorCode.OK, list.err(), parent);
            List<String> names = list.in().texts();
            Map<String, Payload> contents = new TreeMap<>();
            for (int from = 0; from < names.size(); from += READS_IN_FLIGHT) {
                List<String> some =
                        names.subList(from, Math.min(names.size(), from + READS_IN_FLIGHT));
                for (String name : some) {
                    client.send(
                            1, Op.GET_DATA, Requests.read(parent + "/" + name, false).toBytes());
                }
                for (String name : some) {
                    Frame read = client.receiveFrame();
                    assertNotNull(read);
                    byte[] data = read.in().buffer();
                    assertNotNull(data);
                    contents.put(parent + "/" + name, Payload.parse(data));
                }
            }
            for (String path : contents.keySet()) {
                if (path.contains("/pair-")) {
                    String other =
                            path.substring(0, path.length() - 1) + (path.endsWith("a") ? "b" : "a");
                    assertTrue(contents.containsKey(other), () -> other + " is missing");
                }
            }
            return contents;
        }
    }
}
