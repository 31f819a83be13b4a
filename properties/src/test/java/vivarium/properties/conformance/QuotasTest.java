package vivarium.properties.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.util.List;
import org.apache.zookeeper.StatsTrack;
import org.junit.jupiter.api.BeforeEach;
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
import vivarium.properties.raw.StatFields;
import vivarium.properties.servers.RunningServer;

/** How many znodes and bytes a subtree may have, and who keeps account of it. */
class QuotasTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    private String path;
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        path = server.freshPath();
        client = server.closing(RawClient.newSession(server.port()));
    }

    /** As ZooKeeper's command line does it. */
    private void limit(String top, String limits) throws IOException {
        String home = "/zookeeper/quota";
        for (String name : top.substring(1).split("/", -1)) {
            home += "/" + name;
            client.call(Op.CREATE, Requests.create(home, 0));
        }
        assertEquals(ErrorCode.OK, create(home + "/zookeeper_limits", limits));
        assertEquals(ErrorCode.OK, create(home + "/zookeeper_stats", "count=0,bytes=0"));
    }

    private int create(String znode, String data) throws IOException {
        return client.call(
                        Op.CREATE, Requests.create(znode, data.getBytes(UTF_8), AclEntry.OPEN, 0))
                .err();
    }

    private int set(String znode, String data) throws IOException {
        return client.call(Op.SET_DATA, Requests.setData(znode, data.getBytes(UTF_8), -1)).err();
    }

    private int delete(String znode) throws IOException {
        return client.call(Op.DELETE, Requests.delete(znode, -1)).err();
    }

    private String used(String top) throws IOException {
        Frame reply =
                client.call(
                        Op.GET_DATA,
                        Requests.read("/zookeeper/quota" + top + "/zookeeper_stats", false));
        byte[] data = reply.in().buffer();
        assertNotNull(data);
        return new String(data, UTF_8);
    }

    @Test
    void whatIsThereAlreadyIsCountedWithTheTopItself() throws IOException {
        create(path + "/a", "12345");
        create(path + "/a/b", "");
        set(path, "123");
        limit(path, "count=100,bytes=100");
        assertEquals("count=3,bytes=8", used(path));
    }

    @Test
    void everyWriteIsAccountedFor() throws IOException {
        limit(path, "count=-1,bytes=-1");
        assertEquals("count=1,bytes=0", used(path));
        create(path + "/a", "12345");
        assertEquals("count=2,bytes=5", used(path));
        set(path + "/a", "12");
        assertEquals("count=2,bytes=2", used(path));
        client.call(Op.CREATE, Requests.create(path + "/null", null, AclEntry.OPEN, 0));
        assertEquals("count=3,bytes=2", used(path));
        JuteOut multi =
                Requests.multi(
                        List.of(
                                part(Op.CREATE, Requests.create(path + "/m", 0)),
                                part(Op.SET_DATA, Requests.setData(path, new byte[7], -1)),
                                part(Op.DELETE, Requests.delete(path + "/null", -1))));
        assertEquals(ErrorCode.OK, client.call(Op.MULTI, multi).err());
        assertEquals("count=3,bytes=9", used(path));
        delete(path + "/a");
        assertEquals("count=2,bytes=7", used(path));
        try (var other = RawClient.newSession(server.port())) {
            other.call(
                    Op.CREATE,
                    Requests.create(path + "/e", new byte[4], AclEntry.OPEN, Op.EPHEMERAL));
            assertEquals("count=3,bytes=11", used(path));
            other.call(Op.CLOSE_SESSION, new JuteOut());
        }
        assertEquals("count=2,bytes=7", used(path));
    }

    private static Requests.Part part(int type, JuteOut body) {
        return new Requests.Part(type, body);
    }

    @Test
    void theAccountLeavesNoTraceInTheStat() throws IOException {
        limit(path, "count=5,bytes=5");
        create(path + "/a", "x");
        Frame reply =
                client.call(
                        Op.GET_DATA,
                        Requests.read("/zookeeper/quota" + path + "/zookeeper_stats", true));
        JuteIn in = reply.in();
        assertNotNull(in.buffer());
        StatFields stat = in.stat();
        assertEquals(0, stat.version());
        assertEquals(stat.czxid(), stat.mzxid());
        assertEquals("count=2,bytes=1".length(), stat.dataLength());
        create(path + "/b", "x");
        client.ping();
        assertEquals(List.of(), client.takeEvents());
    }

    @Test
    void aZnodeCountsForTheDeepestQuotaOnly() throws IOException {
        create(path + "/in", "");
        limit(path, "count=100,bytes=100");
        limit(path + "/in", "count=100,bytes=100");
        create(path + "/in/x", "abc");
        create(path + "/out", "ab");
        create(path + "/inner", "a");
        assertEquals("count=4,bytes=3", used(path));
        assertEquals("count=2,bytes=3", used(path + "/in"));
        delete("/zookeeper/quota" + path + "/in/zookeeper_limits");
        create(path + "/in/y", "a");
        assertEquals("count=5,bytes=4", used(path));
        assertEquals("count=2,bytes=3", used(path + "/in"));
    }

    @Test
    void aSoftLimitRefusesNothing() throws IOException {
        limit(path, "count=1,bytes=1");
        assertEquals(ErrorCode.OK, create(path + "/a", "12345"));
        assertEquals("count=2,bytes=5", used(path));
    }

    @Test
    void aHardLimitRefusesWhatGoesBeyondIt() throws IOException {
        limit(path, "count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=3");
        assertEquals(ErrorCode.OK, create(path + "/a", "12345"));
        assertEquals(ErrorCode.QUOTA_EXCEEDED, create(path + "/b", "123456"), "bytes");
        assertEquals(ErrorCode.OK, create(path + "/b", "12345"));
        assertEquals(ErrorCode.QUOTA_EXCEEDED, create(path + "/c", ""), "count");
        assertEquals(ErrorCode.QUOTA_EXCEEDED, set(path + "/a", "123456"));
        assertEquals(ErrorCode.OK, set(path + "/a", "54321"), "no longer than before");
        assertEquals("count=3,bytes=10", used(path));
        delete(path + "/b");
        assertEquals(ErrorCode.OK, set(path + "/a", "1234567890"));
    }

    @Test
    void aQuotaIsAskedLastAtACreateAndBeforeTheVersionAtASet() throws IOException {
        create(path + "/a", "");
        limit(path, "count=-1,bytes=-1=;byteHardLimit=0;countHardLimit=2");
        assertEquals(ErrorCode.NODE_EXISTS, create(path + "/a", "x"));
        assertEquals(ErrorCode.NO_NODE, create(path + "/no/x", ""));
        JuteOut wrongVersion = Requests.setData(path + "/a", new byte[1], 77);
        assertEquals(ErrorCode.QUOTA_EXCEEDED, client.call(Op.SET_DATA, wrongVersion).err());
    }

    @Test
    void aPartOfAMultiThatGoesBeyondAHardLimitFailsItAll() throws IOException {
        limit(path, "count=-1,bytes=-1=;countHardLimit=1");
        String free = server.freshPath();
        JuteOut multi =
                Requests.multi(
                        List.of(
                                part(Op.CREATE, Requests.create(free + "/x", 0)),
                                part(Op.CREATE, Requests.create(path + "/x", 0))));
        JuteIn in = client.call(Op.MULTI, multi).in();
        assertEquals(-1, in.int32());
        in.bool();
        assertEquals(ErrorCode.OK, in.int32());
        in.int32();
        assertEquals(-1, in.int32());
        in.bool();
        assertEquals(ErrorCode.QUOTA_EXCEEDED, in.int32());
        assertEquals(
                ErrorCode.NO_NODE, client.call(Op.EXISTS, Requests.read(free + "/x", false)).err());
    }

    @Test
    void beyondItsLimitASubtreeCanOnlyShrinkByDeletes() throws IOException {
        create(path + "/a", "1234567890");
        limit(path, "count=-1,bytes=-1=;byteHardLimit=5");
        assertEquals(ErrorCode.QUOTA_EXCEEDED, set(path + "/a", "12345678"));
        assertEquals(ErrorCode.OK, set(path + "/a", "123"), "far enough at once");
        set("/zookeeper/quota" + path + "/zookeeper_limits", "count=-1,bytes=-1=;byteHardLimit=1");
        assertEquals(ErrorCode.OK, delete(path + "/a"));
    }

    @Test
    void theTextsAreThoseOfApachesCommandLine() throws IOException {
        StatsTrack limits = new StatsTrack();
        limits.setCount(7);
        limits.setCountHardLimit(2);
        limits.setByteHardLimit(1 << 20);
        limit(path, limits.toString());
        assertEquals(ErrorCode.OK, create(path + "/a", ""));
        assertEquals(ErrorCode.QUOTA_EXCEEDED, create(path + "/b", ""));
        StatsTrack used = new StatsTrack(used(path));
        assertEquals(2, used.getCount());
        assertEquals(0, used.getBytes());
    }
}
