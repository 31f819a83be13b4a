package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Frame.Event;
import vivarium.properties.raw.JuteIn;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.raw.StatFields;
import vivarium.properties.servers.RunningServer;

/** The operations that few clients use. */
class OperationsTest {

    private static final int PERSISTENT = 0;
    private static final int RECURSIVE = 1;

    @RegisterExtension static final RunningServer server = new RunningServer();

    private String path;
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        path = server.freshPath();
        client = server.closing(RawClient.newSession(server.port()));
    }

    private int err(int type, JuteOut body) throws IOException {
        return client.call(type, body).err();
    }

    private void create(String below, int flags) throws IOException {
        assertEquals(ErrorCode.OK, err(Op.CREATE, Requests.create(path + below, flags)));
    }

    private void addWatch(String below, int mode) throws IOException {
        Frame reply = client.call(Op.ADD_WATCH, new JuteOut().text(path + below).int32(mode));
        assertEquals(ErrorCode.OK, reply.err());
        assertEquals(0, reply.in().int32(), "an error code of its own");
    }

    private int watches(int opcode, String below, int type) throws IOException {
        return err(opcode, new JuteOut().text(path + below).int32(type));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    @Shows(Fact.A_CONTAINER_HAS_NO_OWNER)
    void aContainerLooksLikeAPlainZnode(int flags) throws IOException {
        Frame reply = client.call(Op.CREATE_CONTAINER, Requests.create(path + "/c", flags));
        JuteIn in = reply.in();
        assertEquals(path + "/c", in.text());
        StatFields stat = in.stat();
        in.expectEnd();
        assertEquals(0, stat.ephemeralOwner());
        create("/c/child", 0);
    }

    @Test
    @Shows(Fact.TIMES_TO_LIVE_ARE_OFF)
    void timesToLiveAreUnimplementedUnlessSwitchedOn() throws IOException {
        JuteOut body = Requests.create(path + "/t", 5).int64(1000);
        assertEquals(ErrorCode.UNIMPLEMENTED, err(Op.CREATE_TTL, body));
        assertEquals(ErrorCode.OK, client.ping().err(), "the connection lives");
    }

    @Test
    @Shows(Fact.RECONFIGURATION_IS_OFF)
    void reconfigurationIsDisabledAndTheRefusalHasAZxid() throws IOException {
        long before = client.ping().zxid();
        JuteOut body = new JuteOut().text("server.9=a:1:2;3").text(null).text(null).int64(-1);
        Frame reply = client.call(Op.RECONFIG, body);
        assertEquals(ErrorCode.RECONFIG_DISABLED, reply.err());
        assertEquals(before + 1, reply.zxid());
        assertEquals(0, reply.body().length);
    }

    @Test
    @Shows(Fact.A_RECURSIVE_WATCH_HEARS_OF_NO_LISTS_OF_CHILDREN)
    void aRecursiveWatchHearsOfAllBelowButOfNoListsOfChildren() throws IOException {
        addWatch("", RECURSIVE);
        create("/k", 0);
        create("/k/l", 0);
        client.call(Op.SET_DATA, Requests.setData(path + "/k/l", new byte[1], -1));
        client.call(Op.DELETE, Requests.delete(path + "/k/l", -1));
        assertEquals(
                List.of(
                        Event.of(Event.CREATED, path + "/k"),
                        Event.of(Event.CREATED, path + "/k/l"),
                        Event.of(Event.DATA_CHANGED, path + "/k/l"),
                        Event.of(Event.DELETED, path + "/k/l")),
                client.takeEvents());
    }

    @Test
    void aPersistentWatchHearsOfItsPathAgainAndAgain() throws IOException {
        addWatch("/p", PERSISTENT);
        create("/p", 0);
        create("/p/c", 0);
        client.call(Op.DELETE, Requests.delete(path + "/p/c", -1));
        client.call(Op.DELETE, Requests.delete(path + "/p", -1));
        create("/p", 0);
        assertEquals(
                List.of(
                        Event.of(Event.CREATED, path + "/p"),
                        Event.of(Event.CHILDREN_CHANGED, path + "/p"),
                        Event.of(Event.CHILDREN_CHANGED, path + "/p"),
                        Event.of(Event.DELETED, path + "/p"),
                        Event.of(Event.CREATED, path + "/p")),
                client.takeEvents());
    }

    @Test
    void whoWatchesInSeveralWaysIsToldOnceAndKeepsThePersistentOne() throws IOException {
        addWatch("", PERSISTENT);
        client.call(Op.GET_DATA, Requests.read(path, true));
        client.call(Op.SET_DATA, Requests.setData(path, new byte[1], -1));
        assertEquals(List.of(Event.of(Event.DATA_CHANGED, path)), client.takeEvents());
        assertEquals(ErrorCode.NO_WATCHER, watches(Op.CHECK_WATCHES, "", 2));
        assertEquals(ErrorCode.OK, watches(Op.CHECK_WATCHES, "", 4));
        client.call(Op.SET_DATA, Requests.setData(path, new byte[1], -1));
        assertEquals(List.of(Event.of(Event.DATA_CHANGED, path)), client.takeEvents());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -1})
    void aWatchOfNoKnownModeIsRefused(int mode) throws IOException {
        assertEquals(
                ErrorCode.MARSHALLING, err(Op.ADD_WATCH, new JuteOut().text(path).int32(mode)));
    }

    @Test
    @Shows(Fact.A_WATCH_IS_REMOVED_ONCE)
    void watchesAreRemovedByTheirTypeAndTheSecondTimeThereAreNone() throws IOException {
        for (int type = 1; type <= 5; type++) {
            client.call(Op.GET_DATA, Requests.read(path, true));
            client.call(Op.GET_CHILDREN, Requests.read(path, true));
            if (type == 4) {
                addWatch("", PERSISTENT);
            } else if (type == 5) {
                addWatch("", RECURSIVE);
            }
            assertEquals(ErrorCode.OK, watches(Op.CHECK_WATCHES, "", type), "type " + type);
            assertEquals(ErrorCode.OK, watches(Op.REMOVE_WATCHES, "", type), "type " + type);
            assertEquals(ErrorCode.NO_WATCHER, watches(Op.REMOVE_WATCHES, "", type));
            assertEquals(ErrorCode.NO_WATCHER, watches(Op.CHECK_WATCHES, "", type));
            assertEquals(
                    type == 3 ? ErrorCode.NO_WATCHER : ErrorCode.OK,
                    watches(Op.CHECK_WATCHES, "", 3),
                    "the others are left by all but type 3");
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 0", "17, 6", "18, 0", "18, 6", "18, -1"})
    void aTypeOfWatchThatDoesNotExistIsRefused(int opcode, int type) throws IOException {
        assertEquals(ErrorCode.MARSHALLING, watches(opcode, "", type));
    }

    @Test
    void aRemovedWatchTellsNothing() throws IOException {
        client.call(Op.GET_DATA, Requests.read(path, true));
        addWatch("", RECURSIVE);
        assertEquals(ErrorCode.OK, watches(Op.REMOVE_WATCHES, "", 3));
        client.call(Op.SET_DATA, Requests.setData(path, new byte[1], -1));
        assertEquals(List.of(), client.takeEvents());
    }

    @Test
    void persistentWatchesAreSetAgainWithTheOthers() throws IOException {
        create("/p", 0);
        long now = client.ping().zxid();
        JuteOut body =
                Requests.setWatches(now, List.of(path + "/p"), List.of(), List.of())
                        .texts(List.of(path))
                        .texts(List.of(path + "/p"));
        Frame reply = client.callAs(Op.SET_WATCHES_XID, Op.SET_WATCHES2, body);
        assertEquals(ErrorCode.OK, reply.err());
        assertEquals(0, reply.body().length);
        create("/p/q", 0);
        create("/r", 0);
        assertEquals(
                List.of(
                        Event.of(Event.CREATED, path + "/p/q"),
                        Event.of(Event.CHILDREN_CHANGED, path)),
                client.takeEvents());
    }

    @Test
    void eachPartOfAMultiReadHasItsOwnAnswer() throws IOException {
        create("/a", 0);
        client.call(Op.SET_DATA, Requests.setData(path, new byte[] {7}, -1));
        JuteOut body =
                Requests.multi(
                        List.of(
                                new Requests.Part(Op.GET_DATA, Requests.read(path, true)),
                                new Requests.Part(Op.GET_DATA, Requests.read(path + "/no", true)),
                                new Requests.Part(Op.GET_CHILDREN, Requests.read(path, true))));
        Frame reply = client.call(Op.MULTI_READ, body);
        assertEquals(ErrorCode.OK, reply.err());
        JuteIn in = reply.in();
        expectHeader(in, Op.GET_DATA, 0);
        assertArrayEquals(new byte[] {7}, in.buffer());
        assertEquals(1, in.stat().numChildren());
        expectHeader(in, -1, ErrorCode.NO_NODE);
        assertEquals(ErrorCode.NO_NODE, in.int32());
        expectHeader(in, Op.GET_CHILDREN, 0);
        assertEquals(List.of("a"), in.texts());
        assertEquals(-1, in.int32());
        assertTrue(in.bool());
        assertEquals(-1, in.int32());
        in.expectEnd();
        client.call(Op.SET_DATA, Requests.setData(path, new byte[0], -1));
        assertEquals(List.of(), client.takeEvents(), "no watch is left");
    }

    private static void expectHeader(JuteIn in, int type, int err) {
        assertEquals(type, in.int32());
        assertEquals(false, in.bool());
        assertEquals(err, in.int32());
    }

    @Test
    void aMultiReadOfAnythingButDataAndChildrenIsRefused() throws IOException {
        JuteOut body =
                Requests.multi(List.of(new Requests.Part(Op.EXISTS, Requests.read(path, false))));
        assertEquals(ErrorCode.MARSHALLING, err(Op.MULTI_READ, body));
    }

    @Test
    void getEphemeralsTellsThoseOfItsOwnSessionByTheirPrefix() throws IOException {
        create("/e1", Op.EPHEMERAL);
        create("/e2", Op.EPHEMERAL);
        create("/f", Op.EPHEMERAL);
        create("/plain", 0);
        assertEquals(
                List.of(path + "/e1", path + "/e2"),
                client.call(Op.GET_EPHEMERALS, Requests.path(path + "/e")).in().texts().stream()
                        .sorted()
                        .toList());
        try (var other = RawClient.newSession(server.port())) {
            assertEquals(List.of(), other.call(Op.GET_EPHEMERALS, Requests.path("/")).in().texts());
        }
    }

    @Test
    void getAllChildrenNumberCountsAllBelow() throws IOException {
        create("/a", 0);
        create("/a/b", 0);
        create("/a/b/c", 0);
        assertEquals(3, number(path));
        assertEquals(0, number(path + "/a/b/c"));
        int all = number("/");
        create("/x", 0);
        assertEquals(all + 1, number("/"));
        assertEquals(all + 2, number(""), "by its other name the root counts itself");
        assertEquals(
                ErrorCode.NO_NODE, err(Op.GET_ALL_CHILDREN_NUMBER, Requests.path(path + "/no")));
    }

    private int number(String of) throws IOException {
        return client.call(Op.GET_ALL_CHILDREN_NUMBER, Requests.path(of)).in().int32();
    }

    @Test
    @Shows(Fact.WHO_AM_I_TELLS_THE_ADDRESS)
    void whoAmITellsNamesWithoutHashes() throws IOException {
        JuteIn alone = client.call(Op.WHO_AM_I, new JuteOut()).in();
        assertEquals(1, alone.int32());
        assertEquals("ip", alone.text());
        assertEquals("127.0.0.1", alone.text());
        alone.expectEnd();
        client.callAs(
                Op.AUTH_XID,
                Op.AUTH,
                Requests.auth("digest", new byte[] {'a', 'l', 'i', ':', 'p'}));
        JuteIn known = client.call(Op.WHO_AM_I, new JuteOut()).in();
        assertEquals(2, known.int32());
        var names = new TreeSet<String>();
        names.add(known.text() + " " + known.text());
        names.add(known.text() + " " + known.text());
        assertEquals("[digest ali, ip 127.0.0.1]", names.toString());
    }

    @Test
    void noPathAtAllCanBeWatchedButIsNot() throws IOException {
        JuteOut nothing = new JuteOut().text(null).int32(1);
        assertEquals(ErrorCode.NO_WATCHER, err(Op.REMOVE_WATCHES, nothing));
        assertEquals(ErrorCode.NO_WATCHER, err(Op.CHECK_WATCHES, nothing));
        assertEquals(ErrorCode.OK, err(Op.ADD_WATCH, new JuteOut().text(null).int32(0)));
        assertEquals(-1, client.call(Op.SYNC, Requests.path(null)).in().int32(), "no path comes");
    }
}
