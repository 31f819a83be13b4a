package vivarium.properties.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.ExistsResponse;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetAllChildrenNumberResponse;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.GetEphemeralsResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.SetSASLResponse;
import org.apache.zookeeper.proto.SyncResponse;
import org.apache.zookeeper.proto.WatcherEvent;
import org.apache.zookeeper.proto.WhoAmIResponse;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.tree.Identity;
import vivarium.core.tree.Path;
import vivarium.core.txn.ErrorCode;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.wire.ClientCodec;
import vivarium.wire.JuteWriter;
import vivarium.wire.SessionPassword;

class RepliesTest {
    @Provide
    Arbitrary<Dice> dice() {
        return Dice.all();
    }

    private static Stat stat(Dice dice) {
        return new Stat(
                dice.int64(),
                dice.int64(),
                dice.int64(),
                dice.int64(),
                dice.int32(),
                dice.int32(),
                dice.int32(),
                dice.int64(),
                dice.int32(),
                dice.int32(),
                dice.int64());
    }

    private static vivarium.core.tree.Stat ours(Stat stat) {
        return new vivarium.core.tree.Stat(
                stat.getCzxid(),
                stat.getMzxid(),
                stat.getCtime(),
                stat.getMtime(),
                stat.getVersion(),
                stat.getCversion(),
                stat.getAversion(),
                stat.getEphemeralOwner(),
                stat.getDataLength(),
                stat.getNumChildren(),
                stat.getPzxid());
    }

    /** What we write is byte for byte what Apache's records write. */
    private static void assertWrittenAs(Outcome outcome, Record... body) {
        JuteWriter out = new JuteWriter(16);
        int length = ClientCodec.reply(out, 17, 0x1_0000_0002L, outcome);
        Record[] all = new Record[body.length + 1];
        all[0] = new ReplyHeader(17, 0x1_0000_0002L, 0);
        System.arraycopy(body, 0, all, 1, body.length);
        byte[] expected = Jute.bytes(all);
        assertEquals(expected.length, length);
        assertEquals(expected.length, ByteBuffer.wrap(out.array()).getInt());
        assertArrayEquals(expected, Jute.body(out));
    }

    @Property
    void repliesAreWrittenAsApacheWritesThem(@ForAll("dice") Dice dice) {
        Stat stat = stat(dice);
        String path = dice.path();
        Path written = Path.of(path);
        // An ill-formed string has no UTF-8 of its own: what Path made of it is what counts.
        String text = written.toString();
        assertWrittenAs(Outcome.Done.DONE);
        assertWrittenAs(
                new Outcome.Created(CreateKind.CREATE, written, ours(stat)),
                new CreateResponse(text));
        for (CreateKind kind :
                new CreateKind[] {CreateKind.CREATE2, CreateKind.CONTAINER, CreateKind.TTL}) {
            assertWrittenAs(
                    new Outcome.Created(kind, written, ours(stat)),
                    new Create2Response(text, stat));
        }
        assertWrittenAs(new Outcome.StatOf(ours(stat)), new ExistsResponse(stat));
        byte[] data = dice.bytesOrNull();
        assertWrittenAs(
                new Outcome.Data(Jute.bytesOrNull(data), ours(stat)),
                new GetDataResponse(data, stat));
        var acl = dice.acl();
        assertWrittenAs(
                new Outcome.AclOf(Jute.acl(acl), ours(stat)), new GetACLResponse(acl, stat));
        assertWrittenAs(new Outcome.Synced(written), new SyncResponse(text));
        assertWrittenAs(
                new Outcome.Count(stat.getVersion()),
                new GetAllChildrenNumberResponse(stat.getVersion()));
        assertWrittenAs(new Outcome.WatchAdded(), new ErrorResponse(0));
    }

    @Property
    void listsAreWrittenAsApacheWritesThem(@ForAll("dice") Dice dice) {
        Stat stat = stat(dice);
        List<String> names = dice.several(() -> "n" + dice.below(1000) + "ä");
        List<Bytes> ours = new ArrayList<>();
        List<Path> paths = new ArrayList<>();
        for (String name : names) {
            ours.add(Bytes.utf8(name));
            paths.add(Path.of(name));
        }
        assertWrittenAs(new Outcome.Children(ours, null), new GetChildrenResponse(names));
        assertWrittenAs(
                new Outcome.Children(ours, ours(stat)), new GetChildren2Response(names, stat));
        assertWrittenAs(new Outcome.Ephemerals(paths), new GetEphemeralsResponse(names));
        List<ClientInfo> infos = dice.several(() -> new ClientInfo(dice.text(), dice.text()));
        List<Identity> identities = new ArrayList<>();
        for (ClientInfo info : infos) {
            identities.add(new Identity(info.getAuthScheme(), info.getUser()));
        }
        assertWrittenAs(new Outcome.Who(identities), new WhoAmIResponse(infos));
    }

    @Property
    void anErrorIsAHeaderAndNothingElse(@ForAll ErrorCode error, @ForAll int xid) {
        JuteWriter out = new JuteWriter(16);
        ClientCodec.reply(out, xid, 5, new Outcome.Failed(error));
        assertArrayEquals(Jute.bytes(new ReplyHeader(xid, 5, error.code())), Jute.body(out));
        out.reset();
        ClientCodec.reply(out, xid, 0, error);
        assertArrayEquals(Jute.bytes(new ReplyHeader(xid, 0, error.code())), Jute.body(out));
    }

    /** Nothing of what was written before there was no more room goes out with the error. */
    @Test
    void aReplyThatIsTooLongIsAnErrorAndNothingElse() {
        vivarium.core.tree.Stat none = ours(new Stat());
        Outcome lengthy = new Outcome.Data(Bytes.wrap(new byte[900]), none);
        Outcome several =
                new Outcome.MultiOutcome(
                        List.of(new Outcome.StatOf(none), new Outcome.StatOf(none), lengthy));
        for (Outcome outcome : List.of(lengthy, several)) {
            JuteWriter out = new JuteWriter(16, 900);
            ClientCodec.reply(out, 3, 5, ErrorCode.NO_NODE);
            int before = out.length();
            int length = ClientCodec.reply(out, 17, 9, outcome);
            byte[] expected =
                    Jute.bytes(new ReplyHeader(17, 9, ErrorCode.MARSHALLING_ERROR.code()));
            assertEquals(expected.length, length);
            byte[] written = out.toArray();
            assertEquals(expected.length, ByteBuffer.wrap(written).getInt(before));
            assertArrayEquals(expected, Arrays.copyOfRange(written, before + 4, written.length));
        }
    }

    @Property
    void aMultisResultsAreWrittenAsApacheWritesThem(@ForAll("dice") Dice dice) {
        MultiResponse response = new MultiResponse();
        List<Outcome> parts = new ArrayList<>();
        for (int i = dice.below(8); i > 0; i--) {
            addResult(dice, response, parts);
        }
        assertWrittenAs(new Outcome.MultiOutcome(parts), response);
    }

    private static void addResult(Dice dice, MultiResponse response, List<Outcome> parts) {
        Stat stat = stat(dice);
        Path path = Path.of(dice.path());
        switch (dice.below(8)) {
            case 0 -> {
                response.add(new OpResult.CreateResult(path.toString()));
                parts.add(new Outcome.Created(CreateKind.CREATE, path, ours(stat)));
            }
            case 1 -> {
                response.add(new OpResult.CreateResult(path.toString(), stat));
                parts.add(new Outcome.Created(CreateKind.CONTAINER, path, ours(stat)));
            }
            case 2 -> {
                response.add(new OpResult.DeleteResult());
                parts.add(Outcome.Done.DONE);
            }
            case 3 -> {
                response.add(new OpResult.CheckResult());
                parts.add(Outcome.Checked.CHECKED);
            }
            case 4 -> {
                response.add(new OpResult.SetDataResult(stat));
                parts.add(new Outcome.StatOf(ours(stat)));
            }
            case 5 -> {
                byte[] data = dice.bytesOrNull();
                response.add(new OpResult.GetDataResult(data, stat));
                parts.add(new Outcome.Data(Jute.bytesOrNull(data), ours(stat)));
            }
            case 6 -> {
                List<String> names = dice.several(() -> "n" + dice.below(9));
                response.add(new OpResult.GetChildrenResult(names));
                parts.add(new Outcome.Children(names.stream().map(Bytes::utf8).toList(), null));
            }
            default -> {
                ErrorCode[] codes = ErrorCode.values();
                ErrorCode error = codes[dice.below(codes.length)];
                response.add(new OpResult.ErrorResult(error.code()));
                parts.add(new Outcome.Failed(error));
            }
        }
    }

    @Property
    void notificationsAreWrittenAsApacheWritesThem(
            @ForAll("dice") Dice dice, @ForAll WatchEvent.Type type) {
        Path path = Path.of(dice.path());
        long zxid = dice.int64();
        JuteWriter out = new JuteWriter(16);
        ClientCodec.notification(out, new WatchEvent(type, path, zxid));
        assertArrayEquals(
                Jute.bytes(
                        new ReplyHeader(-1, zxid, 0),
                        new WatcherEvent(type.code(), 3, path.toString())),
                Jute.body(out));
    }

    @Property
    void aWelcomeIsWrittenAsApacheWritesIt(@ForAll("dice") Dice dice) {
        long session = dice.int64();
        int timeout = dice.int32();
        boolean readOnly = dice.flag();
        byte[] expected =
                Jute.bytes(
                        new ConnectResponse(
                                0,
                                timeout,
                                session,
                                SessionPassword.of(session).toArray(),
                                readOnly));
        JuteWriter out = new JuteWriter(16);
        ClientCodec.welcome(out, session, timeout, true, readOnly);
        assertArrayEquals(expected, Jute.body(out));
        out.reset();
        ClientCodec.welcome(out, session, timeout, false, readOnly);
        assertArrayEquals(Arrays.copyOf(expected, expected.length - 1), Jute.body(out));
        out.reset();
        ClientCodec.reject(out, true);
        assertArrayEquals(
                Jute.bytes(new ConnectResponse(0, 0, 0, new byte[16], false)), Jute.body(out));
    }

    @Property
    void aSaslTokenIsWrittenAsApacheWritesIt(@ForAll("dice") Dice dice) {
        byte[] token = dice.bytesOrNull();
        JuteWriter out = new JuteWriter(16);
        ClientCodec.saslReply(out, 8, ErrorCode.OK, Jute.bytesOrNull(token));
        assertArrayEquals(
                Jute.bytes(new ReplyHeader(8, 0, 0), new SetSASLResponse(token)), Jute.body(out));
    }
}
