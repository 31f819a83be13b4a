package vivarium.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import vivarium.benchmarks.load.Requests;
import vivarium.core.Bytes;
import vivarium.core.tree.Path;
import vivarium.core.tree.Stat;
import vivarium.core.txn.Outcome;
import vivarium.core.watch.WatchEvent;
import vivarium.wire.ClientCodec;
import vivarium.wire.ClientFrame;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;

/** The frames of clients: from bytes to operations, and from outcomes to bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Frames {
    private static final int MAX_BYTES = 1 << 20;
    private static final String PATH = "/bench/000042";

    private final ClientCodec codec = new ClientCodec(MAX_BYTES);
    private final JuteWriter out = new JuteWriter(1 << 12);
    private final byte[] getData = Requests.getData(PATH);
    private final byte[] setData = Requests.setData(PATH, new byte[100]);
    private final byte[] create = Requests.create(PATH, new byte[100]);
    private final Stat stat = new Stat(1, 2, 3, 4, 5, 6, 7, 0, 100, 0, 1);
    private final Outcome data = new Outcome.Data(Bytes.wrap(new byte[100]), stat);
    private final Outcome statOf = new Outcome.StatOf(stat);
    private final WatchEvent event =
            new WatchEvent(WatchEvent.Type.DATA_CHANGED, Path.of(PATH), 77);

    @Benchmark
    public ClientFrame decodeGetData() throws MalformedException {
        return decode(getData);
    }

    @Benchmark
    public ClientFrame decodeSetData() throws MalformedException {
        return decode(setData);
    }

    @Benchmark
    public ClientFrame decodeCreate() throws MalformedException {
        return decode(create);
    }

    private ClientFrame decode(byte[] frame) throws MalformedException {
        return codec.frame(frame, Integer.BYTES, frame.length - Integer.BYTES);
    }

    @Benchmark
    public int encodeData() {
        out.reset();
        return ClientCodec.reply(out, 1, 2, data);
    }

    @Benchmark
    public int encodeStat() {
        out.reset();
        return ClientCodec.reply(out, 1, 2, statOf);
    }

    @Benchmark
    public int encodeNotification() {
        out.reset();
        return ClientCodec.notification(out, event);
    }
}
