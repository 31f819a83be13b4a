package vivarium.properties.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetWatches2;
import org.junit.jupiter.api.Test;
import vivarium.core.txn.Operation;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.wire.ClientCodec;
import vivarium.wire.ClientFrame;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.TxnCodec;

/**
 * Whatever bytes come, a value or a {@link MalformedException} comes of them, and little memory.
 */
class HostileBytesTest {
    private static final int[] OPCODES = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 100, 101, 102, 103,
        104, 105, 106, 107, -11
    };

    private final ClientCodec client = new ClientCodec(2 << 20);
    private final TxnCodec txns = new TxnCodec(2 << 20);

    @Provide
    Arbitrary<Dice> dice() {
        return Dice.all();
    }

    private void feed(byte[] bytes) {
        try {
            client.frame(bytes, 0, bytes.length);
        } catch (MalformedException e) {
            assertTrue(e.reason().length() > 0);
        }
        try {
            client.connectRequest(bytes, 0, bytes.length);
        } catch (MalformedException e) {
            assertTrue(e.reason().length() > 0);
        }
        try {
            txns.read(bytes, 0, bytes.length);
        } catch (MalformedException e) {
            assertTrue(e.reason().length() > 0);
        }
    }

    @Property(tries = 5000)
    void randomBytesAreReadOrRefused(@ForAll("dice") Dice dice) {
        byte[] noise = dice.bytes();
        feed(noise);
        if (noise.length >= 8) {
            ByteBuffer.wrap(noise).putInt(4, OPCODES[dice.below(OPCODES.length)]);
            feed(noise);
        }
        if (noise.length >= 32) {
            ByteBuffer.wrap(noise).putInt(28, OPCODES[dice.below(OPCODES.length)]);
            feed(noise);
        }
    }

    @Property(tries = 5000)
    void goodFramesWithMistakesAreReadOrRefused(@ForAll("dice") Dice dice) {
        byte[] good = goodFrame(dice);
        byte[] bad = good.clone();
        for (int i = dice.below(4); i >= 0 && bad.length >= 4; i--) {
            int at = dice.below(bad.length - 3);
            if (dice.flag()) {
                bad[at] = (byte) dice.int32();
            } else {
                ByteBuffer.wrap(bad).putInt(at, dice.int32());
            }
        }
        feed(bad);
        feed(Arrays.copyOf(good, dice.below(good.length + 1)));
        feed(Arrays.copyOf(good, good.length + dice.below(9)));
    }

    private static byte[] goodFrame(Dice dice) {
        return switch (dice.below(5)) {
            case 0 ->
                    frame(
                            1,
                            new CreateRequest(
                                    dice.path(), dice.bytes(), dice.acl(), dice.below(7)));
            case 1 -> frame(7, new SetACLRequest(dice.path(), dice.acl(), dice.int32()));
            case 2 ->
                    frame(
                            105,
                            new SetWatches2(
                                    dice.int64(),
                                    dice.several(dice::path),
                                    dice.several(dice::path),
                                    dice.several(dice::path),
                                    dice.several(dice::path),
                                    dice.several(dice::path)));
            case 3 -> {
                MultiOperationRecord multi = new MultiOperationRecord();
                multi.add(Op.create(dice.path(), dice.bytes(), dice.acl(), dice.below(4)));
                multi.add(Op.delete(dice.path(), dice.int32()));
                yield frame(14, multi);
            }
            default -> {
                JuteWriter out = new JuteWriter(64);
                Txn part = new Txn.Delete(Jute.path(dice.path()), false);
                TxnCodec.write(
                        out, new Proposal(1, 2, 3, 4, new Txn.Multi(List.of(part)), true, 5));
                yield out.toArray();
            }
        };
    }

    private static byte[] frame(int opcode, Record body) {
        return Jute.bytes(new RequestHeader(1, opcode), body);
    }

    @Test
    void announcedMillionsAllocateNothing() throws MalformedException {
        byte[] frame = new byte[64];
        // setWatches with a vector of two thousand million paths, an access list as long, a
        // buffer of 2 GiB, and a multi with a part of any size.
        ByteBuffer.wrap(frame).putInt(4, 101).putInt(16, Integer.MAX_VALUE);
        assertIsRefusedCheaply(frame);
        ByteBuffer.wrap(frame).putInt(4, 7).putInt(8, 0).putInt(12, Integer.MAX_VALUE);
        assertIsRefusedCheaply(frame);
        ByteBuffer.wrap(frame).putInt(4, 5).putInt(8, 0).putInt(12, Integer.MAX_VALUE);
        assertIsRefusedCheaply(frame);
        ByteBuffer.wrap(frame).putInt(4, 5).putInt(8, Integer.MAX_VALUE);
        assertIsRefusedCheaply(frame);
    }

    /** Only -1 stands for nothing at all; Apache's server closes the connection on any other. */
    @Test
    void aNegativeLengthIsNone() throws MalformedException {
        for (int length : new int[] {-2, -100, Integer.MIN_VALUE}) {
            byte[] frame = new byte[24];
            // A setData with a buffer, and a read with a path, of that length.
            ByteBuffer.wrap(frame).putInt(4, 5).putInt(8, 0).putInt(12, length);
            assertIsMalformed(frame);
            ByteBuffer.wrap(frame).putInt(4, 3).putInt(8, length);
            assertIsMalformed(frame);
        }
    }

    private void assertIsMalformed(byte[] frame) throws MalformedException {
        ClientFrame.Request read = (ClientFrame.Request) client.frame(frame, 0, frame.length);
        assertTrue(isMalformed(read.operation()), () -> read.operation().toString());
    }

    private void assertIsRefusedCheaply(byte[] frame) throws MalformedException {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ClientFrame.Request request = null;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            request = (ClientFrame.Request) client.frame(frame, 0, frame.length);
        }
        long each = (threads.getCurrentThreadAllocatedBytes() - before) / 1000;
        assertTrue(request != null && isMalformed(request.operation()), "not refused");
        assertTrue(each < 2000, each + " bytes to refuse 64");
    }

    private static boolean isMalformed(Operation operation) {
        return operation instanceof Operation.MalformedRead
                || operation instanceof Operation.MalformedWrite;
    }
}
