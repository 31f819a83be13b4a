package vivarium.properties.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.watch.WatchEvent;
import vivarium.properties.conformance.Fact;
import vivarium.properties.conformance.Shows;
import vivarium.wire.ClientCodec;
import vivarium.wire.ClientFrame;
import vivarium.wire.ConnectRequest;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.SessionPassword;
import vivarium.wire.TxnCodec;

/** Bytes that were seen on a running Apache server's wire and disk. */
class GoldenBytesTest {
    private static final String WORLD =
            "00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65";

    private final ClientCodec codec = new ClientCodec(1 << 20);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private ClientFrame frame(String text) throws MalformedException {
        byte[] bytes = hex(text);
        return codec.frame(bytes, 0, bytes.length);
    }

    private Operation operation(String text) throws MalformedException {
        ClientFrame frame = frame(text);
        return frame instanceof ClientFrame.Request request ? request.operation() : fail(frame);
    }

    private static Operation fail(ClientFrame frame) {
        throw new AssertionError(frame);
    }

    @Test
    @Shows(Fact.BYTES_OF_A_CONNECT_REQUEST)
    void theFirstFrameOfAClientIsRead() throws MalformedException {
        String old =
                "00000000 0000000000000000 00007530 0000000000000000 00000010" + "00".repeat(16);
        Bytes password = Bytes.wrap(new byte[16]);
        byte[] with = hex(old + "00");
        assertEquals(
                new ConnectRequest(0, 0, 30_000, 0, password, true, false),
                codec.connectRequest(with, 0, with.length));
        byte[] without = hex(old);
        assertEquals(
                new ConnectRequest(0, 0, 30_000, 0, password, false, false),
                codec.connectRequest(without, 0, without.length));
    }

    @Test
    @Shows(Fact.BYTES_OF_REQUESTS)
    void requestsAreRead() throws MalformedException {
        assertEquals(
                new ClientFrame.Request(1, new Operation.GetData(Path.of("/a"), true)),
                frame("00000001 00000004 00000002 2f61 01"));
        assertEquals(
                new ClientFrame.Request(
                        2,
                        new Operation.Create(
                                CreateKind.CREATE,
                                Path.of("/a"),
                                Bytes.utf8("x"),
                                List.of(new Acl(31, "world", "anyone")),
                                0,
                                -1)),
                frame("00000002 00000001 00000002 2f61 00000001 78" + WORLD + "00000000"));
        assertEquals(new ClientFrame.Request(-2, new Operation.Ping()), frame("fffffffe 0000000b"));
        assertEquals(
                new ClientFrame.Request(3, new Operation.CloseSession()),
                frame("00000003 fffffff5"));
    }

    @Test
    @Shows(Fact.BYTES_OF_A_PING)
    void aPingIsAnsweredByAHeader() {
        JuteWriter out = new JuteWriter(16);
        ClientCodec.reply(out, -2, 0x77, Outcome.Done.DONE);
        assertArrayEquals(hex("00000010 fffffffe 0000000000000077 00000000"), out.toArray());
    }

    @Test
    @Shows(Fact.BYTES_OF_A_NOTIFICATION)
    void aNotificationIsWritten() {
        JuteWriter out = new JuteWriter(16);
        ClientCodec.notification(out, new WatchEvent(WatchEvent.Type.CREATED, Path.of("/a"), 5));
        assertArrayEquals(
                hex("0000001e ffffffff 0000000000000005 00000000 00000001 00000003 00000002 2f61"),
                out.toArray());
    }

    @Test
    @Shows(Fact.BYTES_OF_A_FAILED_MULTI)
    void aMultiThatFailedHasNoErrorInItsHeader() {
        JuteWriter out = new JuteWriter(16);
        ClientCodec.reply(
                out,
                1,
                9,
                new Outcome.MultiOutcome(
                        List.of(
                                new Outcome.Failed(ErrorCode.OK),
                                new Outcome.Failed(ErrorCode.NO_NODE),
                                new Outcome.Failed(ErrorCode.RUNTIME_INCONSISTENCY))));
        assertArrayEquals(
                hex(
                        "00000001 0000000000000009 00000000"
                                + "ffffffff 00 00000000 00000000"
                                + "ffffffff 00 ffffff9b ffffff9b"
                                + "ffffffff 00 fffffffe fffffffe"
                                + "ffffffff 01 ffffffff"),
                Jute.body(out));
    }

    @Test
    @Shows(Fact.BYTES_OF_THE_END_OF_A_MULTI)
    void anEmptyMultiIsOneHeader() throws MalformedException {
        assertEquals(
                new Operation.Multi(List.of()), operation("00000001 0000000e ffffffff01ffffffff"));
        JuteWriter out = new JuteWriter(16);
        ClientCodec.reply(out, 1, 9, new Outcome.MultiOutcome(List.of()));
        assertArrayEquals(
                hex("00000001 0000000000000009 00000000 ffffffff01ffffffff"), Jute.body(out));
    }

    @Test
    void whatApacheMakesOfModesInAMulti() throws MalformedException {
        assertEquals(CreateKind.CREATE, kindInMulti(1, 0));
        assertEquals(CreateKind.CONTAINER, kindInMulti(1, 4));
        assertEquals(CreateKind.CREATE2, kindInMulti(15, 1));
        assertEquals(CreateKind.CONTAINER, kindInMulti(15, 4));
        assertEquals(CreateKind.CONTAINER, kindInMulti(19, 0));
        assertEquals(CreateKind.TTL, kindInMulti(21, 5));
        assertEquals(CreateKind.CREATE, kindInMulti(21, 0));
        for (int flags : new int[] {-1, 5, 6, 7, 9}) {
            assertEquals(new Operation.MalformedWrite(14), operation(createInMulti(1, flags)));
        }
    }

    private static String createInMulti(int type, int flags) {
        String ttl = type == 21 ? "00000000000003e8" : "";
        return String.format(
                "00000001 0000000e %08x 00 ffffffff 00000002 2f61 ffffffff %s %08x %s"
                        + " ffffffff 01 ffffffff",
                type, WORLD, flags, ttl);
    }

    private CreateKind kindInMulti(int type, int flags) throws MalformedException {
        Operation operation = operation(createInMulti(type, flags));
        if (operation instanceof Operation.Multi multi
                && multi.parts().getFirst() instanceof Operation.Create create) {
            return create.kind();
        }
        throw new AssertionError(operation);
    }

    @Test
    void whatApacheRefusesToReadIsMalformed() throws MalformedException {
        // A part that reads, a multi in a multi, no end, nothing.
        Operation multi = new Operation.MalformedWrite(14);
        assertEquals(
                multi,
                operation(
                        "00000001 0000000e 00000003 00 ffffffff 00000001 2f 00"
                                + " ffffffff01ffffffff"));
        assertEquals(
                multi,
                operation(
                        "00000001 0000000e 0000000e 00 ffffffff ffffffff01ffffffff"
                                + " ffffffff01ffffffff"));
        assertEquals(
                multi, operation("00000001 0000000e 00000002 00 ffffffff 00000001 2f ffffffff"));
        assertEquals(multi, operation("00000001 0000000e"));
        assertEquals(
                new Operation.MalformedRead(22),
                operation(
                        "00000001 00000016 00000002 00 ffffffff 00000001 2f ffffffff"
                                + " ffffffff01ffffffff"));
        assertEquals(new Operation.MalformedRead(9), operation("00000001 00000009"));
        assertEquals(
                new Operation.MalformedRead(106),
                operation("00000001 0000006a 00000001 2f 00000007"));
        assertEquals(
                new Operation.MalformedRead(17),
                operation("00000001 00000011 00000001 2f 00000009"));
        assertEquals(
                new Operation.MalformedRead(101),
                operation("fffffff8 00000065 0000000000000000 ffffffff ffffffff ffffffff"));
        assertEquals(
                new Operation.MalformedRead(2), operation("00000001 00000002 fffffffe ffffffff"));
    }

    @Test
    void aWriteWithoutAPathTakesAZxidAndOneWithHalfABodyDoesNot() throws MalformedException {
        assertEquals(
                new Operation.MalformedWrite(2), operation("00000001 00000002 ffffffff ffffffff"));
        assertEquals(new Operation.MalformedRead(2), operation("00000001 00000002 00000001 2f"));
    }

    @Test
    void whatOnlyServersMayAskForIsUnknown() throws MalformedException {
        for (int opcode : new int[] {0, 10, 13, 20, -1, -10, 77}) {
            assertEquals(
                    new Operation.Unknown(opcode),
                    operation(String.format("00000001 %08x 00000001 2f ffffffff", opcode)));
        }
    }

    @Test
    void aFrameWithoutAWholeHeaderIsNone() {
        assertThrows(MalformedException.class, () -> frame("00000001"));
        assertThrows(MalformedException.class, () -> frame(""));
        assertThrows(MalformedException.class, () -> frame("fffffffc 00000064 00000000"));
    }

    @Test
    void textBeyondTheFirstPlaneComesBackAsApacheWritesIt() throws MalformedException {
        Operation sync = operation("00000001 00000009 00000005 2f f09f9880");
        JuteWriter out = new JuteWriter(16);
        ClientCodec.reply(out, 1, 0, new Outcome.Synced(((Operation.Sync) sync).path()));
        assertArrayEquals(
                hex("00000001 0000000000000000 00000000 00000007 2f eda0bdedb880"), Jute.body(out));
        Operation again = operation("00000001 00000009 00000007 2f eda0bdedb880");
        out.reset();
        ClientCodec.reply(out, 1, 0, new Outcome.Synced(((Operation.Sync) again).path()));
        assertArrayEquals(
                hex("00000001 0000000000000000 00000000 00000007 2f efbfbdefbfbd"), Jute.body(out));
    }

    @Test
    @Shows(Fact.PASSWORDS_OF_SESSION_IDS)
    void passwordsAreThoseThatApachesServersDerive() {
        assertEquals("054cc74a37327db215e702e20c73f005", password(1));
        assertEquals("054cc74a37327db215e702e20c73f005", password(0x0100_0000_0000_0001L));
        assertEquals("2749eeee2861b7dfdd193febb1d978ee", password(0x1000_015e_2a3b_0000L));
        assertTrue(SessionPassword.matches(1, SessionPassword.of(1)));
        assertFalse(SessionPassword.matches(2, SessionPassword.of(1)));
        assertFalse(SessionPassword.matches(0, SessionPassword.of(0)));
        assertFalse(SessionPassword.matches(1, null));
        assertFalse(SessionPassword.matches(1, Bytes.EMPTY));
    }

    private static String password(long id) {
        return HexFormat.of().formatHex(SessionPassword.of(id).toArray());
    }

    @Test
    @Shows(Fact.CHECKSUM_OF_A_CREATE_SESSION)
    void aCreateSessionHasTheChecksumThatApacheWrites() {
        JuteWriter out = new JuteWriter(16);
        TxnCodec.write(
                out,
                new Proposal(
                        0x1_0000_0001L,
                        0x0100_0000_0000_0001L,
                        0,
                        0,
                        new Txn.CreateSession(30_000),
                        false,
                        0));
        assertEquals(36, out.length());
        Adler32 adler = new Adler32();
        adler.update(out.array(), 0, out.length());
        assertEquals(0x1b5e_049dL, adler.getValue());
    }
}
