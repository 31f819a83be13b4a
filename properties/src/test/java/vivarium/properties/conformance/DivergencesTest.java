package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.properties.raw.AclEntry;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Handshake;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.Brand;
import vivarium.properties.servers.DigestScheme;
import vivarium.properties.servers.RunningServer;

/** Where we differ from Apache's server on purpose; these claims are not tried on it. */
class DivergencesTest {

    @RegisterExtension static final RunningServer server = new RunningServer();

    @BeforeEach
    void oursOnly() {
        assumeTrue(Brand.underTest() == Brand.VIVARIUM);
    }

    /** Apache closes the connection of a session before it looks at the password. */
    @Test
    void whoDoesNotKnowThePasswordCannotDisturbASession() throws IOException {
        try (var client = RawClient.dial(server.port());
                var intruder = RawClient.dial(server.port())) {
            Handshake session = client.handshake(ConnectBytes.newSession());
            Handshake answer =
                    intruder.handshake(
                            ConnectBytes.newSession().session(session.sessionId(), new byte[16]));
            assertEquals(0, answer.timeoutMillis());
            intruder.expectClosed();
            assertEquals(ErrorCode.OK, client.ping().err());
        }
    }

    /** deleteContainer and createSession: Apache lets clients ask for what servers ask for. */
    @ParameterizedTest
    @ValueSource(ints = {20, -10})
    void whatOnlyServersMayAskForIsUnknownToClients(int opcode) throws IOException {
        String path = server.freshPath();
        try (var client = RawClient.newSession(server.port())) {
            Frame reply = client.call(opcode, new JuteOut().text(path));
            assertEquals(ErrorCode.UNIMPLEMENTED, reply.err());
            client.expectClosed();
        }
        try (var client = RawClient.newSession(server.port())) {
            assertEquals(ErrorCode.OK, client.call(Op.EXISTS, Requests.read(path, false)).err());
        }
    }

    /**
     * Apache checks what follows a setACL in flight against the old list, if it is quick enough.
     */
    @Test
    void anAclHoldsForWhatIsAskedBehindIt() throws IOException {
        String path = server.freshPath();
        List<AclEntry> alice =
                AclEntry.only(AclEntry.ALL, "digest", DigestScheme.identity("alice:a"));
        try (var client = RawClient.newSession(server.port())) {
            client.send(1, Op.SET_ACL, Requests.setAcl(path, alice, -1).toBytes());
            client.send(2, Op.SET_DATA, Requests.setData(path, new byte[1], -1).toBytes());
            client.send(3, Op.CREATE, Requests.create(path + "/x", 0).toBytes());
            client.send(4, Op.GET_DATA, Requests.read(path, false).toBytes());
            Frame changed = client.receiveFrame();
            assertNotNull(changed);
            assertEquals(ErrorCode.OK, changed.err());
            for (int xid = 2; xid <= 4; xid++) {
                Frame refused = client.receiveFrame();
                assertNotNull(refused);
                assertEquals(xid, refused.xid());
                assertEquals(ErrorCode.NO_AUTH, refused.err());
            }
        }
    }
}
