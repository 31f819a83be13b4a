package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Frame.Event;
import vivarium.properties.raw.JuteIn;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.raw.Requests.Part;
import vivarium.properties.servers.RunningServer;

/** Several operations in one request: the layout of the answer, and all or nothing. */
class MultiTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    @Shows(Fact.A_FAILED_MULTI_HAS_ITS_ERRORS_INSIDE)
    void aFailedMultiHasErrorZeroInItsHeaderAndTheErrorsInItsResults() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            long zxid = client.ping().zxid();
            Frame reply =
                    client.call(
                            Op.MULTI,
                            Requests.multi(
                                    List.of(
                                            create(path + "/a"),
                                            delete(path + "/missing"),
                                            create(path + "/b"))));

            assertEquals(ErrorCode.OK, reply.err());
            assertEquals(zxid + 1, reply.zxid(), "it has a zxid of its own");
            assertEquals(
                    "ffffffff0000000000"
                            + "00000000"
                            + "ffffffff00ffffff9b"
                            + "ffffff9b"
                            + "ffffffff00fffffffe"
                            + "fffffffe"
                            + "ffffffff01ffffffff",
                    HexFormat.of().formatHex(reply.body()));
            assertEquals(
                    ErrorCode.NO_NODE,
                    client.call(Op.EXISTS, Requests.read(path + "/a", false)).err());
            // nothing of the failed one may stand in the way of the next
            assertEquals(
                    ErrorCode.OK, client.call(Op.CREATE, Requests.create(path + "/a", 0)).err());
        }
    }

    @Test
    @Shows(Fact.EVERY_PART_OF_A_MULTI_HAS_ITS_FORM)
    void aMultiThatSucceedsAnswersEachPartInItsOwnForm() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            Frame reply =
                    client.call(
                            Op.MULTI,
                            Requests.multi(
                                    List.of(
                                            create(path + "/a"),
                                            new Part(Op.CREATE2, Requests.create(path + "/b", 0)),
                                            new Part(Op.CHECK, Requests.delete(path + "/a", 0)),
                                            new Part(
                                                    Op.SET_DATA,
                                                    Requests.setData(path + "/a", new byte[1], 0)),
                                            delete(path + "/b"))));

            JuteIn in = reply.in();
            expectHeader(in, Op.CREATE);
            assertEquals(path + "/a", in.text());
            expectHeader(in, Op.CREATE2);
            assertEquals(path + "/b", in.text());
            assertEquals(reply.zxid(), in.stat().czxid());
            expectHeader(in, Op.CHECK);
            expectHeader(in, Op.SET_DATA);
            assertEquals(1, in.stat().version());
            expectHeader(in, Op.DELETE);
            assertEquals(-1, in.int32());
            assertEquals(true, in.bool());
            assertEquals(-1, in.int32());
            in.expectEnd();
        }
    }

    private static void expectHeader(JuteIn in, int type) {
        assertEquals(type, in.int32());
        assertEquals(false, in.bool());
        assertEquals(0, in.int32());
    }

    @Test
    @Shows(Fact.AN_EMPTY_MULTI_IS_ITS_TERMINATOR)
    void anEmptyMultiIsLegal() throws IOException {
        try (var client = RawClient.newSession(server.port())) {
            Frame reply = client.call(Op.MULTI, Requests.multi(List.of()));
            assertEquals(ErrorCode.OK, reply.err());
            assertEquals("ffffffff01ffffffff", HexFormat.of().formatHex(reply.body()));
        }
    }

    @Test
    @Shows(Fact.READS_AND_WRITES_DO_NOT_MIX)
    void readsAndWritesDoNotMix() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            Frame reply =
                    client.call(
                            Op.MULTI,
                            Requests.multi(
                                    List.of(
                                            create(path + "/a"),
                                            new Part(Op.GET_DATA, Requests.read(path, false)))));
            assertEquals(ErrorCode.MARSHALLING, reply.err());
            assertEquals(0, reply.body().length);
        }
    }

    @Test
    @Shows(Fact.A_MULTI_MAY_MAKE_AND_REMOVE_ONE_PATH)
    void aPartSeesWhatThePartsBeforeItDid() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            Frame reply =
                    client.call(
                            Op.MULTI,
                            Requests.multi(
                                    List.of(
                                            create(path + "/a"),
                                            create(path + "/a/b"),
                                            delete(path + "/a/b"),
                                            delete(path + "/a"),
                                            create(path + "/a"))));
            assertEquals(Op.CREATE, reply.in().int32());
            JuteIn exists = client.call(Op.EXISTS, Requests.read(path, false)).in();
            assertEquals(3, exists.stat().cversion(), "two creations and a deletion");
        }
    }

    @Test
    void theEventsOfAMultiComeInTheOrderOfItsPartsAndBeforeItsReply() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            client.call(Op.CREATE, Requests.create(path + "/b", 0));
            client.call(Op.GET_CHILDREN, Requests.read(path, true));
            client.call(Op.EXISTS, Requests.read(path + "/a", true));
            client.call(Op.GET_DATA, Requests.read(path + "/b", true));

            client.call(
                    Op.MULTI,
                    Requests.multi(
                            List.of(
                                    new Part(
                                            Op.SET_DATA,
                                            Requests.setData(path + "/b", new byte[1], -1)),
                                    create(path + "/a"))));

            assertEquals(
                    List.of(
                            Event.of(Event.DATA_CHANGED, path + "/b"),
                            Event.of(Event.CREATED, path + "/a"),
                            Event.of(Event.CHILDREN_CHANGED, path)),
                    client.takeEvents());
        }
    }

    @Test
    @Shows(Fact.AN_EPHEMERAL_UNDER_WAY_GOES_WITH_ITS_SESSION)
    void anEphemeralOfASessionThatClosesInTheSameBreathIsGone() throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port());
                var other = RawClient.newSession(server.port())) {
            client.send(
                    1,
                    Op.MULTI,
                    Requests.multi(
                                    List.of(
                                            new Part(
                                                    Op.CREATE,
                                                    Requests.create(
                                                            path + "/e",
                                                            new byte[0],
                                                            AclEntry.OPEN,
                                                            Op.EPHEMERAL))))
                            .toBytes());
            client.send(2, Op.CLOSE_SESSION, new byte[0]);
            client.receive();
            client.receive();
            client.expectClosed();
            assertEquals(
                    ErrorCode.NO_NODE,
                    other.call(Op.EXISTS, Requests.read(path + "/e", false)).err());
        }
    }

    private static Part create(String path) {
        return new Part(Op.CREATE, Requests.create(path, 0));
    }

    private static Part delete(String path) {
        return new Part(Op.DELETE, Requests.delete(path, -1));
    }
}
