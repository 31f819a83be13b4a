package vivarium.properties.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CheckWatchesRequest;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.GetSASLRequest;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;
import org.apache.zookeeper.proto.SyncRequest;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.wire.ClientCodec;
import vivarium.wire.ClientFrame;
import vivarium.wire.MalformedException;

class RequestsTest {
    private static final int MAX_LENGTH = 1 << 20;

    private final ClientCodec codec = new ClientCodec(MAX_LENGTH);

    @Provide
    Arbitrary<Dice> dice() {
        return Dice.all();
    }

    private Operation operation(int xid, int type, Record... body) throws MalformedException {
        Record[] all = new Record[body.length + 1];
        all[0] = new RequestHeader(xid, type);
        System.arraycopy(body, 0, all, 1, body.length);
        byte[] bytes = Jute.bytes(all);
        ClientFrame frame = codec.frame(bytes, 0, bytes.length);
        assertEquals(xid, frame.xid());
        return assertInstanceOf(ClientFrame.Request.class, frame).operation();
    }

    @Property
    void aCreateIsReadAsApacheWroteIt(@ForAll("dice") Dice dice) throws MalformedException {
        CreateRequest sent =
                new CreateRequest(dice.path(), dice.bytesOrNull(), dice.aclOrNull(), dice.int32());
        CreateRequest seen = Jute.reread(sent, new CreateRequest());
        int xid = dice.int32();
        for (CreateKind kind :
                new CreateKind[] {CreateKind.CREATE, CreateKind.CREATE2, CreateKind.CONTAINER}) {
            assertEquals(create(kind, seen, -1), operation(xid, kind.opcode(), sent));
        }
    }

    private static Operation.Create create(CreateKind kind, CreateRequest seen, long ttlMillis) {
        return new Operation.Create(
                kind,
                Jute.path(seen.getPath()),
                Jute.bytesOrNull(seen.getData()),
                Jute.aclOrNull(seen.getAcl()),
                seen.getFlags(),
                ttlMillis);
    }

    @Property
    void aCreateWithATimeToLiveIsReadAsApacheWroteIt(@ForAll("dice") Dice dice)
            throws MalformedException {
        CreateTTLRequest sent =
                new CreateTTLRequest(
                        dice.path(),
                        dice.bytesOrNull(),
                        dice.aclOrNull(),
                        dice.int32(),
                        dice.int64());
        CreateTTLRequest seen = Jute.reread(sent, new CreateTTLRequest());
        Operation expected =
                new Operation.Create(
                        CreateKind.TTL,
                        Jute.path(seen.getPath()),
                        Jute.bytesOrNull(seen.getData()),
                        Jute.aclOrNull(seen.getAcl()),
                        seen.getFlags(),
                        seen.getTtl());
        assertEquals(expected, operation(7, 21, sent));
    }

    @Property
    void otherWritesAreReadAsApacheWroteThem(@ForAll("dice") Dice dice) throws MalformedException {
        DeleteRequest delete = new DeleteRequest(dice.path(), dice.int32());
        String deleted = Jute.reread(delete, new DeleteRequest()).getPath();
        assertEquals(
                new Operation.Delete(Jute.path(deleted), delete.getVersion()),
                operation(1, 2, delete));
        SetDataRequest set = new SetDataRequest(dice.path(), dice.bytesOrNull(), dice.int32());
        String changed = Jute.reread(set, new SetDataRequest()).getPath();
        assertEquals(
                new Operation.SetData(
                        Jute.path(changed), Jute.bytesOrNull(set.getData()), set.getVersion()),
                operation(2, 5, set));
        SetACLRequest setAcl = new SetACLRequest(dice.path(), dice.aclOrNull(), dice.int32());
        SetACLRequest seen = Jute.reread(setAcl, new SetACLRequest());
        assertEquals(
                new Operation.SetAcl(
                        Jute.path(seen.getPath()),
                        Jute.aclOrNull(seen.getAcl()),
                        seen.getVersion()),
                operation(3, 7, setAcl));
        assertEquals(new Operation.CloseSession(), operation(4, -11));
    }

    @Property
    void readsAreReadAsApacheWroteThem(@ForAll("dice") Dice dice) throws MalformedException {
        String text = dice.path();
        boolean watch = dice.flag();
        var path = Jute.path(Jute.reread(new SyncRequest(text), new SyncRequest()).getPath());
        assertEquals(
                new Operation.Exists(path, watch), operation(1, 3, new ExistsRequest(text, watch)));
        assertEquals(
                new Operation.GetData(path, watch),
                operation(1, 4, new GetDataRequest(text, watch)));
        assertEquals(new Operation.GetAcl(path), operation(1, 6, new GetACLRequest(text)));
        assertEquals(
                new Operation.GetChildren(path, watch, false),
                operation(1, 8, new GetChildrenRequest(text, watch)));
        assertEquals(
                new Operation.GetChildren(path, watch, true),
                operation(1, 12, new GetChildren2Request(text, watch)));
        assertEquals(new Operation.Sync(path), operation(1, 9, new SyncRequest(text)));
        assertEquals(
                new Operation.GetEphemerals(path),
                operation(1, 103, new GetEphemeralsRequest(text)));
        assertEquals(
                new Operation.GetAllChildrenNumber(path),
                operation(1, 104, new GetAllChildrenNumberRequest(text)));
        assertEquals(new Operation.WhoAmI(), operation(1, 107));
        assertEquals(new Operation.Ping(), operation(-2, 11));
        for (int mode = 0; mode <= 1; mode++) {
            assertEquals(
                    new Operation.AddWatch(path, mode),
                    operation(1, 106, new AddWatchRequest(text, mode)));
        }
        for (int type = 1; type <= 5; type++) {
            assertEquals(
                    new Operation.CheckWatches(path, type),
                    operation(1, 17, new CheckWatchesRequest(text, type)));
            assertEquals(
                    new Operation.RemoveWatches(path, type),
                    operation(1, 18, new RemoveWatchesRequest(text, type)));
        }
    }

    /** As Java's own readers of booleans see it, which Apache's server uses. */
    @Test
    void anyByteButZeroIsTrue() throws MalformedException {
        byte[] bytes = Jute.bytes(new RequestHeader(1, 3), new ExistsRequest("/a", true));
        for (int value : new int[] {1, 2, 127, -128, -1}) {
            bytes[bytes.length - 1] = (byte) value;
            ClientFrame.Request read = (ClientFrame.Request) codec.frame(bytes, 0, bytes.length);
            assertEquals(new Operation.Exists(Jute.path("/a"), true), read.operation());
        }
    }

    @Property
    void watchesThatAreSetAgainAreReadAsApacheWroteThem(@ForAll("dice") Dice dice)
            throws MalformedException {
        SetWatches2 sent =
                new SetWatches2(
                        dice.int64(),
                        dice.several(dice::path),
                        dice.several(dice::path),
                        dice.several(dice::path),
                        dice.several(dice::path),
                        dice.several(dice::path));
        SetWatches2 seen = Jute.reread(sent, new SetWatches2());
        assertEquals(
                new Operation.SetWatches(
                        seen.getRelativeZxid(),
                        Jute.paths(seen.getDataWatches()),
                        Jute.paths(seen.getExistWatches()),
                        Jute.paths(seen.getChildWatches()),
                        Jute.paths(seen.getPersistentWatches()),
                        Jute.paths(seen.getPersistentRecursiveWatches())),
                operation(-8, 105, sent));
        SetWatches older =
                new SetWatches(
                        sent.getRelativeZxid(),
                        sent.getDataWatches(),
                        sent.getExistWatches(),
                        sent.getChildWatches());
        assertEquals(
                new Operation.SetWatches(
                        seen.getRelativeZxid(),
                        Jute.paths(seen.getDataWatches()),
                        Jute.paths(seen.getExistWatches()),
                        Jute.paths(seen.getChildWatches()),
                        List.of(),
                        List.of()),
                operation(-8, 101, older));
    }

    @Property
    void whoeverSaysWhoHeIsIsReadAsApacheWroteIt(@ForAll("dice") Dice dice)
            throws MalformedException {
        AuthPacket auth = new AuthPacket(dice.int32(), dice.text(), dice.bytesOrNull());
        AuthPacket seen = Jute.reread(auth, new AuthPacket());
        byte[] bytes = Jute.bytes(new RequestHeader(-4, 100), auth);
        assertEquals(
                new ClientFrame.Auth(
                        -4, seen.getType(), seen.getScheme(), Jute.bytesOrNull(seen.getAuth())),
                codec.frame(bytes, 0, bytes.length));
        GetSASLRequest sasl = new GetSASLRequest(dice.bytesOrNull());
        byte[] token = Jute.bytes(new RequestHeader(9, 102), sasl);
        assertEquals(
                new ClientFrame.Sasl(9, Jute.bytesOrNull(sasl.getToken())),
                codec.frame(token, 0, token.length));
    }

    @Property
    void aConnectRequestIsReadAsApacheWroteItWithAndWithoutItsLastByte(@ForAll("dice") Dice dice)
            throws MalformedException {
        ConnectRequest sent =
                new ConnectRequest(
                        dice.int32(),
                        dice.int64(),
                        dice.int32(),
                        dice.int64(),
                        dice.bytesOrNull(),
                        dice.flag());
        byte[] bytes = Jute.bytes(sent);
        Bytes password = Jute.bytesOrNull(sent.getPasswd());
        assertEquals(
                new vivarium.wire.ConnectRequest(
                        sent.getProtocolVersion(),
                        sent.getLastZxidSeen(),
                        sent.getTimeOut(),
                        sent.getSessionId(),
                        password,
                        true,
                        sent.getReadOnly()),
                codec.connectRequest(bytes, 0, bytes.length));
        assertEquals(
                new vivarium.wire.ConnectRequest(
                        sent.getProtocolVersion(),
                        sent.getLastZxidSeen(),
                        sent.getTimeOut(),
                        sent.getSessionId(),
                        password,
                        false,
                        false),
                codec.connectRequest(bytes, 0, bytes.length - 1));
    }

    @Property
    void aMultiIsReadAsApacheWroteIt(@ForAll("dice") Dice dice) throws MalformedException {
        MultiOperationRecord multi = new MultiOperationRecord();
        List<Operation.Part> expected = new ArrayList<>();
        for (Op op : dice.several(() -> op(dice))) {
            multi.add(op);
            expected.add(part(op));
        }
        assertEquals(new Operation.Multi(expected), operation(5, 14, multi));
    }

    private static Op op(Dice dice) {
        return switch (dice.below(5)) {
            case 0 -> Op.create(dice.path(), dice.bytesOrNull(), dice.acl(), dice.below(4));
            case 1 -> Op.create(dice.path(), dice.bytesOrNull(), dice.acl(), 5, dice.int64());
            case 2 -> Op.delete(dice.path(), dice.int32());
            case 3 -> Op.setData(dice.path(), dice.bytesOrNull(), dice.int32());
            default -> Op.check(dice.path(), dice.int32());
        };
    }

    private static Operation.Part part(Op op) {
        Record record = op.toRequestRecord();
        return switch (record) {
            case CreateRequest create ->
                    create(CreateKind.CREATE, Jute.reread(create, new CreateRequest()), -1);
            case CreateTTLRequest create -> {
                CreateTTLRequest seen = Jute.reread(create, new CreateTTLRequest());
                yield new Operation.Create(
                        CreateKind.TTL,
                        Jute.path(seen.getPath()),
                        Jute.bytesOrNull(seen.getData()),
                        Jute.aclOrNull(seen.getAcl()),
                        seen.getFlags(),
                        seen.getTtl());
            }
            case DeleteRequest delete ->
                    new Operation.Delete(
                            Jute.path(Jute.reread(delete, new DeleteRequest()).getPath()),
                            delete.getVersion());
            case SetDataRequest set ->
                    new Operation.SetData(
                            Jute.path(Jute.reread(set, new SetDataRequest()).getPath()),
                            Jute.bytesOrNull(set.getData()),
                            set.getVersion());
            case CheckVersionRequest check ->
                    new Operation.CheckVersion(
                            Jute.path(Jute.reread(check, new CheckVersionRequest()).getPath()),
                            check.getVersion());
            default -> throw new AssertionError(record);
        };
    }

    @Property
    void severalReadsAreReadAsApacheWroteThem(@ForAll("dice") Dice dice) throws MalformedException {
        MultiOperationRecord multi = new MultiOperationRecord();
        List<Operation.Read> expected = new ArrayList<>();
        for (String text : dice.several(dice::path)) {
            var path = Jute.path(Jute.reread(new SyncRequest(text), new SyncRequest()).getPath());
            boolean data = dice.flag();
            multi.add(data ? Op.getData(text) : Op.getChildren(text));
            expected.add(
                    data
                            ? new Operation.GetData(path, false)
                            : new Operation.GetChildren(path, false, false));
        }
        assertEquals(new Operation.MultiRead(expected), operation(5, 22, multi));
    }
}
