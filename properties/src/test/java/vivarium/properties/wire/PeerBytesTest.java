package vivarium.properties.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.server.quorum.LearnerInfo;
import org.apache.zookeeper.server.quorum.QuorumPacket;
import org.apache.zookeeper.server.util.SerializeUtils;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.Replica;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Acl;
import vivarium.core.tree.Capture;
import vivarium.core.tree.Identity;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Operation.CreateKind;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.core.zab.Message;
import vivarium.properties.conformance.Fact;
import vivarium.properties.conformance.Shows;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.QuorumCodec;
import vivarium.wire.QuorumReader;
import vivarium.wire.TxnCodec;

/** The packets between leaders and learners are those of Apache's servers, byte for byte. */
class PeerBytesTest {
    private static final int MOST_BYTES = 1 << 20;
    private static final String CONFIG = "server.1=a:1:2:participant\nversion=0";
    private static final QuorumCodec CODEC = new QuorumCodec(2, 0, Bytes.utf8(CONFIG));
    private static final long SESSION = 0x0200_0000_0000_0001L;

    @Provide
    Arbitrary<Dice> dice() {
        return Dice.all();
    }

    private static byte[] bytes(Message message) {
        JuteWriter out = new JuteWriter(64);
        CODEC.write(out, message);
        return out.toArray();
    }

    private static String hex(Message message) {
        return HexFormat.of().formatHex(bytes(message));
    }

    private static Message heard(QuorumReader reader, byte[] bytes) throws MalformedException {
        List<Message> heard = new ArrayList<>();
        reader.read(bytes, 0, bytes.length, heard::add);
        assertEquals(1, heard.size());
        return heard.getFirst();
    }

    private static Message byLeader(QuorumPacket packet) throws MalformedException {
        return heard(QuorumReader.ofLeader(MOST_BYTES), Jute.bytes(packet));
    }

    private static Message byLearner(QuorumPacket packet) throws MalformedException {
        QuorumReader reader = QuorumReader.ofLearner(MOST_BYTES);
        heard(reader, bytes(new Message.LearnerInfo(0, true)));
        return heard(reader, Jute.bytes(packet));
    }

    private static QuorumPacket packet(int type, long zxid, byte... data) {
        return new QuorumPacket(type, zxid, data, null);
    }

    private static QuorumPacket bare(int type, long zxid) {
        return new QuorumPacket(type, zxid, null, null);
    }

    private static void assertSame(QuorumPacket apache, Message ours, boolean byLearner)
            throws MalformedException {
        assertArrayEquals(Jute.bytes(apache), bytes(ours));
        assertEquals(ours, byLearner ? byLearner(apache) : byLeader(apache));
    }

    @Test
    @Shows(Fact.BYTES_OF_FOLLOWERINFO_LEADERINFO_AND_COMMIT)
    void packetsThatAreKnownByHeart() {
        assertEquals(
                "0000000b"
                        + "0000000000000000"
                        + "00000014"
                        + "0000000000000002"
                        + "00010000"
                        + "0000000000000000"
                        + "ffffffff",
                hex(new Message.LearnerInfo(0, true)));
        assertEquals(
                "00000011" + "0000000100000000" + "00000004" + "00010000" + "ffffffff",
                hex(new Message.LeaderInfo(1)));
        assertEquals(
                "00000004" + "0000000100000005" + "ffffffff" + "ffffffff",
                hex(new Message.Commit(0x1_0000_0005L)));
    }

    @Test
    void aColdStartIsSpokenAsApacheSpeaksIt() throws MalformedException {
        LearnerInfo info = new LearnerInfo(2, 0x10000, 0);
        QuorumReader reader = QuorumReader.ofLearner(MOST_BYTES);
        QuorumPacket follower = packet(11, 3L << 32, Jute.bytes(info));
        assertArrayEquals(Jute.bytes(follower), bytes(new Message.LearnerInfo(3, true)));
        assertEquals(new Message.LearnerInfo(3, true), heard(reader, Jute.bytes(follower)));
        QuorumPacket observer = packet(16, 3L << 32, Jute.bytes(info));
        assertArrayEquals(Jute.bytes(observer), bytes(new Message.LearnerInfo(3, false)));
        assertSame(packet(17, 4L << 32, int32(0x10000)), new Message.LeaderInfo(4), false);
        assertSame(packet(18, 77, int32(3)), new Message.AckEpoch(true, 3, 77), true);
        assertSame(packet(18, 77, int32(-1)), new Message.AckEpoch(false, -1, 77), true);
        assertSame(bare(13, 77), new Message.Diff(77), false);
        assertSame(bare(14, 76), new Message.Trunc(76), false);
        assertSame(bare(15, 78), new Message.Snap(78), false);
        byte[] config = CONFIG.getBytes(StandardCharsets.UTF_8);
        assertSame(packet(10, 4L << 32, config), new Message.NewLeader(4), false);
        assertSame(bare(3, 4L << 32), new Message.Ack(4L << 32), true);
        assertSame(bare(12, -1), new Message.UpToDate(), false);
    }

    @Test
    void theBroadcastIsSpokenAsApacheSpeaksIt() throws MalformedException {
        Proposal proposal =
                new Proposal(9, SESSION, 5, 6, new Txn.CreateSession(4000), true, 0x1234);
        JuteWriter txn = new JuteWriter(64);
        TxnCodec.write(txn, proposal);
        assertSame(packet(2, 9, txn.toArray()), new Message.Propose(proposal), false);
        assertSame(packet(8, 9, txn.toArray()), new Message.Inform(proposal), false);
        assertSame(bare(4, 9), new Message.Commit(9), false);
        assertSame(bare(3, 9), new Message.Ack(9), true);
        assertSame(bare(5, 9), new Message.Ping(9), false);
        assertSame(bare(7, 0), new Message.Synced(), false);
        JuteWriter data = new JuteWriter(64);
        data.int64(SESSION);
        data.int32(4000);
        List<Message.Touched> touched = List.of(new Message.Touched(SESSION, 4000));
        assertSame(packet(5, 9, data.toArray()), new Message.Pong(9, touched), true);
        assertSame(packet(6, -1, data.toArray()), new Message.Revalidate(SESSION, 4000), true);
        assertEquals(new Message.Pong(9, List.of()), byLearner(bare(5, 9)));
        data.reset();
        data.int64(SESSION);
        data.bool(true);
        assertSame(packet(6, -1, data.toArray()), new Message.Revalidated(SESSION, true), false);
        data.reset();
        data.int64(SESSION);
        data.int32(8);
        data.int32(9);
        data.text("");
        assertSame(packet(1, -1, data.toArray()), new Message.SyncRequest(SESSION, 8), true);
    }

    private static byte[] int32(int value) {
        JuteWriter out = new JuteWriter(4);
        out.int32(value);
        return out.toArray();
    }

    @Test
    void whatClientsAskIsPassedOnAsApacheDoes() throws MalformedException {
        List<ACL> open = ZooDefs.Ids.OPEN_ACL_UNSAFE;
        assertRequest(
                1,
                new CreateRequest("/a", new byte[] {1}, open, 3),
                new Operation.Create(
                        CreateKind.CREATE,
                        Jute.path("/a"),
                        Bytes.wrap(new byte[] {1}),
                        Jute.acl(open),
                        3,
                        -1));
        assertRequest(2, new DeleteRequest("/a", 4), new Operation.Delete(Jute.path("/a"), 4));
        assertRequest(
                5,
                new SetDataRequest("/a", null, -1),
                new Operation.SetData(Jute.path("/a"), null, -1));
        assertRequest(
                -10,
                new org.apache.zookeeper.txn.CreateSessionTxn(4000),
                new Operation.CreateSession(4000));
    }

    private static void assertRequest(int opcode, Record body, Operation.Write ours)
            throws MalformedException {
        JuteWriter data = new JuteWriter(64);
        data.int64(SESSION);
        data.int32(8);
        data.int32(opcode);
        byte[] record = Jute.bytes(body);
        data.write(record, 0, record.length);
        QuorumPacket packet =
                new QuorumPacket(
                        1,
                        -1,
                        data.toArray(),
                        List.of(new Id("ip", "127.0.0.1"), new Id("digest", "u:x")));
        Message message =
                new Message.Request(
                        SESSION,
                        8,
                        ours,
                        List.of(new Identity("ip", "127.0.0.1"), new Identity("digest", "u:x")));
        assertSame(packet, message, true);
    }

    /** A request that can't be read, that no learner may make, or that no server knows. */
    @Test
    void aRequestThatIsNoneTakesItsTurnAsAMalformedOne() throws MalformedException {
        for (int opcode : new int[] {1, 5, 14, 16, 20, 13, 4, 77, 2}) {
            JuteWriter data = new JuteWriter(64);
            data.int64(SESSION);
            data.int32(8);
            data.int32(opcode);
            assertEquals(
                    new Message.Request(
                            SESSION, 8, new Operation.MalformedWrite(opcode), List.of()),
                    byLearner(packet(1, -1, data.toArray())));
        }
    }

    @Test
    void packetsThatHaveNoPlaceHereAreRefused() {
        // Of a reconfiguration; of a leader and of a learner, by the other.
        for (int type : new int[] {9, 19, 1, 3, 11, 16, 18, 0, -1, 20, Integer.MAX_VALUE}) {
            assertThrows(MalformedException.class, () -> byLeader(packet(type, 0, new byte[64])));
        }
        for (int type : new int[] {2, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 0, 99}) {
            assertThrows(MalformedException.class, () -> byLearner(packet(type, 0, new byte[64])));
        }
        for (int type : new int[] {6, 17, 2, 8}) {
            assertThrows(MalformedException.class, () -> byLeader(bare(type, 0)));
        }
        for (int type : new int[] {1, 6, 18}) {
            assertThrows(MalformedException.class, () -> byLearner(bare(type, 0)));
        }
    }

    @Test
    void aLearnerHasToSayWhoItIsFirstOfAllAndInAProtocolThatIsSpokenHere() {
        byte[] ack = bytes(new Message.Ack(1));
        assertRefusedAsFirst(ack);
        assertRefusedAsFirst(Jute.bytes(bare(11, 0)));
        assertRefusedAsFirst(Jute.bytes(packet(11, 0, new byte[8])));
        assertRefusedAsFirst(Jute.bytes(packet(11, 0, Jute.bytes(new LearnerInfo(2, 1, 0)))));
        byte[] twice = new byte[2 * bytes(new Message.LearnerInfo(0, true)).length];
        byte[] once = bytes(new Message.LearnerInfo(0, true));
        System.arraycopy(once, 0, twice, 0, once.length);
        System.arraycopy(once, 0, twice, once.length, once.length);
        assertRefusedAsFirst(twice);
    }

    private static void assertRefusedAsFirst(byte[] bytes) {
        QuorumReader reader = QuorumReader.ofLearner(MOST_BYTES);
        assertThrows(MalformedException.class, () -> reader.read(bytes, 0, bytes.length, _ -> {}));
    }

    @Test
    void aLearnerFromBeforeThereWereConfigurationsIsUnderstood() throws MalformedException {
        JuteWriter data = new JuteWriter(64);
        data.int64(5);
        data.int32(0x10000);
        QuorumReader reader = QuorumReader.ofLearner(MOST_BYTES);
        heard(reader, Jute.bytes(packet(16, 0, data.toArray())));
        assertEquals(5, reader.sid());
        assertEquals(0, reader.configVersion());
    }

    @Property(tries = 300)
    void apacheReadsEveryPacketToItsEnd(@ForAll("dice") Dice dice) {
        PeerDice peers = new PeerDice(dice);
        Message message = dice.flag() ? peers.ofLearner() : peers.ofLeader();
        QuorumPacket read = Jute.read(new QuorumPacket(), bytes(message));
        assertTrue(read.getType() > 0);
    }

    private static org.apache.zookeeper.server.DataTree apacheTree(Dice dice) throws Exception {
        var tree = new org.apache.zookeeper.server.DataTree();
        List<String> paths = new ArrayList<>(List.of(""));
        for (int i = 1; i < 2 + dice.below(200); i++) {
            String path = paths.get(dice.below(paths.size())) + "/n" + i;
            List<ACL> acl =
                    dice.flag()
                            ? ZooDefs.Ids.OPEN_ACL_UNSAFE
                            : List.of(new ACL(1 + dice.below(31), new Id("digest", "u:" + i % 5)));
            tree.createNode(path, dice.bytesOrNull(), acl, 0, -1, i, 1000 + i);
            paths.add(path);
        }
        return tree;
    }

    @Property(tries = 30)
    void aReplicaOfApachesIsReadAsItIs(@ForAll("dice") Dice dice) throws Exception {
        var tree = apacheTree(dice);
        Map<Long, Integer> sessions = new TreeMap<>(Map.of(5L, 4000, 6L, 6000));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryOutputArchive archive = BinaryOutputArchive.getArchive(out);
        bare(15, 99).serialize(archive, "packet");
        SerializeUtils.serializeSnapshot(tree, archive, sessions);
        archive.writeString("BenWasHere", "signature");
        Replica replica = Replica.unloaded(true);
        Map<Long, List<Acl>> acls = new TreeMap<>();
        boolean[] whole = new boolean[1];
        byte[] bytes = out.toByteArray();
        QuorumReader reader = QuorumReader.ofLeader(MOST_BYTES);
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + dice.below(900));
            reader.read(bytes, at, length, message -> load(message, replica, acls, whole));
            at += length;
        }
        assertTrue(whole[0]);
        assertEquals(tree.getTreeDigest(), replica.digest());
        assertEquals(tree.getNodeCount(), replica.tree().nodeCount());
        assertEquals(
                List.of(
                        new SnapshotHead.SessionEntry(5, 4000),
                        new SnapshotHead.SessionEntry(6, 6000)),
                replica.sessions());
    }

    private static void load(
            Message message, Replica replica, Map<Long, List<Acl>> acls, boolean[] whole) {
        switch (message) {
            case Message.Snap snap -> assertEquals(99, snap.zxid());
            case Message.SnapHead head -> {
                head.head().sessions().forEach(s -> replica.loadSession(s.id(), s.timeoutMillis()));
                head.head().acls().forEach(acl -> acls.put(acl.id(), acl.acl()));
            }
            case Message.SnapZnodes znodes -> {
                for (Message.SnapZnode znode : znodes.znodes()) {
                    List<Acl> acl = acls.get(znode.aclId());
                    assertTrue(acl != null || znode.aclId() == -1, "an access list is missing");
                    assertTrue(replica.tree().load(znode.path(), znode.data(), acl, znode.stat()));
                }
            }
            case Message.SnapTail _ -> whole[0] = true;
            default -> throw new AssertionError(message);
        }
    }

    @Property(tries = 30)
    void aReplicaOfOursIsReadByApacheAsItIs(@ForAll("dice") Dice dice) throws IOException {
        Replica replica = Replica.fresh(true);
        grow(replica, dice);
        JuteWriter out = new JuteWriter(64);
        List<SnapshotHead.SessionEntry> sessions = List.of(new SnapshotHead.SessionEntry(-3, 4000));
        SnapshotHead head = new SnapshotHead(99, true, sessions, replica.tree().acls());
        CODEC.write(out, new Message.SnapHead(head));
        Capture capture =
                replica.tree()
                        .capture((path, data, aclId, stat) ->
                                CODEC.write(
                                        out,
                                        new Message.SnapZnodes(
                                                List.of(
                                                        new Message.SnapZnode(
                                                                path, data, aclId, stat)))));
        assertTrue(capture.advance(Integer.MAX_VALUE));
        CODEC.write(out, new Message.SnapTail());
        var tree = new org.apache.zookeeper.server.DataTree();
        Map<Long, Integer> read = new TreeMap<>();
        ByteArrayInputStream in = new ByteArrayInputStream(out.toArray());
        BinaryInputArchive archive = BinaryInputArchive.getArchive(in);
        SerializeUtils.deserializeSnapshot(tree, archive, read);
        assertEquals("BenWasHere", archive.readString("signature"));
        assertEquals(0, in.available());
        assertEquals(Map.of(-3L, 4000), read);
        assertEquals(replica.digest(), tree.getTreeDigest());
        assertEquals(replica.tree().nodeCount(), tree.getNodeCount());
        assertNotNull(tree.getNode("/n1"));
    }

    private static void grow(Replica replica, Dice dice) {
        for (int i = 1; i < 2 + dice.below(100); i++) {
            List<Acl> acl = List.of(new Acl(i % 31, "digest", "u:" + i % 3));
            Txn create =
                    new Txn.Create(
                            CreateKind.CREATE,
                            Jute.path("/n" + i),
                            Jute.bytesOrNull(dice.bytesOrNull()),
                            acl,
                            false,
                            i,
                            -1);
            replica.apply(new Proposal(i, 1, i, 1000, create, false, 0));
        }
    }
}
