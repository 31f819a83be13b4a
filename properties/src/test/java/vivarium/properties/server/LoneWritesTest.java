package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Await;
import vivarium.properties.servers.SmallDisk;
import vivarium.server.EmbeddedServer;

/**
 * Which thread waits for the disk: the loop where one write is all there is, and the log's wherever
 * somebody else would have to wait too. The JVM's own recorder tells who has forced.
 */
class LoneWritesTest extends OwnServers {
    private static final String FORCE = "jdk.FileForce";
    private static final String LOOP = "vivarium-loop";
    private static final String LOG = "vivarium-log";
    private static final int TOGETHER = 20;
    private static final int LARGE_XID = 1_000;

    private Recording recording = new Recording();
    private int recorded;

    @BeforeEach
    void record() {
        recording = closing(new Recording());
        recording.enable(FORCE).withThreshold(Duration.ZERO);
        recording.start();
    }

    /** The threads of the forces of the log so far, from the first one. */
    private List<String> forces() throws IOException {
        Path file = dir.resolve("forces" + recorded++ + ".jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getString("path").contains("/log."))
                .sorted((one, other) -> one.getStartTime().compareTo(other.getStartTime()))
                .map(LoneWritesTest::thread)
                .toList();
    }

    private static String thread(RecordedEvent event) {
        return event.getThread().getJavaName();
    }

    private String lastForce() throws IOException {
        return forces().getLast();
    }

    private static void write(RawClient client) throws IOException {
        assertEquals(0, client.call(Op.SET_DATA, Requests.setData("/", new byte[10], -1)).err());
    }

    private static void read(RawClient client) throws IOException {
        assertEquals(0, client.call(Op.EXISTS, Requests.read("/", false)).err());
    }

    /** Writes one by one until the loop itself has forced the last one. */
    private void awaitLull(RawClient client) throws Exception {
        Await.until(
                "the loop forces a write that is alone",
                () -> {
                    for (int i = 0; i < 50; i++) {
                        write(client);
                    }
                    return LOOP.equals(lastForce());
                });
    }

    @Test
    void aWriteThatIsAloneIsForcedByTheLoop() throws Exception {
        RawClient client = session(start());
        write(client);
        assertEquals(LOG, lastForce(), "nobody knows yet how quick the disk is");
        awaitLull(client);
    }

    @Test
    void writesThatComeTogetherAreForcedBehindTheLoop() throws Exception {
        RawClient client = session(start());
        awaitLull(client);
        var together = new JuteOut();
        for (int xid = 1; xid <= TOGETHER; xid++) {
            byte[] body = Requests.setData("/", new byte[10], -1).toBytes();
            together.buffer(new JuteOut().int32(xid).int32(Op.SET_DATA).raw(body).toBytes());
        }
        client.sendRaw(together.toBytes());
        for (int i = 0; i < TOGETHER; i++) {
            Frame reply = client.receiveFrame();
            assertNotNull(reply);
            assertEquals(0, reply.err());
        }
        assertEquals(LOG, lastForce());
        write(client);
        assertEquals(LOG, lastForce(), "more may come together");
    }

    @Test
    void whoReadsDoesNotWaitForTheWritesOfOthers() throws Exception {
        EmbeddedServer server = start();
        RawClient writer = session(server);
        RawClient reader = session(server);
        awaitLull(writer);
        int before = forces().size();
        for (int i = 0; i < 20; i++) {
            read(reader);
            read(reader);
            write(writer);
        }
        List<String> forces = forces();
        assertEquals(
                List.of(LOG), forces.subList(before, forces.size()).stream().distinct().toList());
    }

    @Test
    void aWriteThatFindsTheDiskFullHoldsUpNobodyElse() throws Exception {
        assumeTrue(
                SmallDisk.isPossible(dir),
                "Not shown here: full disks, since this user may not mount file systems");
        try (SmallDisk disk = new SmallDisk(dir.resolve("data"))) {
            EmbeddedServer server = start("preAllocSize", "64");
            RawClient writer = session(server);
            awaitLull(writer);
            RawClient reader = session(server);
            disk.fill();
            var large = Requests.setData("/", new byte[900_000], -1);
            writer.send(LARGE_XID, Op.SET_DATA, large.toBytes());
            for (int i = 0; i < 100; i++) {
                read(reader);
            }
            assertEquals(0, writer.socket().getInputStream().available(), "acknowledged");
            disk.empty();
            Frame reply = writer.receiveFrame();
            assertNotNull(reply);
            assertEquals(LARGE_XID, reply.xid());
            assertEquals(0, reply.err());
            server.close();
        }
    }
}
