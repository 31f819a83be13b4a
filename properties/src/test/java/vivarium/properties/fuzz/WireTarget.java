package vivarium.properties.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vivarium.core.Bytes;
import vivarium.core.txn.Proposal;
import vivarium.wire.ClientCodec;
import vivarium.wire.ElectionCodec;
import vivarium.wire.ElectionFrame;
import vivarium.wire.ElectionReader;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.QuorumReader;
import vivarium.wire.TxnCodec;

/**
 * Whatever bytes come over the network or from a log: a value comes of them or a {@link
 * MalformedException}, and what is written of a value is read as the same value.
 */
public final class WireTarget {
    private static final int MOST_BYTES = 1 << 20;

    /** What the first byte chooses between. */
    static final int KINDS = 8;

    private WireTarget() {}

    /** The name by which Jazzer looks for it. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(data, 1, data.length);
        try {
            read(Math.floorMod(data[0], KINDS), bytes);
        } catch (MalformedException e) {
            that(!e.reason().isEmpty(), "a refusal without a reason");
        }
    }

    private static void read(int kind, byte[] bytes) throws MalformedException {
        switch (kind) {
            case 0 -> new ClientCodec(MOST_BYTES).frame(bytes, 0, bytes.length);
            case 1 -> new ClientCodec(MOST_BYTES).connectRequest(bytes, 0, bytes.length);
            case 2 -> proposal(bytes);
            case 3 -> packets(QuorumReader.ofLeader(MOST_BYTES), bytes, bytes.length);
            case 4 -> packets(QuorumReader.ofLearner(MOST_BYTES), bytes, bytes.length);
            case 5 -> packets(QuorumReader.ofLearner(MOST_BYTES), bytes, 1);
            case 6 -> election(ElectionReader.ofCaller(), bytes);
            default -> election(ElectionReader.ofCalled(), bytes);
        }
    }

    private static void proposal(byte[] bytes) throws MalformedException {
        TxnCodec codec = new TxnCodec(MOST_BYTES);
        Proposal read = codec.read(bytes, 0, bytes.length);
        byte[] written = written(read);
        Proposal again = codec.read(written, 0, written.length);
        that(read.equals(again), read + " came back as " + again);
        that(Arrays.equals(written, written(again)), "two ways to write " + read);
    }

    private static byte[] written(Proposal proposal) {
        JuteWriter out = new JuteWriter(64);
        TxnCodec.write(out, proposal);
        return out.toArray();
    }

    private static void packets(QuorumReader reader, byte[] bytes, int step)
            throws MalformedException {
        for (int at = 0; at < bytes.length; at += step) {
            reader.read(bytes, at, Math.min(step, bytes.length - at), _ -> {});
            that(reader.held() <= MOST_BYTES + bytes.length, "it holds " + reader.held());
        }
    }

    private static void election(ElectionReader reader, byte[] bytes) throws MalformedException {
        List<ElectionFrame> heard = new ArrayList<>();
        reader.read(bytes, 0, bytes.length, heard::add);
        for (ElectionFrame frame : heard) {
            if (frame instanceof ElectionFrame.Told told) {
                again(told);
            }
        }
    }

    private static void again(ElectionFrame.Told told) throws MalformedException {
        JuteWriter out = new JuteWriter(64);
        ElectionCodec.greeting(out, ElectionCodec.GREETING_V1, 9, "h:1");
        Bytes config = Bytes.utf8("server.1=a:1:2:participant");
        ElectionCodec.notification(out, told.notification(), config);
        List<ElectionFrame> heard = new ArrayList<>();
        ElectionReader.ofCaller().read(out.toArray(), 0, out.length(), heard::add);
        that(
                heard.getLast() instanceof ElectionFrame.Told again
                        && again.notification().equals(told.notification()),
                told + " came back as " + heard);
    }

    private static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
