package vivarium.benchmarks.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import vivarium.core.Bytes;
import vivarium.core.tree.Path;
import vivarium.core.txn.Proposal;
import vivarium.core.txn.Txn;
import vivarium.storage.LogSettings;
import vivarium.storage.TxnLog;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;
import vivarium.wire.TxnCodec;

/** The records of the log, and the log itself over a disk that takes no time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LogRecords {
    private static final int BATCH = 16;
    private static final long SESSION = 0x0100_0000_0000_0001L;

    private final Txn txn =
            new Txn.SetData(Path.of("/bench/000042"), Bytes.wrap(new byte[100]), 7, false);
    private final JuteWriter out = new JuteWriter(1 << 12);
    private final TxnCodec codec = new TxnCodec(1 << 20);
    private final byte[] record;
    private final TxnLog log = new TxnLog(new ForgetfulDisk(), LogSettings.DEFAULT, 1);
    private long zxid = 1;

    public LogRecords() {
        TxnCodec.write(out, proposal());
        record = out.toArray();
    }

    private Proposal proposal() {
        return new Proposal(++zxid, SESSION, 5, 1_700_000_000_000L, txn, true, zxid);
    }

    @Benchmark
    public int write() {
        out.reset();
        TxnCodec.write(out, proposal());
        return out.length();
    }

    /** As recovery does for each record. */
    @Benchmark
    public Proposal read() throws MalformedException {
        return codec.read(record, 0, record.length);
    }

    /** Sixteen records that are written and forced together, checksums included. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long appendInBatches() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            log.append(proposal());
        }
        return log.force();
    }
}
