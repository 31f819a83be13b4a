package vivarium.properties.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.SyncRequest;
import org.apache.zookeeper.server.TxnLogEntry;
import org.apache.zookeeper.server.persistence.Util;
import org.apache.zookeeper.server.util.SerializeUtils;
import org.apache.zookeeper.txn.CheckVersionTxn;
import org.apache.zookeeper.txn.CloseSessionTxn;
import org.apache.zookeeper.txn.CreateContainerTxn;
import org.apache.zookeeper.txn.CreateSessionTxn;
import org.apache.zookeeper.txn.CreateTTLTxn;
import org.apache.zookeeper.txn.CreateTxn;
import org.apache.zookeeper.txn.CreateTxnV0;
import org.apache.zookeeper.txn.DeleteTxn;
import org.apache.zookeeper.txn.ErrorTxn;
import org.apache.zookeeper.txn.MultiTxn;
import org.apache.zookeeper.txn.SetACLTxn;
import org.apache.zookeeper.txn.SetDataTxn;
import org.apache.zookeeper.txn.TxnDigest;
import org.apache.zookeeper.txn.TxnHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Path;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.TxnCodec;

class TxnsTest {
    private static final List<CreateKind> KINDS = List.of(CreateKind.values());

    private final TxnCodec codec = new TxnCodec(1 << 20);

    /** A transaction in Apache's records and in ours. */
    private record Both(int type, Record apache, Txn ours) {}

    @Provide
    Arbitrary<Dice> dice() {
        return Dice.all();
    }

    /** One that Apache writes and reads without loss, as all are that get as far as a log. */
    private static String path(Dice dice) {
        return Jute.reread(new SyncRequest(dice.path()), new SyncRequest()).getPath();
    }

    private static Both single(Dice dice) {
        String path = path(dice);
        byte[] data = dice.bytesOrNull();
        int version = dice.int32();
        return switch (dice.below(9)) {
            case 0 -> create(dice, path, data, version);
            case 1 -> {
                int type = dice.flag() ? 2 : 20;
                yield new Both(
                        type, new DeleteTxn(path), new Txn.Delete(Jute.path(path), type == 20));
            }
            case 2, 3 -> {
                int type = dice.flag() ? 5 : 16;
                yield new Both(
                        type,
                        new SetDataTxn(path, data, version),
                        new Txn.SetData(
                                Jute.path(path), Jute.bytesOrNull(data), version, type == 16));
            }
            case 4 -> {
                SetACLTxn set = new SetACLTxn(path, dice.acl(), version);
                SetACLTxn seen = Jute.reread(set, new SetACLTxn());
                yield new Both(
                        7, seen, new Txn.SetAcl(Jute.path(path), Jute.acl(seen.getAcl()), version));
            }
            case 5 -> new Both(-10, new CreateSessionTxn(version), new Txn.CreateSession(version));
            case 6 -> {
                List<String> paths = dice.several(() -> path(dice));
                yield new Both(
                        -11, new CloseSessionTxn(paths), new Txn.CloseSession(Jute.paths(paths)));
            }
            default -> new Both(-1, new ErrorTxn(version), new Txn.Failure(version));
        };
    }

    private static Both create(Dice dice, String path, byte @Nullable [] data, int version) {
        CreateTxn drawn = new CreateTxn(path, data, dice.acl(), dice.flag(), version);
        CreateTxn seen = Jute.reread(drawn, new CreateTxn());
        var acl = seen.getAcl();
        long ttl = dice.int64();
        CreateKind kind = KINDS.get(dice.below(4));
        boolean ephemeral = seen.getEphemeral() && kind.opcode() <= 15;
        Record apache =
                switch (kind) {
                    case CREATE, CREATE2 -> seen;
                    case CONTAINER -> new CreateContainerTxn(path, data, acl, version);
                    case TTL -> new CreateTTLTxn(path, data, acl, version, ttl);
                };
        return new Both(
                kind.opcode(),
                apache,
                new Txn.Create(
                        kind,
                        Jute.path(path),
                        Jute.bytesOrNull(data),
                        Jute.acl(acl),
                        ephemeral,
                        version,
                        kind == CreateKind.TTL ? ttl : -1));
    }

    private static Both multi(Dice dice) {
        List<org.apache.zookeeper.txn.Txn> records = new ArrayList<>();
        List<Txn> ours = new ArrayList<>();
        for (int i = dice.below(6); i > 0; i--) {
            Both part = single(dice);
            if (dice.below(6) == 0) {
                String path = path(dice);
                part =
                        new Both(
                                13,
                                new CheckVersionTxn(path, i),
                                new Txn.CheckVersion(Jute.path(path), i));
            }
            records.add(new org.apache.zookeeper.txn.Txn(part.type(), Jute.bytes(part.apache())));
            ours.add(part.ours());
        }
        return new Both(14, new MultiTxn(records), new Txn.Multi(ours));
    }

    @Test
    void whoHasANameBeyondTheFirstPlaneIsTheSameForAllWhoReadIt() throws Exception {
        String name = "a\ud83d\ude00b:hash";
        Txn set = new Txn.SetAcl(Path.of("/p"), List.of(new Acl(31, "digest", name)), 1);
        Proposal proposal = new Proposal(0x100000002L, 7, 3, 5, set, false, 0);
        JuteWriter out = new JuteWriter(16);
        TxnCodec.write(out, proposal);
        byte[] bytes = out.toArray();
        assertEquals(proposal, new TxnCodec(1 << 10).read(bytes, 0, bytes.length));
        TxnLogEntry entry = SerializeUtils.deserializeTxn(bytes);
        SetACLTxn theirs = Assertions.assertInstanceOf(SetACLTxn.class, entry.getTxn());
        assertEquals(name, theirs.getAcl().getFirst().getId().getId());
    }

    @Property
    void aTransactionIsTheSameBytesHereAndThere(@ForAll("dice") Dice dice)
            throws IOException, MalformedException {
        Both both = dice.below(4) == 0 ? multi(dice) : single(dice);
        TxnHeader header =
                new TxnHeader(dice.int64(), dice.int32(), dice.int64(), dice.int64(), both.type());
        boolean digested = dice.flag();
        TxnDigest digest = new TxnDigest(2, dice.int64());
        Proposal proposal =
                new Proposal(
                        header.getZxid(),
                        header.getClientId(),
                        header.getCxid(),
                        header.getTime(),
                        both.ours(),
                        digested,
                        digested ? digest.getTreeDigest() : 0);

        byte[] theirs = Util.marshallTxnEntry(header, both.apache(), digested ? digest : null);
        assertEquals(proposal, codec.read(theirs, 0, theirs.length));

        JuteWriter out = new JuteWriter(16);
        TxnCodec.write(out, proposal);
        assertArrayEquals(theirs, out.toArray());

        TxnLogEntry read = SerializeUtils.deserializeTxn(out.toArray());
        assertEquals(header, read.getHeader());
        assertEquals(both.apache(), read.getTxn());
        assertEquals(digested, read.getDigest() != null);
    }

    @Property
    void aCreateFromBeforeTheParentsCounterIsRead(@ForAll("dice") Dice dice)
            throws MalformedException {
        CreateTxnV0 old = new CreateTxnV0("/old", dice.bytesOrNull(), List.of(), dice.flag());
        byte[] bytes = Jute.bytes(new TxnHeader(1, 2, 3, 4, 1), old);
        assertEquals(
                new Txn.Create(
                        CreateKind.CREATE,
                        Jute.path("/old"),
                        Jute.bytesOrNull(old.getData()),
                        List.of(),
                        old.getEphemeral(),
                        -1,
                        -1),
                codec.read(bytes, 0, bytes.length).txn());
    }

    @Property
    void aCloseSessionWithoutPathsIsReadWithAndWithoutADigest(@ForAll long digest)
            throws MalformedException {
        TxnHeader header = new TxnHeader(1, 2, 3, 4, -11);
        byte[] bare = Jute.bytes(header);
        Proposal old = codec.read(bare, 0, bare.length);
        assertEquals(new Txn.CloseSession(null), old.txn());
        Assertions.assertFalse(old.digested());
        byte[] digested = Jute.bytes(header, new TxnDigest(2, digest));
        Proposal newer = codec.read(digested, 0, digested.length);
        assertEquals(new Txn.CloseSession(null), newer.txn());
        assertEquals(digest, newer.digest());
        JuteWriter out = new JuteWriter(16);
        TxnCodec.write(out, newer);
        assertArrayEquals(digested, out.toArray());
    }

    @Property
    void aDigestOfAnotherVersionIsNone(@ForAll("dice") Dice dice) throws MalformedException {
        byte[] bytes =
                Jute.bytes(
                        new TxnHeader(1, 2, 3, 4, -1),
                        new ErrorTxn(-101),
                        new TxnDigest(1, dice.int64()));
        Assertions.assertFalse(codec.read(bytes, 0, bytes.length).digested());
    }
}
