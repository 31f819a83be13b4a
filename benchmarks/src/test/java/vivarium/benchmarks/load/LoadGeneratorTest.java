package vivarium.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.server.ServerCnxn;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadGeneratorTest {
    private static final int BYTES = 100;
    private static final Duration LEAD_IN = Duration.ofMillis(50);
    private static final Duration MEASURED = Duration.ofMillis(200);

    @TempDir Path directory;
    private ServerCnxnFactory port;
    private ZooKeeperServer server;

    /** The generator is on trial here, and not the disk. */
    @BeforeAll
    static void forceNothing() {
        System.setProperty("zookeeper.forceSync", "no");
    }

    @BeforeEach
    void startApachesServer() throws IOException, InterruptedException {
        server = new ZooKeeperServer(directory.toFile(), directory.toFile(), 2_000);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        port = ServerCnxnFactory.createFactory(any, 20);
        port.startup(server);
    }

    @AfterEach
    void stopIt() {
        port.shutdown();
    }

    private List<InetSocketAddress> servers() {
        return List.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getLocalPort()));
    }

    private static Load load(Workload workload, int outstanding, int rate) {
        return new Load(workload, outstanding, rate, 4, BYTES, LEAD_IN, MEASURED);
    }

    @ParameterizedTest
    @EnumSource
    void everyWorkloadIsAnsweredAndLeavesTheTreeAsItWas(Workload workload) throws IOException {
        try (LoadGenerator generator = new LoadGenerator(servers(), 1, BYTES)) {
            generator.prepare();
        }
        int znodes = server.getZKDatabase().getNodeCount();
        int outstanding = workload.isSpread() ? 32 : 3;
        LoadResult result =
                LoadGenerator.apply(
                        servers(), load(workload, outstanding, 0), false, LoadGenerator.Probe.NONE);
        assertTrue(result.operations() > 0);
        assertEquals(result.operations(), result.latency().getTotalCount());
        assertTrue(result.latencyMicros(50) > 0);
        assertTrue(result.seconds() >= MEASURED.toNanos() / 1e9);
        assertEquals(znodes, server.getZKDatabase().getNodeCount());
        assertEquals(0, server.getNumAliveConnections());
    }

    @Test
    void someOfManyWatchesAreSetAtATime() throws IOException {
        Load load =
                new Load(Workload.WATCHES, 2, 0, 4, BYTES, LEAD_IN, MEASURED, LoadGenerator.ZNODES);
        LoadResult result =
                LoadGenerator.apply(
                        servers(),
                        load,
                        true,
                        new LoadGenerator.Probe() {
                            @Override
                            public void onBegin() {}

                            @Override
                            public void onEnd() {
                                int watches = server.getZKDatabase().getDataTree().getWatchCount();
                                assertTrue(watches >= 4 * (LoadGenerator.ZNODES - 2), "" + watches);
                            }
                        });
        assertTrue(result.operations() > 0);
    }

    @Test
    void aRateIsNotExceeded() throws IOException {
        try (LoadGenerator generator = new LoadGenerator(servers(), 4, BYTES)) {
            generator.prepare();
            LoadResult result =
                    generator.run(load(Workload.GET_DATA, 0, 500), LoadGenerator.Probe.NONE);
            assertTrue(result.operations() > 0);
            assertTrue(
                    result.operations() <= 500 * (result.seconds() + LEAD_IN.toMillis() / 1e3) + 1);
        }
    }

    @Test
    void preparingTwiceIsNoError() throws IOException {
        try (LoadGenerator generator = new LoadGenerator(servers(), 4, BYTES)) {
            generator.prepare();
            generator.prepare();
        }
    }

    @Test
    void aRefusalEndsTheRun() throws IOException {
        try (LoadGenerator generator = new LoadGenerator(servers(), 4, BYTES)) {
            IOException refused =
                    assertThrows(
                            IOException.class,
                            () ->
                                    generator.run(
                                            load(Workload.SET_DATA, 32, 0),
                                            LoadGenerator.Probe.NONE));
            assertEquals("SET_DATA failed with error -101", refused.getMessage());
        }
    }

    @Test
    void aReplyOfAnotherLengthEndsTheRun() throws IOException {
        try (LoadGenerator generator = new LoadGenerator(servers(), 4, BYTES)) {
            generator.prepare();
        }
        try (LoadGenerator generator = new LoadGenerator(servers(), 4, BYTES + 1)) {
            assertThrows(
                    WrongReplyException.class,
                    () -> generator.run(load(Workload.GET_DATA, 32, 0), LoadGenerator.Probe.NONE));
        }
    }

    @Test
    void aLostConnectionEndsTheRun() throws IOException {
        try (LoadGenerator generator = new LoadGenerator(servers(), 4, BYTES)) {
            generator.prepare();
            port.closeAll(ServerCnxn.DisconnectReason.SERVER_SHUTDOWN);
            assertThrows(
                    IOException.class,
                    () -> generator.run(load(Workload.GET_DATA, 32, 0), LoadGenerator.Probe.NONE));
        }
    }

    @Test
    void aTreeIsGrownAndRead() throws IOException {
        int before = server.getZKDatabase().getNodeCount();
        try (LoadGenerator generator = new LoadGenerator(servers(), 4, BYTES)) {
            generator.grow(3, 5, 16, (_, _) -> {});
            assertEquals(before + 3 + 15, server.getZKDatabase().getNodeCount());
            generator.readOneOf(14, 5);
            assertThrows(IOException.class, () -> generator.readOneOf(15, 5));
        }
    }
}
