package vivarium.properties.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import vivarium.net.Admission;
import vivarium.net.AdmissionSettings;
import vivarium.properties.conformance.Fact;
import vivarium.properties.conformance.Shows;
import vivarium.properties.raw.ConnectBytes;
import vivarium.properties.raw.Frame;
import vivarium.properties.raw.JuteOut;
import vivarium.properties.raw.Op;
import vivarium.properties.raw.RawClient;
import vivarium.properties.raw.Requests;
import vivarium.server.Config;
import vivarium.server.ConfigException;
import vivarium.server.EmbeddedServer;

/** How a server keeps more from coming in than it can do, and strangers from asking. */
class ThrottlingTest extends OwnServers {
    private static final int THROTTLED = -127;
    private static final int REQUIRES_AUTH = -124;

    private static void frame(JuteOut out, byte[] bytes) {
        out.int32(bytes.length).raw(bytes);
    }

    private static byte[] request(int xid, int opcode, JuteOut body) {
        return new JuteOut().int32(xid).int32(opcode).raw(body.toBytes()).toBytes();
    }

    /** Sends {@code count} writes in one piece; the errors of their replies, in order. */
    private static int[] writes(RawClient client, int count) throws IOException {
        var all = new JuteOut();
        for (int xid = 1; xid <= count; xid++) {
            frame(all, request(xid, Op.SET_DATA, Requests.setData("/", new byte[64], -1)));
        }
        client.sendRaw(all.toBytes());
        int[] errors = new int[count];
        for (int xid = 1; xid <= count; xid++) {
            Frame reply = client.receiveFrame();
            assertNotNull(reply);
            assertEquals(xid, reply.xid());
            errors[xid - 1] = reply.err();
        }
        return errors;
    }

    @Test
    void moreRequestsThanTheThrottleAllowsWaitAndAreAllAnsweredInOrder() throws Exception {
        EmbeddedServer server = start("requestThrottleLimit", "2");
        RawClient one = session(server);
        RawClient other = session(server);
        for (int error : writes(one, 500)) {
            assertEquals(0, error);
        }
        for (int error : writes(other, 500)) {
            assertEquals(0, error);
        }
        assertFalse(measure(server, "request_throttle_wait_count").matches("0|none"));
    }

    @Test
    void requestsThatHaveWaitedTooLongAreAnsweredByAnErrorInTheirTurn() throws Exception {
        EmbeddedServer server =
                start("request_throttle_max_requests", "1", "throttled_op_wait_time", "1");
        RawClient client = session(server);
        int[] errors = writes(client, 3_000);
        int throttled = 0;
        for (int error : errors) {
            assertTrue(error == 0 || error == THROTTLED, () -> "" + error);
            throttled += error == THROTTLED ? 1 : 0;
        }
        assertTrue(throttled > 0);
        assertEquals(0, errors[0], "the first one did not wait");
        assertEquals("" + throttled, measure(server, "throttled_ops"));
        assertEquals(0, client.ping().err());
    }

    @Test
    void moreBytesOfLargeRequestsThanAllowedCloseTheConnectionThatSentThem() throws Exception {
        EmbeddedServer server =
                start("largeRequestThreshold", "1000", "largeRequestMaxBytes", "100000");
        RawClient modest = session(server);
        RawClient greedy = session(server);
        assertEquals(0, modest.call(Op.CREATE, Requests.create("/n", 0)).err());
        var large = Requests.setData("/n", new byte[90_000], -1);
        assertEquals(0, modest.call(Op.SET_DATA, large).err());
        assertEquals(0, modest.call(Op.SET_DATA, large).err(), "it is answered, so there is room");
        greedy.sendRaw(new byte[] {0, 2, 0, 0}); // 131,072 bytes are announced
        greedy.expectClosed();
        assertEquals(0, modest.ping().err());
        assertEquals("1", measure(server, "large_requests_rejected"));
    }

    @Test
    void clientsThatConnectFasterThanTokensComeBackAreClosed() throws Exception {
        EmbeddedServer server =
                start(
                        "connection_throttle_tokens", "3",
                        "connection_throttle_fill_time", "3600000");
        for (int i = 0; i < 3; i++) {
            session(server);
        }
        RawClient fourth = closing(RawClient.dial(server.port()));
        fourth.send(ConnectBytes.newSession().toBytes());
        fourth.expectClosed();
        assertEquals("1", measure(server, "connection_drop_count"));
        assertEquals("4", measure(server, "connection_request_count"));
    }

    private static AdmissionSettings tokens(int tokens, boolean weighted) {
        return new AdmissionSettings(tokens, 10, 1, -1, 0, 0, 0, weighted, 3, 2);
    }

    @Test
    void tokensComeBackWithTime() {
        Admission admission = new Admission(tokens(2, false), new SplittableRandom(1), 0);
        assertTrue(admission.admits(0, true));
        assertTrue(admission.admits(0, true));
        assertFalse(admission.admits(9, true));
        assertTrue(admission.admits(10, true));
        assertFalse(admission.admits(11, true));
        assertTrue(admission.admits(1_000, true));
        assertTrue(admission.admits(1_000, true));
        assertFalse(admission.admits(1_000, true), "there are never more than the bucket holds");
    }

    @Test
    void aNewSessionWeighsMoreThanOneThatGoesOn() {
        Admission admission = new Admission(tokens(5, true), new SplittableRandom(1), 0);
        assertTrue(admission.admits(0, true));
        assertFalse(admission.admits(0, true));
        assertTrue(admission.admits(0, false));
        assertFalse(admission.admits(0, false));
    }

    @Test
    void anEmptyBucketMakesRefusalsMoreLikelyAndAFullOneLess() {
        var settings = new AdmissionSettings(1, 1_000_000, 1, 10, 0.5, 0.25, 0.0, false, 3, 2);
        Admission admission = new Admission(settings, new SplittableRandom(1), 0);
        assertTrue(admission.admits(0, true));
        admission.admits(11, true);
        assertEquals(0.5, admission.dropProbability());
        admission.admits(22, true);
        admission.admits(33, true);
        assertEquals(1.0, admission.dropProbability());
        admission.admits(2_000_000, true);
        assertEquals(0.75, admission.dropProbability());
    }

    @Test
    @Shows(Fact.WHO_HAS_TO_PROVE_WHO_IT_IS_IS_TOLD_SO)
    void whoHasNotProvenWhoItIsMayAskNothingWhereThatIsDemanded() throws Exception {
        EmbeddedServer server =
                start("enforce.auth.enabled", "true", "enforce.auth.schemes", "digest");
        RawClient stranger = session(server);
        assertEquals(REQUIRES_AUTH, stranger.call(Op.EXISTS, Requests.read("/", false)).err());
        stranger.expectClosed();
        RawClient known = session(server);
        byte[] proof = "user:password".getBytes(StandardCharsets.UTF_8);
        assertEquals(0, known.callAs(Op.AUTH_XID, Op.AUTH, Requests.auth("digest", proof)).err());
        assertEquals(0, known.call(Op.EXISTS, Requests.read("/", false)).err());
    }

    @Test
    void aSchemeThatNobodyCouldProveIsRefusedAtTheStart() {
        var values =
                Map.of(
                        "dataDir", "x",
                        "enforce.auth.enabled", "true",
                        "enforce.auth.schemes", "sasl");
        var failure = assertThrows(ConfigException.class, () -> Config.of(values));
        assertTrue(String.valueOf(failure.getMessage()).contains("digest"));
    }
}
