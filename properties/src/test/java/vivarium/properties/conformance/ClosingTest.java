package vivarium.properties.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.ErrorCode;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.Frame.Event;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.properties.servers.RunningServer;

/** When the server ends a connection or a session, and when it does not. */
class ClosingTest {

    private static final int MAX_BUFFER = 0xfffff;
    private static final int TICK_MILLIS = 100;

    @RegisterExtension static final RunningServer server = new RunningServer();

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 23, 77, 108, -1})
    @Shows(Fact.AN_UNKNOWN_OPERATION_IS_REFUSED_AND_CLOSED)
    void anOperationThatDoesNotExistIsRefusedAndTheConnectionClosed(int opcode) throws IOException {
        try (var client = RawClient.newSession(server.port())) {
            Frame reply = client.call(opcode, Requests.path("/"));
            assertEquals(ErrorCode.UNIMPLEMENTED, reply.err());
            client.expectClosed();
        }
    }

    @Test
    @Shows(Fact.A_CHECK_ALONE_IS_UNKNOWN)
    void aCheckOutsideAMultiIsRefusedAndTheConnectionClosed() throws IOException {
        try (var client = RawClient.newSession(server.port())) {
            Frame reply = client.call(Op.CHECK, Requests.delete("/", -1));
            assertEquals(ErrorCode.UNIMPLEMENTED, reply.err());
            client.expectClosed();
        }
    }

    @Test
    void aRequestThatCannotBeReadIsRefusedAndTheConnectionLives() throws IOException {
        try (var client = RawClient.newSession(server.port())) {
            for (int type : new int[] {Op.GET_DATA, Op.CREATE, Op.SET_DATA, Op.MULTI}) {
                Frame reply = client.call(type, new JuteOut().int32(1000));
                assertEquals(ErrorCode.MARSHALLING, reply.err(), "operation " + type);
            }
            assertEquals(ErrorCode.OK, client.ping().err());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX_BUFFER + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    @Shows(Fact.A_FRAME_THAT_IS_TOO_LONG_CLOSES)
    void aFrameThatIsTooLongIsNotRead(int length) throws IOException {
        try (var client = RawClient.newSession(server.port())) {
            client.sendRaw(ByteBuffer.allocate(8).putInt(length).putInt(1).array());
            client.expectClosed();
        }
    }

    @Test
    void aFrameOfTheGreatestLengthIsRead() throws IOException {
        String path = server.freshPath();
        int overhead = 8 + 4 + path.length() + 4 + 4;
        byte[] data = new byte[MAX_BUFFER - overhead];
        try (var client = RawClient.newSession(server.port())) {
            assertEquals(
                    ErrorCode.OK, client.call(Op.SET_DATA, Requests.setData(path, data, -1)).err());
            assertEquals(
                    data.length,
                    client.call(Op.EXISTS, Requests.read(path, false)).in().stat().dataLength());
        }
    }

    @Test
    @Shows(Fact.A_SESSION_ENDS_NEVER_EARLY_AND_A_TICK_LATE_AT_MOST)
    void aSessionExpiresNotBeforeItsTimeoutAndNotLongAfter() throws IOException {
        String path = server.freshPath();
        int timeoutMillis = 700;
        try (var silent = RawClient.dial(server.port());
                var watcher = RawClient.newSession(server.port())) {
            silent.handshake(ConnectBytes.newSession().timeout(timeoutMillis));
            silent.call(Op.CREATE, Requests.create(path + "/e", Op.EPHEMERAL));
            watcher.call(Op.EXISTS, Requests.read(path + "/e", true));
            // the last word of the session is this one
            long earliest = System.nanoTime();
            silent.ping();
            long latest = System.nanoTime();

            Frame event = watcher.receiveFrame();
            long now = System.nanoTime();
            assertEquals(
                    Event.of(Event.DELETED, path + "/e"), event == null ? null : event.event());
            long atMost = TimeUnit.NANOSECONDS.toMillis(now - earliest);
            long atLeast = TimeUnit.NANOSECONDS.toMillis(now - latest);
            assertTrue(atMost >= timeoutMillis, "too early: " + atMost + " ms");
            int slackOfABusyMachineMillis = 500;
            assertTrue(
                    atLeast <= timeoutMillis + 2 * TICK_MILLIS + slackOfABusyMachineMillis,
                    "too late: " + atLeast + " ms");
            silent.expectClosed();
        }
    }

    @Test
    void pingsKeepASessionAlive() throws IOException {
        int timeoutMillis = 400;
        try (var client = RawClient.dial(server.port());
                var clock = RawClient.newSession(server.port())) {
            client.handshake(ConnectBytes.newSession().timeout(timeoutMillis));
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(1200)) {
                assertEquals(ErrorCode.OK, client.ping().err());
                clock.ping();
            }
        }
    }

    @Test
    void aConnectionThatIsLostDoesNotEndItsSession() throws IOException {
        String path = server.freshPath();
        try (var other = RawClient.newSession(server.port())) {
            try (var client = RawClient.newSession(server.port())) {
                client.call(Op.CREATE, Requests.create(path + "/e", Op.EPHEMERAL));
            }
            assertEquals(
                    ErrorCode.OK, other.call(Op.EXISTS, Requests.read(path + "/e", false)).err());
        }
    }
}
