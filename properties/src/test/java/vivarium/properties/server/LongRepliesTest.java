package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;
import vivarium.server.EmbeddedServer;

/** Many who ask for many megabytes, and do not read them, have a bounded memory together. */
class LongRepliesTest extends OwnServers {
    private static final int PARTS = 40;
    private static final int BYTES = 1_000_000;
    private static final int MEGABYTE = 1 << 20;

    /** An eighth of the heap, and what is under way in the sockets besides. */
    private static final long BOUND_BYTES = Runtime.getRuntime().maxMemory() / 8 + 32L * MEGABYTE;

    private static final JuteOut LONG =
            Requests.multi(
                    Collections.nCopies(
                            PARTS, new Requests.Part(Op.GET_DATA, Requests.read("/large", false))));

    private static long usedBytes() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : Long.MAX_VALUE;
    }

    private EmbeddedServer server() throws Exception {
        EmbeddedServer server = start();
        byte[] data = new byte[BYTES];
        var create = Requests.create("/large", data, AclEntry.OPEN, 0);
        assertEquals(0, session(server).call(Op.CREATE, create).err());
        return server;
    }

    /** Clients that have asked for forty megabytes each, and read nothing. */
    private List<RawClient> greedy(EmbeddedServer server, int count) throws IOException {
        List<RawClient> greedy = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient client = session(server);
            client.send(1, Op.MULTI_READ, LONG.toBytes());
            client.send(2, Op.GET_DATA, Requests.read("/zookeeper", false).toBytes());
            greedy.add(client);
        }
        return greedy;
    }

    private static void expectLongReply(RawClient client) throws IOException {
        Frame reply = client.receiveFrame();
        assertNotNull(reply);
        assertEquals(1, reply.xid());
        assertEquals(0, reply.err());
        assertTrue(reply.body().length > PARTS * BYTES);
    }

    @Test
    void longRepliesThatNobodyReadsWaitWithoutTheirBytes() throws Exception {
        EmbeddedServer server = server();
        long before = usedBytes();
        List<RawClient> greedy = greedy(server, 12);
        RawClient other = session(server);
        Await.until("there are some on their way", () -> usedBytes() > before + PARTS * BYTES);
        for (int i = 0; i < 50; i++) {
            assertEquals(0, other.ping().err());
            long used = usedBytes() - before;
            assertTrue(used < BOUND_BYTES, used + " bytes are used");
        }
        for (RawClient client : greedy) {
            expectLongReply(client);
            Frame next = client.receiveFrame();
            assertNotNull(next);
            assertEquals(2, next.xid(), "behind what waited");
        }
        assertEquals(0, other.ping().err());
    }

    @Test
    void whoNeverReadsDoesNotKeepTheOthersFromTheirs() throws Exception {
        EmbeddedServer server = server();
        List<RawClient> greedy = greedy(server, 3);
        RawClient reader = session(server);
        reader.send(1, Op.MULTI_READ, LONG.toBytes());
        reader.waitFor((int) Duration.ofSeconds(60).toMillis());
        expectLongReply(reader);
        // Who asks is connected too, as are the reader and who made the znode.
        Await.until("somebody had to go for it", () -> connections(server) < greedy.size() + 3);
    }

    private static int connections(EmbeddedServer server) throws IOException {
        return Integer.parseInt(measure(server, "num_alive_connections"));
    }
}
