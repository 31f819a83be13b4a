package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteIn;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.RunningServer;

/** Many children, long data, long lists of operations, many who wait for the same event. */
class BigThingsTest {

    private static final int MILLION = 1_000_000;
    private static final int BATCH = 10_000;
    private static final int WATCHERS = 1_000;
    private static final int MAX_BUFFER = 0xfffff;

    @RegisterExtension static final RunningServer server = new RunningServer();

    /** Requests of 10,000 operations, each answered before the next; the nanoseconds of each. */
    private static List<Long> inBatches(RawClient client, int type, String path)
            throws IOException {
        var nanos = new ArrayList<Long>();
        for (int first = 0; first < MILLION; first += BATCH) {
            var parts = new ArrayList<Requests.Part>();
            for (int i = first; i < first + BATCH; i++) {
                String child = path + "/" + i;
                JuteOut body =
                        type == Op.CREATE ? Requests.create(child, 0) : Requests.delete(child, -1);
                parts.add(new Requests.Part(type, body));
            }
            JuteOut multi = Requests.multi(parts);
            long start = System.nanoTime();
            Frame reply = client.call(Op.MULTI, multi);
            nanos.add(System.nanoTime() - start);
            assertEquals(ErrorCode.OK, reply.err());
            assertEquals(type, reply.in().int32(), "the first part succeeded");
        }
        return nanos;
    }

    /** The median of some batches: a machine that is busy for a moment does not count. */
    private static long median(List<Long> nanos) {
        return nanos.stream().sorted().toList().get(nanos.size() / 2);
    }

    private static void expectSteadyRate(List<Long> nanos, String what) {
        int third = nanos.size() / 3;
        long early = median(nanos.subList(0, third));
        long late = median(nanos.subList(nanos.size() - third, nanos.size()));
        System.out.println(
                what + " in batches of 10,000: " + early / 1000 + " us, " + late / 1000 + " us");
        assertTrue(late < 5 * early, () -> what + ": " + early + " ns, then " + late + " ns");
    }

    @Test
    void aMillionChildrenAreMadeListedAndDeletedAtASteadyRate() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port());
                var bystander = RawClient.newSession(server.port())) {
            expectSteadyRate(inBatches(client, Op.CREATE, path), "creates");

            Frame list = client.call(Op.GET_CHILDREN2, Requests.read(path, false));
            JuteIn in = list.in();
            List<String> names = in.texts();
            assertEquals(MILLION, names.size());
            assertEquals(MILLION, in.stat().numChildren());
            assertEquals(MILLION, names.stream().distinct().count());
            assertEquals(
                    ErrorCode.NOT_EMPTY, client.call(Op.DELETE, Requests.delete(path, -1)).err());

            expectSteadyRate(inBatches(client, Op.DELETE, path), "deletes");
            assertEquals(0, client.call(Op.GET_CHILDREN, Requests.read(path, false)).in().int32());
            assertEquals(ErrorCode.OK, bystander.ping().err());
        }
    }

    @Test
    void aReplyThatIsTooLongIsAnErrorAndNobodyElseNotices() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port());
                var bystander = RawClient.newSession(server.port())) {
            byte[] data = new byte[MAX_BUFFER - 1000];
            assertEquals(
                    ErrorCode.OK, client.call(Op.SET_DATA, Requests.setData(path, data, -1)).err());
            List<Requests.Part> parts = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                parts.add(new Requests.Part(Op.GET_DATA, Requests.read(path, false)));
            }
            Frame refused = client.call(Op.MULTI_READ, Requests.multi(parts));
            assertEquals(ErrorCode.MARSHALLING, refused.err());
            assertEquals(0, refused.body().length);
            assertEquals(ErrorCode.OK, bystander.ping().err());

            Frame some = client.call(Op.MULTI_READ, Requests.multi(parts.subList(0, 40)));
            assertEquals(ErrorCode.OK, some.err());
            JuteIn in = some.in();
            assertEquals(Op.GET_DATA, in.int32());
            in.bool();
            assertEquals(0, in.int32());
            assertArrayEquals(data, in.buffer());
        }
    }

    /** How many writes that takes a socket does not show: who reads may be later than all. */
    @Test
    void aThousandWhoWatchOnePathAreToldOfAllThatHappened() throws IOException {
        String path = server.freshPath();
        var watchers = new ArrayList<RawClient>();
        try (var writer = RawClient.newSession(server.port())) {
            for (int i = 0; i < WATCHERS; i++) {
                RawClient watcher = RawClient.newSession(server.port());
                watchers.add(watcher);
                watcher.call(Op.GET_DATA, Requests.read(path, true));
                watcher.call(Op.GET_CHILDREN, Requests.read(path, true));
                watcher.call(Op.EXISTS, Requests.read(path + "/x", true));
            }
            List<Requests.Part> parts =
                    List.of(
                            new Requests.Part(Op.SET_DATA, Requests.setData(path, new byte[1], -1)),
                            new Requests.Part(Op.CREATE, Requests.create(path + "/x", 0)));
            assertEquals(ErrorCode.OK, writer.call(Op.MULTI, Requests.multi(parts)).err());
            int prefixAndHeader = 4 + 16;
            int event = prefixAndHeader + 4 + 4 + 4 + path.length();
            int expected = 3 * event + "/x".length();
            byte[] received = new byte[4 * expected];
            for (RawClient watcher : watchers) {
                InputStream in = watcher.socket().getInputStream();
                assertEquals(expected, in.readNBytes(received, 0, expected));
            }
        } finally {
            for (RawClient watcher : watchers) {
                watcher.close();
            }
        }
    }

    @Test
    void dataOfTheGreatestLengthComesBackAsItWent() throws IOException {
        String path = server.freshPath() + "/long";
        int overhead = 8 + 4 + path.length() + 4 + 4 + 4 + 4 + 5 + 4 + 6 + 4;
        byte[] data = new byte[MAX_BUFFER - overhead];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31);
        }
        try (var client = RawClient.newSession(server.port())) {
            JuteOut body = Requests.create(path, data, AclEntry.OPEN, 0);
            assertEquals(MAX_BUFFER, 8 + body.toBytes().length);
            assertEquals(ErrorCode.OK, client.call(Op.CREATE, body).err());
            byte[] read = client.call(Op.GET_DATA, Requests.read(path, false)).in().buffer();
            assertNotNull(read);
            assertArrayEquals(data, read);
        }
    }
}
