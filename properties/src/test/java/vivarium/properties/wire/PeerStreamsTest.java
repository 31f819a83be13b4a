package vivarium.properties.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import vivarium.core.Bytes;
import vivarium.core.SnapshotHead;
import vivarium.core.tree.Path;
import vivarium.core.tree.StatPersisted;
import vivarium.core.zab.Message;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.QuorumCodec;
import vivarium.wire.QuorumReader;

/** What servers say arrives as it was said, however the bytes are cut; rubbish does no harm. */
class PeerStreamsTest {
    private static final int MOST_BYTES = 1 << 20;
    private static final QuorumCodec CODEC = new QuorumCodec(7, 0x1_0000_0000L, Bytes.utf8("cfg"));

    @Provide
    Arbitrary<Dice> dice() {
        return Dice.all();
    }

    private static byte[] bytes(List<Message> talk) {
        JuteWriter out = new JuteWriter(64);
        for (Message message : talk) {
            CODEC.write(out, message);
        }
        return out.toArray();
    }

    private static QuorumReader reader(boolean ofLearner) {
        return ofLearner ? QuorumReader.ofLearner(MOST_BYTES) : QuorumReader.ofLeader(MOST_BYTES);
    }

    /** Znodes come in any portions: what counts is all of them, in order. */
    private static List<Message> joined(List<Message> messages) {
        List<Message> joined = new ArrayList<>();
        List<Message.SnapZnode> znodes = new ArrayList<>();
        for (Message message : messages) {
            if (message instanceof Message.SnapZnodes some) {
                znodes.addAll(some.znodes());
                continue;
            }
            if (message instanceof Message.SnapTail) {
                joined.add(new Message.SnapZnodes(znodes));
                znodes = new ArrayList<>();
            }
            joined.add(message);
        }
        return joined;
    }

    private static List<Message> inFragments(
            QuorumReader reader, byte[] bytes, Dice dice, int longest) throws MalformedException {
        List<Message> heard = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + dice.below(longest));
            // Nobody may go on using what was only lent.
            byte[] lent = Arrays.copyOfRange(bytes, at, at + length);
            reader.read(lent, 0, length, heard::add);
            Arrays.fill(lent, (byte) 0x55);
            at += length;
            assertTrue(reader.held() <= at, "held more than has come");
        }
        return heard;
    }

    @Property(tries = 300)
    void whatIsSaidIsHeardHoweverItIsCut(@ForAll("dice") Dice dice) throws MalformedException {
        boolean byLearner = dice.flag();
        List<Message> talk = new PeerDice(dice).talk(byLearner);
        byte[] bytes = bytes(talk);
        int longest = dice.below(3) == 0 ? 1 : 1 + dice.below(5000);
        QuorumReader reader = reader(byLearner);
        assertEquals(talk, joined(inFragments(reader, bytes, dice, longest)));
        assertEquals(0, reader.held());
        if (byLearner) {
            assertEquals(7, reader.sid());
            assertEquals(0x1_0000, reader.protocolVersion());
            assertEquals(0x1_0000_0000L, reader.configVersion());
        }
    }

    @Property(tries = 100)
    void aTalkCutAnywhereIsHeardUpToThere(@ForAll("dice") Dice dice) throws MalformedException {
        boolean byLearner = dice.flag();
        List<Message> talk = new PeerDice(dice).talk(byLearner);
        byte[] bytes = bytes(talk);
        for (int k = 0; k < 20; k++) {
            int cut = dice.below(bytes.length + 1);
            List<Message> heard = new ArrayList<>();
            QuorumReader reader = reader(byLearner);
            reader.read(bytes, 0, cut, heard::add);
            reader.read(bytes, cut, bytes.length - cut, heard::add);
            assertEquals(talk, joined(heard));
        }
    }

    @Property(tries = 3000)
    void rubbishIsReadOrRefused(@ForAll("dice") Dice dice) {
        boolean byLearner = dice.flag();
        byte[] good = bytes(new PeerDice(dice).talk(byLearner));
        byte[] bad = dice.below(4) == 0 ? dice.bytes() : good.clone();
        for (int i = dice.below(4); i >= 0 && bad.length >= 4; i--) {
            int at = dice.below(bad.length - 3);
            if (dice.flag()) {
                bad[at] = (byte) dice.int32();
            } else {
                ByteBuffer.wrap(bad).putInt(at, dice.int32());
            }
        }
        QuorumReader reader = reader(byLearner);
        try {
            inFragments(reader, bad, dice, 1 + dice.below(5000));
        } catch (MalformedException e) {
            assertTrue(e.reason().length() > 0);
            assertEquals(0, reader.held());
            byte[] more = new byte[20];
            assertThrows(MalformedException.class, () -> reader.read(more, 0, 20, _ -> {}));
        }
    }

    @Test
    void oneWhoHasNotSaidWhoItIsIsNotListenedToForLong() {
        byte[] packet = packet(11, 1 << 19, 30);
        QuorumReader reader = QuorumReader.ofLearner(MOST_BYTES);
        assertThrows(
                MalformedException.class, () -> reader.read(packet, 0, packet.length, _ -> {}));
    }

    @Test
    void lengthsBeyondTheLimitAreRefusedBeforeTheirBytesCome() {
        for (int length : new int[] {MOST_BYTES + 1, Integer.MAX_VALUE, -2, Integer.MIN_VALUE}) {
            byte[] packet = packet(2, length, 0);
            QuorumReader reader = QuorumReader.ofLeader(MOST_BYTES);
            assertThrows(
                    MalformedException.class, () -> reader.read(packet, 0, packet.length, _ -> {}));
        }
    }

    @Test
    void announcedMegabytesAllocateNothing() throws MalformedException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] packet = packet(2, MOST_BYTES, 100);
        QuorumReader[] readers = new QuorumReader[1000];
        for (int i = 0; i < readers.length; i++) {
            readers[i] = QuorumReader.ofLeader(MOST_BYTES);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (QuorumReader reader : readers) {
            reader.read(packet, 0, packet.length, _ -> {});
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / readers.length;
        assertTrue(each < 2000, each + " bytes for " + packet.length);
    }

    /** Twenty million bytes of znodes pass, and no more is held than one znode and a fragment. */
    @Test
    void aReplicaIsNeverHeldAsBytes() throws MalformedException {
        QuorumReader reader = QuorumReader.ofLeader(MOST_BYTES);
        List<Message> start = new ArrayList<>();
        SnapshotHead head = new SnapshotHead(9, true, List.of(), List.of());
        byte[] first = bytes(List.of(new Message.Snap(9), new Message.SnapHead(head)));
        reader.read(first, 0, first.length, start::add);
        StatPersisted stat = new StatPersisted(1, 1, 1, 1, 1, 1, 1, 1, 1);
        Bytes data = Bytes.wrap(new byte[20_000]);
        int[] znodes = new int[1];
        for (int i = 0; i < 1000; i++) {
            Path path = Path.of("/" + i);
            var znode = new Message.SnapZnode(path, data, -1, stat);
            byte[] bytes = bytes(List.of(new Message.SnapZnodes(List.of(znode))));
            for (int at = 0; at < bytes.length; at += 7_777) {
                int length = Math.min(7_777, bytes.length - at);
                reader.read(
                        bytes,
                        at,
                        length,
                        message -> znodes[0] += ((Message.SnapZnodes) message).znodes().size());
                assertTrue(reader.held() < 30_000, reader.held() + " bytes held");
            }
        }
        assertEquals(1000, znodes[0]);
    }

    private static byte[] packet(int type, int announced, int bytes) {
        JuteWriter out = new JuteWriter(64);
        out.int32(type);
        out.int64(0);
        out.int32(announced);
        out.zeros(bytes);
        return out.toArray();
    }
}
