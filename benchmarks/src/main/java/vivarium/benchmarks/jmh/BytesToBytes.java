package vivarium.benchmarks.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import vivarium.benchmarks.load.Requests;
import vivarium.core.Input;
import vivarium.core.txn.Outcome;
import vivarium.core.txn.Proposal;
import vivarium.core.watch.WatchEvent;
import vivarium.storage.LogSettings;
import vivarium.storage.TxnLog;
import vivarium.wire.ClientCodec;
import vivarium.wire.ClientFrame;
import vivarium.wire.JuteWriter;
import vivarium.wire.MalformedException;

/**
 * The whole way of a request through a server of one, but for the sockets and the disk: decoded,
 * stepped, logged, applied, and its reply encoded.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BytesToBytes {
    private static final int BATCH = 16;

    private final Wired wired = new Wired();
    private final LonePeer peer = new LonePeer(wired);
    private final ClientCodec codec = new ClientCodec(1 << 20);
    private final byte[][] gets = new byte[LonePeer.ZNODES][];
    private final byte[][] sets = new byte[LonePeer.ZNODES][];
    private int next;

    public BytesToBytes() {
        for (int i = 0; i < LonePeer.ZNODES; i++) {
            gets[i] = Requests.getData(peer.paths[i].toString());
            sets[i] = Requests.setData(peer.paths[i].toString(), new byte[100]);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int getData() throws MalformedException {
        wired.out.reset();
        for (int i = 0; i < BATCH; i++) {
            take(gets);
        }
        return wired.out.length();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int setData() throws MalformedException, IOException {
        wired.out.reset();
        for (int i = 0; i < BATCH; i++) {
            take(sets);
        }
        peer.step(new Input.Durable(wired.log.force()));
        return wired.out.length();
    }

    private void take(byte[][] frames) throws MalformedException {
        next = next + 1 == frames.length ? 0 : next + 1;
        byte[] bytes = frames[next];
        ClientFrame frame = codec.frame(bytes, Integer.BYTES, bytes.length - Integer.BYTES);
        if (!(frame instanceof ClientFrame.Request request)) {
            throw new MalformedException("no request");
        }
        peer.step(new Input.Request(LonePeer.CONNECTION, request.xid(), request.operation()));
    }

    /** Effects that end in bytes, as the server's do. */
    private static final class Wired extends QuietEffects {
        final JuteWriter out = new JuteWriter(1 << 16);
        final TxnLog log = new TxnLog(new ForgetfulDisk(), LogSettings.DEFAULT, 0);

        @Override
        public void append(Proposal proposal) {
            super.append(proposal);
            try {
                log.append(proposal);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void reply(long connection, int xid, long zxid, Outcome outcome) {
            super.reply(connection, xid, zxid, outcome);
            ClientCodec.reply(out, xid, zxid, outcome);
        }

        @Override
        public void notify(long connection, WatchEvent event) {
            super.notify(connection, event);
            ClientCodec.notification(out, event);
        }
    }
}
