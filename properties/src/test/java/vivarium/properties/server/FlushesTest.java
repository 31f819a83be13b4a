package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static vivarium.properties.raw.ErrorCode.NO_NODE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.server.EmbeddedServer;

/** What one turn has for a client leaves in one flush, however much it is. */
class FlushesTest extends OwnServers {
    private static final int WATCHERS = 1_000;
    private static final int CHANGES = 10;

    /** That of the answer that told how many there were before, and that of the writer's reply. */
    private static final int OTHERS = 2;

    private static final int PERSISTENT = 0;

    private static long flushes(EmbeddedServer server) throws IOException {
        return Long.parseLong(measure(server, "client_flush_count"));
    }

    @Test
    void oneChangeReachesAThousandWatchersInOneFlushEach() throws Exception {
        EmbeddedServer server = start("maxClientCnxns", "0");
        List<RawClient> watchers = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            RawClient watcher = session(server);
            assertEquals(NO_NODE, watcher.call(Op.EXISTS, Requests.read("/n", true)).err());
            watchers.add(watcher);
        }
        RawClient writer = session(server);
        long before = flushes(server);
        assertEquals(0, writer.call(Op.CREATE, Requests.create("/n", 0)).err());
        expectEvents(watchers, 1);
        assertEquals(WATCHERS + OTHERS, flushes(server) - before);
    }

    @Test
    void manyChangesTogetherReachThemInOneFlushEachToo() throws Exception {
        EmbeddedServer server = start("maxClientCnxns", "0");
        List<RawClient> watchers = new ArrayList<>();
        for (int i = 0; i < WATCHERS; i++) {
            RawClient watcher = session(server);
            var watch = Requests.path("/").int32(PERSISTENT);
            assertEquals(0, watcher.call(Op.ADD_WATCH, watch).err());
            watchers.add(watcher);
        }
        RawClient writer = session(server);
        long before = flushes(server);
        var change = new Requests.Part(Op.SET_DATA, Requests.setData("/", new byte[1], -1));
        var all = Requests.multi(Collections.nCopies(CHANGES, change));
        assertEquals(0, writer.call(Op.MULTI, all).err());
        expectEvents(watchers, CHANGES);
        assertEquals(WATCHERS + OTHERS, flushes(server) - before);
    }

    private static void expectEvents(List<RawClient> watchers, int count) throws IOException {
        for (RawClient watcher : watchers) {
            for (int i = 0; i < count; i++) {
                Frame frame = watcher.receiveFrame();
                assertNotNull(frame);
                assertEquals(Op.NOTIFICATION_XID, frame.xid());
            }
        }
    }
}
