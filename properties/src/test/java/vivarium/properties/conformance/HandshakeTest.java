package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Handshake;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.RunningServer;

/** How a client and the server meet, and what a session is. */
class HandshakeTest {

    private static final long PASSWORD_SALT = 0xB3415C00L;

    @RegisterExtension static final RunningServer server = new RunningServer();

    @Test
    @Shows({
        Fact.CONNECT_REQUESTS_ARE_OF_44_OR_45_BYTES,
        Fact.CONNECT_RESPONSES_ARE_OF_36_OR_37_BYTES
    })
    void aRequestOf45BytesIsAnsweredBy37() throws Exception {
        byte[] request = ConnectBytes.newSession().toBytes();
        assertEquals(45, request.length);
        try (var client = RawClient.dial(server.port())) {
            Handshake answer = client.handshake(ConnectBytes.newSession());
            assertEquals(37, answer.frameBytes());
            assertEquals(0, answer.protocolVersion());
        }
    }

    @Test
    @Shows({
        Fact.CONNECT_REQUESTS_ARE_OF_44_OR_45_BYTES,
        Fact.CONNECT_RESPONSES_ARE_OF_36_OR_37_BYTES
    })
    void aRequestOf44BytesWithoutTheReadOnlyByteIsAnsweredBy36() throws Exception {
        ConnectBytes request = ConnectBytes.newSession().shortForm();
        assertEquals(44, request.toBytes().length);
        try (var client = RawClient.dial(server.port())) {
            assertEquals(36, client.handshake(request).frameBytes());
            assertEquals(ErrorCode.OK, client.ping().err());
        }
    }

    @Test
    void thePasswordFollowsFromTheSessionId() throws Exception {
        try (var client = RawClient.dial(server.port())) {
            Handshake answer = client.handshake(ConnectBytes.newSession());
            byte[] expected = new byte[ConnectBytes.PASSWORD_BYTES];
            new Random(answer.sessionId() ^ PASSWORD_SALT).nextBytes(expected);
            assertArrayEquals(expected, answer.password());
            assertEquals(1, answer.sessionId() >>> 56, "the top byte names the server");
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 200", "-1, 200", "0, 200", "5000, 5000", "60001, 60000", "2147483647, 60000"})
    void theTimeoutIsHeldBetweenTheBounds(int asked, int granted) throws Exception {
        try (var client = RawClient.dial(server.port())) {
            Handshake answer = client.handshake(ConnectBytes.newSession().timeout(asked));
            assertEquals(granted, answer.timeoutMillis());
        }
    }

    @Test
    @Shows(Fact.A_WRONG_PASSWORD_IS_ANSWERED_BY_ZEROES)
    void aWrongPasswordIsAnsweredByZeroesAndAClose() throws Exception {
        Handshake session;
        try (var client = RawClient.dial(server.port())) {
            session = client.handshake(ConnectBytes.newSession());
        }
        byte[] wrong = session.password().clone();
        wrong[0]++;
        expectRefusal(ConnectBytes.newSession().session(session.sessionId(), wrong));
        expectRefusal(ConnectBytes.newSession().session(session.sessionId(), new byte[0]));
        expectRefusal(ConnectBytes.newSession().session(session.sessionId() + 1000, wrong));
    }

    @Test
    void theRefusalHasAsManyBytesAsTheFormOfTheRequestWants() throws Exception {
        try (var client = RawClient.dial(server.port())) {
            ConnectBytes request = ConnectBytes.newSession().session(77, new byte[16]).shortForm();
            assertEquals(36, client.handshake(request).frameBytes());
            client.expectClosed();
        }
    }

    private static void expectRefusal(ConnectBytes request) throws Exception {
        try (var client = RawClient.dial(server.port())) {
            client.send(request.toBytes());
            byte[] answer = client.receive();
            assertNotNull(answer);
            assertEquals(
                    "0000000000000000" + "0000000000000000" + "00000010" + "00".repeat(17),
                    HexFormat.of().formatHex(answer));
            client.expectClosed();
        }
    }

    @Test
    @Shows(Fact.WHO_HAS_SEEN_MORE_IS_CLOSED_IN_SILENCE)
    void aClientThatHasSeenTheFutureIsClosedWithoutAWord() throws Exception {
        try (var client = RawClient.dial(server.port())) {
            long zxid;
            try (var other = RawClient.newSession(server.port())) {
                zxid = other.ping().zxid();
            }
            client.send(ConnectBytes.newSession().lastZxidSeen(zxid + 1000).toBytes());
            client.expectClosed();
        }
    }

    @Test
    @Shows(Fact.A_SESSION_THAT_MOVES_CLOSES_ITS_FORMER_CONNECTION)
    void aReturningSessionIsTakenFromItsFormerConnection() throws Exception {
        String path = server.freshPath();
        try (var former = RawClient.dial(server.port());
                var latter = RawClient.dial(server.port())) {
            Handshake session = former.handshake(ConnectBytes.newSession());
            former.call(Op.CREATE, Requests.create(path + "/e", Op.EPHEMERAL));

            Handshake again =
                    latter.handshake(
                            ConnectBytes.newSession()
                                    .session(session.sessionId(), session.password()));

            assertEquals(session.sessionId(), again.sessionId());
            assertArrayEquals(session.password(), again.password());
            former.expectClosed();
            Frame owned = latter.call(Op.EXISTS, Requests.read(path + "/e", false));
            assertEquals(session.sessionId(), owned.in().stat().ephemeralOwner());
        }
    }

    @Test
    void requestsMayBeSentBehindTheConnectRequestWithoutWaiting() throws Exception {
        String path = server.freshPath();
        byte[] connect = ConnectBytes.newSession().toBytes();
        byte[] create =
                new JuteOut()
                        .int32(1)
                        .int32(Op.CREATE)
                        .raw(Requests.create(path + "/x", 0).toBytes())
                        .toBytes();
        try (var client = RawClient.dial(server.port())) {
            client.sendRaw(
                    ByteBuffer.allocate(8 + connect.length + create.length)
                            .putInt(connect.length)
                            .put(connect)
                            .putInt(create.length)
                            .put(create)
                            .array());
            assertNotNull(client.receive());
            Frame reply = client.receiveFrame();
            assertNotNull(reply);
            assertEquals(1, reply.xid());
            assertEquals(path + "/x", reply.in().text());
        }
    }

    @Test
    void aClosedSessionIsAnsweredThenGoneWithItsEphemerals() throws Exception {
        String path = server.freshPath();
        try (var client = RawClient.dial(server.port());
                var other = RawClient.newSession(server.port())) {
            Handshake session = client.handshake(ConnectBytes.newSession());
            client.call(Op.CREATE, Requests.create(path + "/e1", Op.EPHEMERAL));
            client.call(Op.CREATE, Requests.create(path + "/e2", Op.EPHEMERAL));
            long before = other.ping().zxid();

            Frame closed = client.call(Op.CLOSE_SESSION, new JuteOut());
            assertEquals(ErrorCode.OK, closed.err());
            assertEquals(before + 1, closed.zxid(), "one transaction for all of it");
            client.expectClosed();

            Frame children = other.call(Op.GET_CHILDREN2, Requests.read(path, false));
            assertEquals(0, children.in().texts().size());
            expectRefusal(
                    ConnectBytes.newSession().session(session.sessionId(), session.password()));
        }
    }

    @Test
    void whatWasAuthenticatedOnOneConnectionIsNotSoOnTheNext() throws Exception {
        String path = server.freshPath();
        byte[] alice = {'a', ':', 'b'};
        try (var former = RawClient.dial(server.port());
                var latter = RawClient.dial(server.port())) {
            Handshake session = former.handshake(ConnectBytes.newSession());
            former.callAs(Op.AUTH_XID, Op.AUTH, Requests.auth("digest", alice));
            former.call(
                    Op.CREATE,
                    Requests.create(
                            path + "/mine",
                            new byte[0],
                            AclEntry.only(AclEntry.ALL, "auth", ""),
                            0));
            latter.handshake(
                    ConnectBytes.newSession().session(session.sessionId(), session.password()));
            Frame read = latter.call(Op.GET_DATA, Requests.read(path + "/mine", false));
            assertEquals(ErrorCode.NO_AUTH, read.err());
            assertNotEquals(0, read.zxid());
        }
    }
}
